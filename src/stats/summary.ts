/** Location and spread of small samples. */

/** Numbers need no comparison to be called for each pair of them, which takes most of the time of a sort. */
export function ascending(sample: readonly number[]): Float64Array {
  const sorted = new Float64Array(sample)
  sorted.sort()
  return sorted
}

/** The median; NaN for an empty sample. */
export function median(sample: readonly number[]): number {
  // Nothing to sort: many launches are as short as that.
  if (sample.length <= 2) return mean(sample)
  const sorted = ascending(sample)
  const middle = sorted.length >> 1
  const upper = sorted[middle] as number
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2
}

/** The arithmetic mean; NaN for an empty sample. */
export function mean(sample: readonly number[]): number {
  return sample.reduce((sum, value) => sum + value, 0) / sample.length
}

/** Sum of squared deviations from the mean. */
export function sumOfSquares(sample: readonly number[]): number {
  const centre = mean(sample)
  return sample.reduce((sum, value) => sum + (value - centre) ** 2, 0)
}
