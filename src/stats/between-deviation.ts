/** By how much true values differ when each is known with an error of its own. */

import type { MeanDifference } from './mean-difference.ts'
import { median } from './summary.ts'

/** The median of |z| of a standard normal z, Φ⁻¹(3/4). */
const medianOfNormal = 0.674_489_75
const steps = 60

/**
 * The standard deviation τ of the true differences around `centre`: that with which half of the observed ones are
 * closer to it than expected. As Paule and Mandel (1982) ask of the mean of the squared, standardized differences,
 * here asked of their median: what a few cells do, because they really changed, does not move it. Each difference is
 * measured by its own error, so that a few noisy ones do not hide what the precise ones show.
 */
export function betweenDeviation(differences: readonly MeanDifference[], centre: number): number {
  const isTooSmall = (variance: number): boolean =>
    median(
      differences.map(({ difference, standardError }) =>
        difference === centre ? 0 : Math.abs(difference - centre) / Math.sqrt(standardError ** 2 + variance),
      ),
    ) > medianOfNormal
  if (differences.length < 2 || !isTooSmall(0)) return 0
  let [low, high] = [1e-12, 1e3]
  for (let step = 0; step < steps; step++) {
    const middle = Math.sqrt(low * high)
    if (isTooSmall(middle)) low = middle
    else high = middle
  }
  return Math.sqrt(high)
}
