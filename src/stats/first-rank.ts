/** Whether what comes first is larger than what follows, over several short series. */

/**
 * One-sided probability that the first values of the series rank as high among their own series as they do, if the
 * order within a series means nothing. The rank of the first of n exchangeable values is uniform on 1 to n, so that
 * the sum's distribution is exact, whatever the values' is. Of equal values the first counts as the lower.
 */
export function firstRankProbability(series: readonly (readonly number[])[]): number {
  let sum = 0
  let shares = [1]
  for (const values of series) {
    const [first, ...others] = values
    if (first === undefined) continue
    sum += others.filter((other) => other < first).length
    const next = Array.from({ length: shares.length + others.length }, () => 0)
    for (const [total, share] of shares.entries())
      for (let rank = 0; rank < values.length; rank++)
        next[total + rank] = (next[total + rank] ?? 0) + share / values.length
    shares = next
  }
  return Math.min(
    1,
    shares.slice(sum).reduce((total, share) => total + share, 0),
  )
}
