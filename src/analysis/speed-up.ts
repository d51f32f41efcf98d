/** How many times as fast as the reference an arm was, and how sure that is. */

import { measuredCell } from './by-workload.ts'
import type { Arm, SizeResult } from './by-workload.ts'

export interface SpeedUp {
  /** Above 1: faster than the reference. */
  readonly ratio: number
  /** At the confidence of the run, of this pair alone; null with too few launches, or in a control. */
  readonly interval: readonly [number, number] | null
}

/** Null where one of the two was not measured. @param reference serial, or in a control the arm A. */
export function speedUpOf(at: SizeResult, arm: Arm, reference: Arm): SpeedUp | null {
  const [own, other] = [measuredCell(at, arm), measuredCell(at, reference)]
  if (own === undefined || other === undefined || own.medianMs === 0 || other.medianMs === 0) return null
  const { overSerial } = own
  if (overSerial === undefined || reference.name !== null)
    return { ratio: other.medianMs / own.medianMs, interval: null }
  const { ratio, interval } = overSerial
  return { ratio, interval: interval !== null && interval[0] > 0 ? interval : null }
}
