/** A container's CPU quota, and what it took during the run. */

import type { Environment } from '../../results/schema.ts'
import { formatDuration, formatList } from '../quantities.ts'
import type { Warning } from './warning.ts'

export function quotaWarnings({ cores, cpuQuotaCores, during }: Environment): readonly Warning[] {
  const { throttledPeriods = 0, quotaPeriods, throttledMs } = during ?? {}
  const limits = cpuQuotaCores !== null && cpuQuotaCores < cores
  if (!limits && throttledPeriods === 0) return []
  const throttled = `${throttledPeriods}${quotaPeriods === undefined ? '' : ` of ${quotaPeriods}`} periods${throttledMs === undefined ? '' : ` (${formatDuration(throttledMs)} in all)`}`
  const seen = [
    limits ? `a quota allows ${cpuQuotaCores} of ${cores} cores` : 'there is a CPU quota',
    ...(throttledPeriods === 0 ? [] : [`it stopped work in ${throttled}`]),
  ]
  return [
    {
      caution: 'quota',
      message: `${formatList(seen)}, so that work on more cores at once is throttled; lift the quota, or keep --max-workers within it`,
    },
  ]
}
