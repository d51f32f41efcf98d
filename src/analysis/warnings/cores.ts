/** Too few cores for what is compared. */

import type { Environment } from '../../results/schema.ts'
import type { Warning } from './warning.ts'

export function coresWarnings({ availableCores }: Environment): readonly Warning[] {
  if (availableCores >= 2) return []
  return [
    {
      caution: 'cores',
      message: `this process may use ${availableCores === 1 ? '1 core' : `${availableCores} cores`}, and with fewer than 2 no pool can speed up work that is bound by the CPU; give it more cores, or compare only work that waits`,
    },
  ]
}
