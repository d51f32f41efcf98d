/** How alike neighbours in a series are: launches that drift together say less than as many independent ones. */

import { mean, sumOfSquares } from './summary.ts'

/** Shorter series cannot tell a trend from chance. */
const leastLength = 6
/** Closer to 1 nothing could be concluded at all. */
const mostCorrelation = 0.9

/**
 * Correlation of neighbours, estimated over all the series together and corrected for their shortness (Kendall 1954,
 * Marriott and Pope 1954: the estimate from n observations falls short by about (1 + 4ρ)/n); between 0 and 0.9, and 0
 * if no series is long enough.
 */
export function lagOneCorrelation(series: readonly (readonly number[])[]): number {
  let numerator = 0
  let denominator = 0
  for (const values of series) {
    const squares = sumOfSquares(values)
    if (values.length < leastLength || squares === 0) continue
    const centre = mean(values)
    let products = 0
    for (let index = 1; index < values.length; index++)
      products += ((values[index] as number) - centre) * ((values[index - 1] as number) - centre)
    numerator += (products / squares) * values.length + 1
    denominator += values.length - 4
  }
  return denominator === 0 ? 0 : Math.min(mostCorrelation, Math.max(0, numerator / denominator))
}

/**
 * By how much the variance of a mean of n neighbours exceeds what their sample variance says, for a first-order
 * autoregression: the mean varies more (Anderson 1971, chapter 8) and the sample less. 1 without correlation.
 */
export function varianceInflation(correlation: number, n: number): number {
  let ofMean = 1
  for (let lag = 1; lag < n; lag++) ofMean += 2 * (1 - lag / n) * correlation ** lag
  return (ofMean * (n - 1)) / (n - ofMean)
}
