/** Where a curve through noisy points falls through zero, and how far off that may be. */

import { quantile, resampledMean } from '../stats/bootstrap.ts'
import type { Random } from '../stats/random.ts'
import { studentTQuantile } from '../stats/student-t.ts'
import { mean } from '../stats/summary.ts'

/** One size of a pair of arms. */
export interface CurvePoint {
  readonly size: number
  /** ln(makespan of the second arm / makespan of the first) by launch; positive where the first is faster. */
  readonly ratios: readonly number[]
}

export interface Crossing {
  readonly size: number
  /** Null ends are open: the crossing may lie beyond the points. Null where one launch cannot tell. */
  readonly interval: readonly [number | null, number | null] | null
}

const replicates = 1000
/** How much of the replicates an interval leaves out at each end. */
const tail = 0.025
/** What the quantile of a replicate is measured in: the normal one, as resampled means would have. */
const normalQuantile = 1.96
/**
 * Sizes further apart than this hide the shape of the curve between them: drawn straight over a decade it was up to
 * 1.5 times off in simulation, and the bootstrap does not know.
 */
const smoothRatio = 1.5

/** The falling curve nearest to the values: means of neighbours that rise (pool adjacent violators; Ayer et al. 1955). */
function falling(values: readonly number[]): number[] {
  const blocks: { sum: number; count: number }[] = []
  for (const value of values) {
    let block = { sum: value, count: 1 }
    for (let last = blocks.at(-1); last !== undefined; last = blocks.at(-1)) {
      if (last.sum / last.count >= block.sum / block.count) break
      blocks.pop()
      block = { sum: last.sum + block.sum, count: last.count + block.count }
    }
    blocks.push(block)
  }
  return blocks.flatMap(({ sum, count }) => Array.from({ length: count }, () => sum / count))
}

/**
 * Where a curve that begins above zero and ends below crosses it, linear between points. One that is above zero at
 * both ends crosses beyond them (Infinity), one that is below, before them (-Infinity); a rising one nowhere (NaN).
 * Where noise makes it cross several times, the stretch in question is smoothed to a falling curve first.
 */
export function crossingOf(xs: readonly number[], ys: readonly number[]): number {
  const beginsAbove = (ys[0] ?? 0) > 0
  const endsAbove = (ys.at(-1) ?? 0) > 0
  if (beginsAbove && endsAbove) return Number.POSITIVE_INFINITY
  if (!beginsAbove && !endsAbove) return Number.NEGATIVE_INFINITY
  if (!beginsAbove) return Number.NaN
  const first = ys.findIndex((y) => y <= 0) - 1
  const last = ys.findLastIndex((y) => y > 0) + 1
  const smooth = falling(ys.slice(first, last + 1))
  const after = smooth.findIndex((y) => y <= 0)
  const [above, below] = [smooth[after - 1] ?? 0, smooth[after] ?? 0]
  const [from, to] = [xs[first + after - 1] ?? 0, xs[first + after] ?? 0]
  return from + ((to - from) * above) / (above - below)
}

/** Without the digits that logarithms cost: a size that was measured comes back as it was. */
const sizeAt = (x: number): number => Number(Math.exp(x).toPrecision(12))

/**
 * Estimates where the second arm overtakes the first: log-log interpolation of the mean ratio, with a bootstrap over
 * the launches of each size. Its ends are moved away from the estimate by √(L/(L−1)) · t/1.96, since resampling L
 * launches shows too small a spread (Efron and Tibshirani 1993, §5.3), known from L − 1 degrees of freedom only; and
 * out to the neighbouring sizes where these are too far apart for the curve between them to be known.
 *
 * @param points ascending by size.
 * @returns null if the means do not fall through zero.
 */
export function estimateCrossing(points: readonly CurvePoint[], random: Random): Crossing | null {
  const xs = points.map(({ size }) => Math.log(size))
  const estimate = crossingOf(
    xs,
    points.map(({ ratios }) => mean(ratios)),
  )
  if (!Number.isFinite(estimate)) return null
  const size = sizeAt(estimate)
  const after = Math.max(
    1,
    xs.findIndex((x) => x >= estimate),
  )
  const neighbours = points.slice(after - 1, after + 1)
  const launches = Math.min(...neighbours.map(({ ratios }) => ratios.length))
  if (launches < 2) return { size, interval: null }

  // A replicate that rises says nothing of where.
  const crossings = Array.from({ length: replicates }, () =>
    crossingOf(
      xs,
      points.map(({ ratios }) => resampledMean(ratios, random)),
    ),
  ).filter((crossing) => !Number.isNaN(crossing))
  const stretch =
    (Math.sqrt(launches / (launches - 1)) * studentTQuantile(1 - tail, launches - 1)) / normalQuantile
  const low = estimate - stretch * (estimate - quantile(crossings, tail))
  const high = estimate + stretch * (quantile(crossings, 1 - tail) - estimate)
  const [below, above] = [xs[after - 1] ?? 0, xs[after] ?? 0]
  const isSmooth = above - below <= Math.log(smoothRatio)
  const [first, last] = [xs[0] ?? 0, xs.at(-1) ?? 0]
  const inRange = (x: number): number | null => (x < first || x > last ? null : sizeAt(x))
  return {
    size,
    interval: [
      inRange(isSmooth ? low : Math.min(low, below)),
      inRange(isSmooth ? high : Math.max(high, above)),
    ],
  }
}
