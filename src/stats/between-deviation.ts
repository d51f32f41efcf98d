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

/** The smallest deviation that is not too small. */
function smallestFrom(isTooSmall: (deviation: number) => boolean): number {
  if (!isTooSmall(0)) return 0
  let [low, high] = [1e-6, 1e2]
  for (let step = 0; step < steps; step++) {
    const middle = Math.sqrt(low * high)
    if (isTooSmall(middle)) low = middle
    else high = middle
  }
  return high
}

const varianceOf = ({ standardError, share }: Deviation, deviation: number): number =>
  standardError ** 2 + (share * deviation) ** 2

/**
 * The standard deviation τ of the true values: that with which the squared, standardized differences add up to one less
 * than there are, since their middle is told by them too (Paule and Mandel 1982). Each value is measured by its own error,
 * so that a few noisy ones do not hide what the precise ones show.
 */
export function betweenDeviation(values: readonly Deviation[]): number {
  if (values.length < 2) return 0
  return smallestFrom((deviation) => {
    // 0 / 0: a value without any error that is where it should be.
    const squares = values.map((value) =>
      value.difference === 0 ? 0 : value.difference ** 2 / varianceOf(value, deviation),
    )
    return squares.reduce((sum, square) => sum + square, 0) > values.length - 1
  })
}

/**
 * The same asked of the median: τ with which half of the differences are closer to zero than expected. What a few values
 * do, because they really changed, does not move it; but from few values it is known badly.
 */
export function robustBetweenDeviation(values: readonly Deviation[]): number {
  if (values.length < 2) return 0
  // Counted, not sorted: a file may have many thousands of cells.
  return smallestFrom((deviation) => {
    const far = values.filter(
      (value) => Math.abs(value.difference) > medianOfNormal * Math.sqrt(varianceOf(value, deviation)),
    )
    return 2 * far.length >= values.length
  })
}
