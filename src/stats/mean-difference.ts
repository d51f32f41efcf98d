/** The difference of two means whose samples spread differently, and how well it is known. */

import type { VariancePrior } from './moderated-variance.ts'

/** A sample's mean, and what is believed of the variance of its values. */
export interface KnownMean {
  readonly mean: number
  readonly count: number
  readonly spread: VariancePrior
}

export interface MeanDifference {
  /** The second mean less the first. */
  readonly difference: number
  readonly standardError: number
  /** Degrees of freedom of the standard error (Welch 1947; Satterthwaite 1946). */
  readonly freedom: number
}

export function meanDifference(first: KnownMean, second: KnownMean): MeanDifference {
  const [one, other] = [first, second].map(({ spread, count }) => spread.variance / count) as [number, number]
  const variance = one + other
  const freedom =
    variance === 0
      ? first.spread.freedom + second.spread.freedom
      : variance ** 2 / (one ** 2 / first.spread.freedom + other ** 2 / second.spread.freedom)
  return { difference: second.mean - first.mean, standardError: Math.sqrt(variance), freedom }
}
