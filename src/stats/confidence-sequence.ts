/** Half-widths of intervals that hold at every look at once, so that a race may be stopped when its answer is in. */

/**
 * Half-width of a normal-mixture confidence sequence for the mean of `n` observations of known variance, at error
 * `1 / threshold` (two-sided) over all n at once. `tuning` is the ratio of the observations' variance to the
 * mixture's: the radius is tightest near `n = tuning`, up to a logarithm.
 *
 * Robbins 1970; formula (14) of Howard, Ramdas, McAuliffe, Sekhon 2021, "Time-uniform, nonparametric,
 * nonasymptotic confidence sequences", for Gaussian observations: |S_n| < √(s²(n+φ)·ln((n+φ)/(φα²))).
 */
export function normalMixtureRadius(n: number, variance: number, threshold: number, tuning: number): number {
  return Math.sqrt(variance * (n + tuning) * Math.log(((n + tuning) / tuning) * threshold ** 2)) / n
}

/**
 * The same for unknown variance, from the centred sum of squares: infinite until n can bear the threshold.
 *
 * From the scale-invariant Gaussian mixture (Lai 1976; Wang, Ramdas 2024, "Anytime-valid t-tests and confidence
 * sequences for Gaussian means with unknown variance"): with τ = φ/(n+φ) the e-value of a mean m away is
 * √τ·(1 − (1−τ)·n·m²/(ss + n·m²))^(−n/2); setting it to the threshold and solving for m gives the radius below.
 */
export function tMixtureRadius(n: number, sumOfSquares: number, threshold: number, tuning: number): number {
  const shrinkage = tuning / (n + tuning)
  const growth = (threshold ** 2 / shrinkage) ** (1 / n)
  if (growth * shrinkage >= 1) return Number.POSITIVE_INFINITY
  return Math.sqrt(((sumOfSquares / n) * (growth - 1)) / (1 - growth * shrinkage))
}
