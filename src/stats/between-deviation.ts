/** By how much true values differ when each is known with an error of its own. */

/** A value that would be zero but for its own error, and for what values differ by. */
export interface Deviation {
  readonly difference: number
  readonly standardError: number
  /** How much it takes part in what values differ by: from 0, not at all, to 1. */
  readonly share: number
}

/** The median of |z| of a standard normal z, Φ⁻¹(3/4). */
const medianOfNormal = 0.674_489_75
/** Of a bisection over eight orders of magnitude, so many are exact to a millionth. */
const steps = 25

/**
 * The standard deviation τ of the true values: that with which half of the observed ones are closer to zero than
 * expected. As Paule and Mandel (1982) ask of the mean of the squared, standardized differences, here asked of their
 * median: what a few cells do, because they really changed, does not move it. Each value is measured by its own error,
 * so that a few noisy ones do not hide what the precise ones show.
 */
export function betweenDeviation(values: readonly Deviation[]): number {
  // Counted, not sorted: a file may have many thousands of cells.
  const isTooSmall = (deviation: number): boolean =>
    2 *
      values.filter(
        ({ difference, standardError, share }) =>
          Math.abs(difference) > medianOfNormal * Math.sqrt(standardError ** 2 + (share * deviation) ** 2),
      ).length >=
    values.length
  if (values.length < 2 || !isTooSmall(0)) return 0
  let [low, high] = [1e-6, 1e2]
  for (let step = 0; step < steps; step++) {
    const middle = Math.sqrt(low * high)
    if (isTooSmall(middle)) low = middle
    else high = middle
  }
  return high
}
