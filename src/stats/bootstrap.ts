/** The bootstrap: how far a statistic might have been off, from its own sample. */

import type { Random } from './random.ts'
import { ascending } from './summary.ts'

/** The mean of as many draws, with replacement, as the sample has members (Efron 1979). */
export function resampledMean(sample: readonly number[], random: Random): number {
  let sum = 0
  for (let draw = 0; draw < sample.length; draw++) sum += sample[Math.floor(random() * sample.length)] ?? 0
  return sum / sample.length
}

/**
 * The quantile of a sample, interpolated between its members (type 7 of Hyndman and Fan 1996); infinite members are
 * allowed and never averaged with others. NaN for an empty sample.
 * @param probability in [0, 1].
 */
export function quantile(sample: readonly number[], probability: number): number {
  const sorted = ascending(sample)
  const position = probability * (sorted.length - 1)
  const low = sorted[Math.floor(position)] ?? Number.NaN
  const high = sorted[Math.ceil(position)] ?? Number.NaN
  if (low === high) return low
  const share = position - Math.floor(position)
  if (Number.isFinite(low) && Number.isFinite(high)) return low + share * (high - low)
  return share < 0.5 ? low : high
}
