/** From values to places on a chart, and the round values that are worth a mark. */

import { formatDuration } from '../../analysis/quantities.ts'

/** A place in the units of the drawing. */
export interface Scale {
  (value: number): number
  readonly domain: readonly [number, number]
}

/**
 * Logarithmic. Both ends of the domain must be positive; values are kept within it; a domain of one value is put in the
 * middle.
 * @param room factor by which the domain is wider at both ends, as far as numbers go.
 */
export function logScale(
  given: readonly [number, number],
  range: readonly [number, number],
  room = 1,
): Scale {
  const [low, high] = [
    Math.max(given[0] / room, Number.MIN_VALUE),
    Math.min(given[1] * room, Number.MAX_VALUE),
  ]
  const [from, to] = range
  // Logarithms first: the ratio of a file's numbers may be none.
  const [start, length] = [Math.log(low), Math.log(high) - Math.log(low)]
  const place = (value: number): number =>
    length === 0
      ? (from + to) / 2
      : from + ((Math.log(Math.min(Math.max(value, low), high)) - start) / length) * (to - from)
  return Object.assign(place, { domain: [low, high] as const })
}

/** The smallest and largest of the positive, finite values; null if there is none. */
export function positiveExtent(values: readonly number[]): readonly [number, number] | null {
  let [low, high] = [Number.POSITIVE_INFINITY, 0]
  for (const value of values) {
    if (!(value > 0 && Number.isFinite(value))) continue
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  return high === 0 ? null : [low, high]
}

/** The steps within a decade, the coarsest first. */
const steps: readonly (readonly number[])[] = [[1], [1, 3], [1, 2, 5]]

/** Round values of a logarithmic domain, at most `most` of them: 1, 2 and 5 of each decade, or fewer, or some decades. */
export function logTicks([low, high]: readonly [number, number], most: number): readonly number[] {
  const first = Math.floor(Math.log10(low))
  const last = Math.floor(Math.log10(high) + 1e-9)
  const within = (multiples: readonly number[], every: number): number[] => {
    const ticks: number[] = []
    for (let decade = Math.ceil(first / every) * every; decade <= last; decade += every)
      for (const multiple of multiples) ticks.push(Number(`${multiple}e${decade}`))
    return ticks.filter(
      (tick) => tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9) && Number.isFinite(tick),
    )
  }
  for (const multiples of steps.toReversed()) {
    const ticks = within(multiples, 1)
    if (ticks.length <= most) return ticks
  }
  for (let every = 2; ; every++) {
    const ticks = within([1], every)
    if (ticks.length <= most) return ticks
  }
}

/** Round values from 0 to `high`, at most `most` of them. */
export function linearTicks(high: number, most: number): readonly number[] {
  if (!(high > 0 && Number.isFinite(high))) return [0]
  const decade = 10 ** Math.floor(Math.log10(high / most))
  const step = [1, 2, 5, 10].map((multiple) => multiple * decade).find((width) => high / width < most) ?? high
  return Array.from({ length: Math.floor(high / step + 1e-9) + 1 }, (_, index) =>
    Number((index * step).toPrecision(12)),
  )
}

/** A round duration without the digits that say how well one was measured. */
export function roundDuration(durationMs: number): string {
  return formatDuration(durationMs).replace(/\.0+(?= )|(?<=\.\d+)0+(?= )/u, '')
}

const suffixes = ['', 'k', 'M', 'G', 'T'] as const

/** A size short enough for an axis: `1k`, `2.5M`; beyond that with an exponent. */
export function shortSize(size: number): string {
  const group = Math.min(Math.floor(Math.log10(size) / 3 + 1e-9), suffixes.length - 1)
  if (group < 0 || size >= 1e15) return size.toExponential(0).replace('+', '')
  return `${Number((size / 1000 ** group).toPrecision(3))}${suffixes[group] ?? ''}`
}

/**
 * Moves labels apart: each as near to its wish as the others allow, in the order of the wishes, within the range.
 * @param wishes where each label would like to be.
 */
export function spreadApart(
  wishes: readonly number[],
  distance: number,
  [low, high]: readonly [number, number],
): readonly number[] {
  const order = wishes.map((_, index) => index).toSorted((a, b) => (wishes[a] ?? 0) - (wishes[b] ?? 0))
  const placed = wishes.map((wish) => Math.min(Math.max(wish, low), high))
  let floor = low
  for (const index of order) {
    placed[index] = Math.max(placed[index] ?? 0, floor)
    floor = (placed[index] ?? 0) + distance
  }
  let ceiling = high
  for (const index of order.toReversed()) {
    placed[index] = Math.min(placed[index] ?? 0, ceiling)
    ceiling = (placed[index] ?? 0) - distance
  }
  return placed
}
