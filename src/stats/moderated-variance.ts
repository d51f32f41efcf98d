/**
 * What many small samples say together about the variance of each: few launches cannot show their own spread, but the
 * run's other comparisons show how large spreads are here, and how much they differ.
 */

import { digamma, inverseTrigamma, trigamma } from './gamma-derivatives.ts'
import { mean, sumOfSquares } from './summary.ts'

/** A sample's sum of squared deviations, and its degrees of freedom. */
export interface Spread {
  readonly squares: number
  readonly freedom: number
}

/** What is believed of a variance before its sample is seen: as much as `freedom` observations would tell. */
export interface VariancePrior {
  readonly variance: number
  readonly freedom: number
}

/** Beyond this all variances are as good as equal. */
const mostFreedom = 200
/** A sample without any spread (a clock that ticks coarsely) still has a logarithm. */
const leastVariance = 1e-8

/**
 * The scaled inverse χ² distribution that variances of these samples come from (empirical Bayes), by matching the mean
 * and variance of their logarithms: Smyth 2004, "Linear models and empirical Bayes methods for assessing
 * differential expression", section 6.2. Variances that hardly differ give many degrees of freedom.
 * @param samples each with at least one degree of freedom, and at least two of them.
 */
export function variancePrior(samples: readonly Spread[]): VariancePrior {
  const logs = samples.map(
    ({ squares, freedom }) =>
      Math.log(Math.max(squares / freedom, leastVariance)) - digamma(freedom / 2) + Math.log(freedom / 2),
  )
  const centre = mean(logs)
  const expected = mean(samples.map(({ freedom }) => trigamma(freedom / 2)))
  const excess = sumOfSquares(logs) / (logs.length - 1) - expected
  const freedom = Math.min(mostFreedom, 2 * inverseTrigamma(excess))
  return { freedom, variance: Math.exp(centre + digamma(freedom / 2) - Math.log(freedom / 2)) }
}

/** The variance of a sample in the light of the prior, with the degrees of freedom of both (Smyth 2004, section 4). */
export function moderate({ squares, freedom }: Spread, prior: VariancePrior): VariancePrior {
  const total = prior.freedom + freedom
  return { variance: (prior.freedom * prior.variance + squares) / total, freedom: total }
}
