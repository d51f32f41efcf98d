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
  /** Degrees of freedom of the standard error. */
  readonly freedom: number
}

/** Degrees of freedom of a sum of variances, each known with its own (Welch 1947; Satterthwaite 1946). */
export function jointFreedom(parts: readonly (readonly [variance: number, freedom: number])[]): number {
  const variance = parts.reduce((sum, [part]) => sum + part, 0)
  if (variance === 0) return parts.reduce((sum, [, freedom]) => sum + freedom, 0)
  return variance ** 2 / parts.reduce((sum, [part, freedom]) => sum + part ** 2 / freedom, 0)
}

export function meanDifference(first: KnownMean, second: KnownMean): MeanDifference {
  const [one, other] = [first, second].map(({ spread, count }) => spread.variance / count) as [number, number]
  return {
    difference: second.mean - first.mean,
    standardError: Math.sqrt(one + other),
    freedom: jointFreedom([
      [one, first.spread.freedom],
      [other, second.spread.freedom],
    ]),
  }
}
