/**
 * Takes out of a cell's launches how fast the machine was in each of them, which the yardstick beside them tells: by
 * that, launches of one day differ from each other, and one day from the next.
 *
 * A cell follows the machine as far as it computes; how far exactly its launches show. That is a regression of the
 * launches on the yardstick (both as logarithms, and within each day, so that what the code changed has no part in it)
 * with a normal prior around the share that the cell computes: analysis of covariance (Fisher 1932), as a control variate.
 */

import { mean } from '../../stats/summary.ts'
import type { Launch } from './launches.ts'

export interface AtOneSpeed {
  /** Logarithms of launches as they would have been at the mean speed of the baseline. */
  readonly baseline: readonly number[]
  readonly candidate: readonly number[]
  /** Standard error that the difference of the two days has because it is not known how far the cell follows. */
  readonly standardError: number
}

/**
 * Standard deviation, as a part of the share that a cell computes, of how far it follows the yardstick beyond that share:
 * what a neighbour takes is more of a core's memory than of its units for one, and the other way round for another. In 8
 * results of 14 cells they followed 0.35 to 1.4 times their share.
 */
const slopeSpread = 0.5

/** Standard deviation of what a launch's yardstick says beyond the speed of the machine: it was read a moment apart. */
const misread = 0.02

interface Point {
  readonly x: number
  readonly y: number
}

/** Null unless each launch has a yardstick. */
function pointsOf(launches: readonly Launch[]): Point[] | null {
  const points = launches.flatMap(({ log, yardstick }) =>
    yardstick === null ? [] : [{ x: yardstick, y: log }],
  )
  return points.length === launches.length && points.length > 0 ? points : null
}

const sumOver = (points: readonly Point[], of: (point: Point) => number): number =>
  points.reduce((sum, point) => sum + of(point), 0)

/** The same, as differences from the means of their day. */
function centred(points: readonly Point[]): Point[] {
  const [x, y] = [mean(points.map((point) => point.x)), mean(points.map((point) => point.y))]
  return points.map((point) => ({ x: point.x - x, y: point.y - y }))
}

/** How many per cent a cell becomes longer where the yardstick does by one, and the variance of that. */
function slopeOf(days: readonly (readonly Point[])[], presumed: number): { slope: number; variance: number } {
  const points = days.flatMap(centred)
  const freedom = points.length - days.length
  const presumedVariance = (presumed * slopeSpread) ** 2
  const squares = sumOver(points, ({ x }) => x * x)
  // What is misread no cell follows: a steady machine shows nothing.
  const telling = squares - freedom * misread ** 2
  if (freedom <= 0 || telling <= 0 || presumedVariance === 0)
    return { slope: presumed, variance: presumedVariance }
  const shown = sumOver(points, ({ x, y }) => x * y) / squares
  const noise = sumOver(points, ({ x, y }) => (y - presumed * x) ** 2) / freedom
  const precision = telling + noise / presumedVariance
  return { slope: presumed + (telling / precision) * (shown - presumed), variance: noise / precision }
}

/** @param computing share of its time that the cell computes. */
export function atOneSpeed(
  baseline: readonly Launch[],
  candidate: readonly Launch[],
  computing: number,
): AtOneSpeed {
  const [before, after] = [pointsOf(baseline), pointsOf(candidate)]
  if (before === null || after === null)
    return {
      baseline: baseline.map(({ log }) => log),
      candidate: candidate.map(({ log }) => log),
      standardError: 0,
    }
  const { slope, variance } = slopeOf([before, after], computing)
  const usual = mean(before.map(({ x }) => x))
  const standardised = ({ x, y }: Point): number => y - slope * (x - usual)
  return {
    baseline: before.map(standardised),
    candidate: after.map(standardised),
    standardError: Math.abs(mean(after.map(({ x }) => x)) - usual) * Math.sqrt(variance),
  }
}
