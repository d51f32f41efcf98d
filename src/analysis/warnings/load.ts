/** A machine that is busy with something else: before the run, and during it. */

import type { Environment } from '../../results/schema.ts'
import { formatCount, formatList, formatPercent } from '../quantities.ts'
import type { Warning } from './warning.ts'

/** Share of the cores that was asked for before it is worth a word. */
const tolerableLoad = 0.5
/** Share of the machine's CPU time that others may use during a run: an idle system needs 1 to 3 %. */
const tolerableUse = 0.1
/** Share of the CPU time that a hypervisor may keep for itself. */
const tolerableSteal = 0.02

export function loadWarnings({ cores, loadAverage, during = {} }: Environment): readonly Warning[] {
  const { otherCpuShare, stealShare = 0, cpuPressureShare } = during
  const isUsed = otherCpuShare !== undefined && otherCpuShare > tolerableUse
  const load = loadAverage?.[0] ?? 0
  // Of itself a run waits for cores too: it is worth telling only where others are known to be at work.
  const waits =
    cpuPressureShare === undefined || cpuPressureShare < 0.01
      ? ''
      : ` (something waited for a core ${formatPercent(cpuPressureShare)} of the time)`
  const seen = [
    ...(isUsed
      ? [
          `other programs used ${formatPercent(otherCpuShare)} of ${cores === 1 ? 'its core' : `its ${cores} cores`}${waits}`,
        ]
      : []),
    ...(stealShare > tolerableSteal
      ? [`the hypervisor took ${formatPercent(stealShare)} of the CPU time`]
      : []),
    // What was seen since counts for more: the average still has the build that ended a minute ago.
    ...(load > cores * tolerableLoad && (isUsed || otherCpuShare === undefined)
      ? [`the load average beforehand was ${load.toFixed(1)} on ${formatCount(cores, 'core')}`]
      : []),
  ]
  if (seen.length === 0) return []
  return [
    {
      caution: 'load',
      message: `the machine was busy: ${formatList(seen)}; close other programs, or trust ratios rather than times`,
    },
  ]
}
