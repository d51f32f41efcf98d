/** By how much true values differ when each is known with an error of its own. */

/** A value that would be zero but for its own error, and for what values differ by. */
export interface Deviation {
  readonly difference: number
  readonly standardError: number
  /** How much it takes part in what values differ by: from 0, not at all, to 1. */
  readonly share: number
}

/** A squared, standardized difference counts as no more than this, so that a few that really changed do not matter. */
const mostSquare = 1.5 ** 2
/** The mean of min(z², 1.5²) of a standard normal z. */
const expectedSquare = 0.778_465_2
/** Of a bisection over eight orders of magnitude, so many are exact to a millionth. */
const steps = 25

/**
 * The standard deviation τ of the true values: that with which the squared, standardized differences are on average as
 * large as expected (Paule and Mandel 1982), each winsorized as in Huber's proposal 2 (1964): what a few cells do,
 * because they really changed, moves it little, and it is known better than by a median. Each value is measured by its
 * own error, so that a few noisy ones do not hide what the precise ones show.
 */
export function betweenDeviation(values: readonly Deviation[]): number {
  const isTooSmall = (deviation: number): boolean =>
    values.reduce((sum, { difference, standardError, share }) => {
      const square = difference ** 2 / (standardError ** 2 + (share * deviation) ** 2)
      // 0 / 0: a value without any error that is where it should be.
      return sum + (difference === 0 ? 0 : Math.min(mostSquare, square))
    }, 0) >
    values.length * expectedSquare
  if (values.length < 2 || !isTooSmall(0)) return 0
  let [low, high] = [1e-6, 1e2]
  for (let step = 0; step < steps; step++) {
    const middle = Math.sqrt(low * high)
    if (isTooSmall(middle)) low = middle
    else high = middle
  }
  return high
}
