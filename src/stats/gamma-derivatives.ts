/** The first derivatives of ln Γ, which the spread of a variance is told by. */

/** From here on the asymptotic series are exact to double precision. */
const asymptoticFrom = 15

/** ψ(x) = d ln Γ(x) / dx for x > 0 (Abramowitz and Stegun 1964, 6.3.5 and 6.3.18). */
export function digamma(x: number): number {
  let shift = 0
  let at = x
  for (; at < asymptoticFrom; at++) shift -= 1 / at
  const square = 1 / (at * at)
  const series =
    square * (1 / 12 - square * (1 / 120 - square * (1 / 252 - square * (1 / 240 - square / 132))))
  return shift + Math.log(at) - 0.5 / at - series
}

/** ψ′(x) for x > 0 (Abramowitz and Stegun 1964, 6.4.6 and 6.4.12). */
export function trigamma(x: number): number {
  let shift = 0
  let at = x
  for (; at < asymptoticFrom; at++) shift += 1 / (at * at)
  const inverse = 1 / at
  const square = inverse * inverse
  const series =
    square * (1 / 6 - square * (1 / 30 - square * (1 / 42 - square * (1 / 30 - (square * 5) / 66))))
  return shift + inverse * (1 + inverse / 2 + series)
}

/** The x > 0 with ψ′(x) = `value`, by Newton's method as in the appendix of Smyth 2004; infinite for `value` ≤ 0. */
export function inverseTrigamma(value: number): number {
  if (value <= 0) return Number.POSITIVE_INFINITY
  // ψ′ is convex and falling, so that 1/ψ′ is nearly straight, and Newton's steps on it come from one side.
  let x = 0.5 + 1 / value
  for (let step = 0; step < 50; step++) {
    const at = trigamma(x)
    const change = (at * (1 - at / value)) / tetragamma(x)
    x += change
    if (-change / x < 1e-10) break
  }
  return x
}

/** ψ″(x) for x > 0 (Abramowitz and Stegun 1964, 6.4.6 and 6.4.13). */
function tetragamma(x: number): number {
  let shift = 0
  let at = x
  for (; at < asymptoticFrom; at++) shift -= 2 / at ** 3
  const square = 1 / (at * at)
  return shift - square - square / at - square * square * (0.5 - square * (1 / 6 - square * (1 / 6)))
}
