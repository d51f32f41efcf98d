/** Finds launches that belong to a second, slower group: a launch that is slow throughout, now and then. */

import type { Random } from './random.ts'
import { shuffled } from './random.ts'

/** The measurements of one cell. */
export interface CellLogs {
  /** Cells with the same pool share their launches: launch k of each was the same life of the same pool. */
  readonly pool: string
  /** Natural logarithms of makespans, by launch. */
  readonly launches: readonly (readonly number[])[]
}

export interface SlowLaunch {
  /** Index of the cell. */
  readonly cell: number
  /** Index of the launch in the cell. */
  readonly launch: number
  /** How much longer than the cell's usual launch, as a logarithm. */
  readonly excess: number
}

/** Fewer launches of a cell cannot tell which of them is the usual one. */
const leastLaunches = 3
/** No launch counts for more than this many standard deviations: one wild launch is not a group. */
const mostDeviations = 4
/** Standard errors that the skewness of the launches must reach, were they normal. */
const leastSkewness = 4
/** With none of so many shuffles as skewed as what was seen, agreement by chance has a probability of 1 %. */
const shuffles = 99
/** A launch is named as slow from so many deviations, and so large an excess, on. */
const namedFrom = { deviations: 2.5, excess: Math.log(1.08) }
/** Spread below which nothing matters, as a logarithm. */
const leastSpread = 0.005

function quantile(sample: readonly number[], share: number): number {
  const sorted = Float64Array.from(sample).toSorted()
  return sorted[Math.floor((sorted.length - 1) * share)] as number
}

function middle(sample: readonly number[]): number {
  const sorted = Float64Array.from(sample).toSorted()
  const half = sorted.length >> 1
  const upper = sorted[half] as number
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] as number) + upper) / 2
}

/** How far each launch of each cell is from the cell's usual one: as a logarithm, and in standard deviations. */
interface Offsets {
  readonly excess: readonly (readonly number[])[]
  readonly deviations: readonly (readonly number[])[]
}

function offsetsOf(cells: readonly CellLogs[]): Offsets {
  // The lower quartile: a launch is slow only if nearly all of its measurements are.
  const excess = cells.map(({ launches }) => {
    const lows = launches.map((launch) => quantile(launch, 0.25))
    const usual = middle(lows)
    return lows.map((low) => low - usual)
  })
  // The lower third of the distances, scaled for a normal distribution: slow launches must not hide themselves.
  const distances = excess.flatMap((ofCell) => withoutCentre(ofCell).map(Math.abs))
  const common = Math.max(quantile(distances, 0.33) / 0.4261, leastSpread)
  const deviations = cells.map(({ launches }, index) => {
    // A cell noisier than the others shows it within its launches.
    const scale = Math.max(common, errorWithin(launches))
    return (excess[index] ?? []).map((offset) =>
      Math.max(-mostDeviations, Math.min(mostDeviations, offset / scale)),
    )
  })
  return { excess, deviations }
}

/** Of an odd number of launches one is the centre itself, and tells nothing. */
function withoutCentre(offsets: readonly number[]): readonly number[] {
  const centre = offsets.length % 2 === 1 ? offsets.indexOf(0) : -1
  return centre === -1 ? offsets : offsets.toSpliced(centre, 1)
}

/** Standard error of a launch's median, from the distances of measurements to their own launch's median. */
function errorWithin(launches: readonly (readonly number[])[]): number {
  const distances = launches.flatMap((launch) => {
    if (launch.length < 2) return []
    const centre = middle(launch)
    return launch.map((value) => Math.abs(value - centre) * Math.sqrt(launch.length / (launch.length - 1)))
  })
  if (distances.length === 0) return 0
  return (1.4826 * middle(distances) * 1.2533) / Math.sqrt(middle(launches.map(({ length }) => length)))
}

/** Third moment in standard errors of a normal distribution: the larger of cells alone, and of cells by pool. */
function skewness(cells: readonly CellLogs[], { deviations }: Offsets): number {
  const alone = deviations.flatMap(withoutCentre)
  const sums = new Map<string, { sum: number; count: number }>()
  for (const [index, { pool }] of cells.entries())
    for (const [launch, deviation] of (deviations[index] ?? []).entries()) {
      const key = `${launch} ${pool}`
      const { sum, count } = sums.get(key) ?? { sum: 0, count: 0 }
      sums.set(key, { sum: sum + deviation, count: count + 1 })
    }
  const byPool = [...sums.values()].map(({ sum, count }) =>
    Math.max(-mostDeviations, Math.min(mostDeviations, sum / Math.sqrt(count))),
  )
  // The variance of a standard normal's cube is 15.
  return Math.max(
    ...[alone, byPool].map(
      (sample) => sample.reduce((sum, value) => sum + value ** 3, 0) / Math.sqrt(15 * sample.length),
    ),
  )
}

/** The cell with its measurements dealt anew to launches of the same lengths. */
function dealtAnew(cell: CellLogs, random: Random): CellLogs {
  const values = shuffled(cell.launches.flat(), random)
  let at = 0
  return { ...cell, launches: cell.launches.map(({ length }) => values.slice(at, (at += length))) }
}

/**
 * The launches of a slower group, pooled over all cells of a run, or none if there is no such group.
 *
 * Two things have to come together. Launches lie further to the slow side than to the fast one, by four standard
 * errors of the skewness of a normal sample: a pool that is a little off in either direction, each time anew, is not
 * two groups. And measurements of a launch agree with each other: within each cell they are shuffled over its
 * launches, and none of 99 shuffles may be as skewed. If launches do not matter, measurements are exchangeable, so that
 * this errs in 1 % of runs whatever their distribution is: outliers and heavy tails of single measurements move in
 * the shuffles as in what was seen (a Monte Carlo permutation test: Dwass 1957; Phipson, Smyth 2010).
 *
 * Simulated, 18 to 24 cells, 300 runs for each false rate and 100 for each power (the test holds a part of it). Found
 * though there is no such group: at most 1.7 % of runs, at every number of launches (3, 5, 10, 20) and measurements a
 * launch (3, 5, 10), under 5 % and 15 % iid noise, log-normal delays, 5 % outliers of single measurements, and launches
 * that are each off by 10 %. Found where at least two pools' lives of a run were 25 % slower, each with a probability of
 * 5 to 20 %, at 5 % noise, by launches × measurements a launch:
 *
 * | slow together      | 3 × 3   | 3 × 5   | 3 × 10   | 5 × 5   | 10 × 3   | 20 × 3   |
 * | ------------------ | ------- | ------- | -------- | ------- | -------- | -------- |
 * | each cell alone    | 45–73 % | 72–86 % | 84–90 %  | 87–97 % | 90–100 % | 100 %    |
 * | sizes of a pool    | 66–92 % | 69–98 % | 87–99 %  | 86–99 % | 82–99 %  | 97–100 % |
 * | all cells          | 53–57 % | 89–90 % | 100 %    | 90–97 % | 99–100 % | 100 %    |
 *
 * At 15 % noise 25 % hides: 2–70 % are found with 3 launches, 26–75 % with 5, 48–99 % with 20 where the sizes of a pool
 * are slow together. With one measurement a launch nothing can be told of a cell alone. All launches of an arm being
 * slow, or a single slow life, cannot be told from luck.
 */
export function findSlowLaunches(cells: readonly CellLogs[], random: Random): readonly SlowLaunch[] {
  const indexes = [...cells.keys()].filter((index) => (cells[index]?.launches.length ?? 0) >= leastLaunches)
  const used = indexes.flatMap((index) => cells[index] ?? [])
  if (used.length === 0) return []
  const offsets = offsetsOf(used)
  const seen = skewness(used, offsets)
  if (seen < leastSkewness) return []
  for (let shuffle = 0; shuffle < shuffles; shuffle++) {
    const dealt = used.map((cell) => dealtAnew(cell, random))
    if (skewness(dealt, offsetsOf(dealt)) >= seen) return []
  }
  return indexes.flatMap((cell, at) =>
    (offsets.excess[at] ?? []).flatMap((excess, launch) =>
      excess >= namedFrom.excess && (offsets.deviations[at]?.[launch] ?? 0) >= namedFrom.deviations
        ? [{ cell, launch, excess }]
        : [],
    ),
  )
}
