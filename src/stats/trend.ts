/** Whether a short series goes up or down. */

/** What Mann and Kendall's test says of a series. */
export interface Trend {
  /** Two-sided probability of so clear an order if there is none; exact without ties. */
  readonly probability: number
  /** Median slope per step (Theil 1950, Sen 1968), in the series' unit; 0 for fewer than two values. */
  readonly slope: number
}

/** How many orders of n values have each number of inversions (Mahonian numbers), as shares of all orders. */
function inversionShares(n: number): number[] {
  let shares = [1]
  for (let length = 2; length <= n; length++) {
    const longer = Array.from({ length: (length * (length - 1)) / 2 + 1 }, () => 0)
    for (const [inversions, share] of shares.entries())
      for (let more = 0; more < length; more++)
        longer[inversions + more] = (longer[inversions + more] ?? 0) + share / length
    shares = longer
  }
  return shares
}

/**
 * Mann 1945, Kendall 1938: S counts pairs in ascending order less those in descending order. Its exact distribution
 * is that of the inversions of a random order; meant for up to some hundred values. A tie counts for neither side,
 * which makes the probability too large rather than too small.
 */
export function trendOf(series: readonly number[]): Trend {
  const slopes: number[] = []
  let score = 0
  series.forEach((early, i) => {
    series.slice(i + 1).forEach((late, distance) => {
      score += Math.sign(late - early)
      slopes.push((late - early) / (distance + 1))
    })
  })
  if (slopes.length === 0) return { probability: 1, slope: 0 }
  // S = pairs − 2 · inversions; both tails.
  const inversions = (slopes.length - Math.abs(score)) / 2
  const tail = inversionShares(series.length)
    .filter((_, count) => count <= inversions)
    .reduce((sum, share) => sum + share, 0)
  const sorted = slopes.toSorted((a, b) => a - b)
  const half = sorted.length >> 1
  const upper = sorted[half] ?? 0
  return {
    probability: Math.min(1, 2 * tail),
    slope: sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? 0) + upper) / 2,
  }
}
