/** A CPU that changes its speed while it is measured. */

import type { Environment } from '../../results/schema.ts'
import { formatList } from '../quantities.ts'
import type { Warning } from './warning.ts'

export function frequencyWarnings({ governors = [], turbo }: Environment): readonly Warning[] {
  const scaling = governors.filter((governor) => governor !== 'performance')
  const seen = [
    ...(scaling.length === 0 ? [] : [`the frequency governor is ${formatList(scaling)}`]),
    ...(turbo === true ? ['turbo is on'] : []),
  ]
  if (seen.length === 0) return []
  const remedies = [
    ...(scaling.length === 0
      ? []
      : ['set the governor "performance" (cpupower frequency-set -g performance)']),
    ...(turbo === true ? ['switch turbo (boost) off'] : []),
  ]
  return [
    {
      caution: 'frequency',
      message: `${formatList(seen)}, so that the CPU's speed depends on how many cores are busy and how warm they are; ${formatList(remedies)} while measuring, or keep to ratios`,
    },
  ]
}
