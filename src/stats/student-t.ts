/** Quantiles of Student's t distribution, for intervals from few launches. */

/** The continued fraction of the incomplete beta function has converged when a step changes it by less. */
const precision = 1e-16
const tiny = 1e-300

/**
 * ln(Γ(a + ½) / Γ(a)): its asymptotic series (DLMF 5.11.13) where `a` is large, and upwards to there by
 * Γ(a + 1) = a·Γ(a). A difference of two log-gammas would lose the digits that both share.
 */
function logGammaRatio(a: number): number {
  let correction = 0
  let large = a
  for (; large < 30; large++) correction += Math.log1p(0.5 / large)
  const inverse = 1 / large
  const square = inverse ** 2
  const series = inverse * (-1 / 8 + square * (1 / 192 + square * (-1 / 640 + (square * 17) / 14_336)))
  return Math.log(large) / 2 + series - correction
}

/** Lentz's way around a division by zero. */
const away = (value: number): number => (Math.abs(value) < tiny ? tiny : value)

/** The continued fraction of I_x(a, b), DLMF 8.17.22, by Lentz's method; converges fast for x < (a+1)/(a+b+2). */
function betaFraction(x: number, a: number, b: number): number {
  let c = 1
  let d = 1 / away(1 - ((a + b) * x) / (a + 1))
  let fraction = d
  for (let m = 1; m <= 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / away(1 + even * d)
    c = away(1 + even / c)
    fraction *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / away(1 + odd * d)
    c = away(1 + odd / c)
    fraction *= d * c
    if (Math.abs(d * c - 1) < precision) break
  }
  return fraction
}

/** Both tails and the middle of |T| > t, each computed where it is small, so that neither loses digits. */
function twoSided(t: number, freedom: number): { readonly tails: number; readonly middle: number } {
  const a = freedom / 2
  const x = freedom / (freedom + t * t)
  const rest = (t * t) / (freedom + t * t)
  // x^a · (1 − x)^½ / B(a, ½), with B(a, ½) = Γ(a)·√π / Γ(a + ½).
  const front =
    Math.exp(-a * Math.log1p((t * t) / freedom) + Math.log(rest) / 2 + logGammaRatio(a)) / Math.sqrt(Math.PI)
  if (x < (a + 1) / (a + 2.5)) {
    const tails = (front * betaFraction(x, a, 0.5)) / a
    return { tails, middle: 1 - tails }
  }
  const middle = (front * betaFraction(rest, 0.5, a)) / 0.5
  return { tails: 1 - middle, middle }
}

/**
 * The t below which a share `probability` of Student's distribution lies.
 *
 * From P(|T| > t) = I_x(ν/2, ½), x = ν/(ν + t²) (Abramowitz & Stegun 26.7.1; DLMF 8.17), solved by bisection of
 * ln t: slow and sure, and asked for a few times a run.
 * @param probability in (0, 1).
 * @param freedom degrees of freedom, positive; need not be whole.
 */
export function studentTQuantile(probability: number, freedom: number): number {
  if (!(probability > 0 && probability < 1 && freedom > 0)) return Number.NaN
  if (probability === 0.5) return 0
  const tails = 2 * Math.min(probability, 1 - probability)
  const middle = Math.abs(2 * probability - 1)
  const isBeyond = (t: number): boolean => {
    const at = twoSided(t, freedom)
    return middle < 0.5 ? at.middle > middle : at.tails < tails
  }
  let low = Math.log(1e-17)
  let high = Math.log(1e17)
  for (let step = 0; step < 70; step++) {
    const centre = (low + high) / 2
    if (isBeyond(Math.exp(centre))) high = centre
    else low = centre
  }
  return Math.sign(probability - 0.5) * Math.exp((low + high) / 2)
}
