/** Half-widths of intervals that hold at every look at once, so that a race may be stopped when its answer is in. */

/**
 * Half-width of a confidence sequence for the mean of `n` Gaussian observations, at error `1 / threshold` (two-sided)
 * over all n at once. `tuning` is the ratio of the observations' variance to the mixture's: small values are tight
 * at few observations. Infinite while n cannot bear the threshold.
 *
 * From the scale-invariant mixture (Lai 1976; Wang, Ramdas 2024, "Anytime-valid t-tests and confidence sequences for
 * Gaussian means with unknown variance"): with τ = φ/(n+φ) and ν degrees of freedom the e-value of a mean m away is
 * √τ·((1 + n·m²/(ν·s²)) / (1 + τ·n·m²/(ν·s²)))^((ν+1)/2); setting it to the threshold and solving for m gives the
 * radius below. With ν = n − 1 it is their sequence; a prior on the variance (inverse χ²) adds its degrees of
 * freedom to ν, and the statement then holds on average over that prior. As ν grows it becomes formula (14) of
 * Howard, Ramdas, McAuliffe, Sekhon 2021 for a known variance: √(s²(n+φ)·ln((n+φ)/φ·threshold²))/n.
 * @param variance of one observation.
 * @param freedom degrees of freedom behind `variance`.
 */
export function mixtureRadius(
  n: number,
  { variance, freedom }: { readonly variance: number; readonly freedom: number },
  threshold: number,
  tuning: number,
): number {
  const shrinkage = tuning / (n + tuning)
  const growth = (threshold ** 2 / shrinkage) ** (1 / (freedom + 1))
  if (growth * shrinkage >= 1) return Number.POSITIVE_INFINITY
  return Math.sqrt(((freedom * variance) / n) * ((growth - 1) / (1 - growth * shrinkage)))
}
