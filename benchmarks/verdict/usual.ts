/** The usual way to name a winner: so many iterations, the smallest median, and Welch's t-test against each other. */

import { median } from '#dist/stats/summary.js'

export interface Ranking {
  /** The fastest, and all that the test cannot tell from it; one alone is called the winner. */
  readonly leaders: readonly string[]
  /** How much longer the second took than the first, by medians. */
  readonly lead: number
}

/** Two-sided at 5 % for 63 degrees of freedom, which 64 samples a side have at the least. */
const criticalT = 1.9983

/** Welch 1947: the difference of the means over its standard error, variances taken apart. */
function welchT(first: readonly number[], second: readonly number[]): number {
  const [one, other] = [first, second].map((sample) => {
    const mean = sample.reduce((sum, value) => sum + value, 0) / sample.length
    const squares = sample.reduce((sum, value) => sum + (value - mean) ** 2, 0)
    return { mean, squaredError: squares / (sample.length - 1) / sample.length }
  })
  if (one === undefined || other === undefined) return NaN
  return (other.mean - one.mean) / Math.sqrt(one.squaredError + other.squaredError)
}

/** @param samples 64 makespans of each executor. */
export function rankUsually(samples: ReadonlyMap<string, readonly number[]>): Ranking {
  const ranked = [...samples]
    .map(([executor, sample]) => ({ executor, sample, median: median(sample) }))
    .toSorted((a, b) => a.median - b.median)
  const [first, second] = ranked
  if (first === undefined) return { leaders: [], lead: 0 }
  const leaders = ranked.filter(
    ({ sample }) => sample === first.sample || !(welchT(first.sample, sample) > criticalT),
  )
  return {
    leaders: leaders.map(({ executor }) => executor),
    lead: second === undefined ? 0 : second.median / first.median - 1,
  }
}
