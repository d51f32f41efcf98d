/** How one cell is judged, given what the days are believed to differ by. */

import { jointFreedom } from '../../stats/mean-difference.ts'
import type { MeanDifference } from '../../stats/mean-difference.ts'
import { studentTQuantile } from '../../stats/student-t.ts'
import type { Days } from './days.ts'

export type ChangeKind = 'slower' | 'faster' | 'unchanged' | 'unclear'

export interface Change {
  readonly change: ChangeKind
  /** Candidate over baseline at one speed of the machine, without the shift that cells share; null without a launch. */
  readonly ratio: number | null
  /** Of that ratio, at 95 %; null with too few launches to show how they spread. */
  readonly interval: readonly [number, number] | null
  /** The smallest slowdown, as a ratio, that would have been found in nine of ten comparisons; null: none. */
  readonly detectable: number | null
}

const shownConfidence = 0.95
/** How often a slowdown would be found that is called detectable. */
const detectionPower = 0.9

/** Quantiles are costly, and cells many: rounded down to a tenth, degrees of freedom repeat. */
function quantiles(probability: number): (freedom: number) => number {
  const known = new Map<number, number>()
  return (freedom) => {
    const rounded = Math.max(1, Math.floor(10 * freedom)) / 10
    const quantile = known.get(rounded) ?? studentTQuantile(probability, rounded)
    known.set(rounded, quantile)
    return quantile
  }
}

export interface Thresholds {
  /** As a logarithm: a smaller difference does not matter. */
  readonly least: number
  /** In standard errors, by degrees of freedom. */
  readonly sureAt: (freedom: number) => number
  readonly shownAt: (freedom: number) => number
  readonly powerAt: (freedom: number) => number
}

/**
 * @param error of calling one slower, or faster, that is not.
 * @param intervals of so many that a cell has, the narrowest is shown.
 */
export function thresholdsOf({
  margin,
  error,
  intervals,
}: Record<'margin' | 'error' | 'intervals', number>): Thresholds {
  return {
    least: Math.log1p(margin),
    sureAt: quantiles(1 - error),
    shownAt: quantiles(1 - (1 - shownConfidence) / (2 * intervals)),
    powerAt: quantiles(detectionPower),
  }
}

/** With too few launches to show how they spread. @param centre of what they show, a logarithm. */
export function unclear(centre: number): Change {
  const ratio = Math.exp(centre)
  return {
    change: 'unclear',
    ratio: Number.isFinite(ratio) ? ratio : null,
    interval: null,
    detectable: null,
  }
}

export type Look = (difference: MeanDifference, computing: number) => Change

/** @param isDoubtful whether nothing may be called slower or faster. */
export function lookOf(
  days: Days,
  { least, sureAt, shownAt, powerAt }: Thresholds,
  isDoubtful: boolean,
): Look {
  const { shift, shiftVariance, betweenCells, freedom: ofDays } = days
  return ({ difference, standardError, freedom: ofLaunches }, computing) => {
    const ofMachine = computing * shift
    const centre = difference - ofMachine
    const dayVariance = computing ** 2 * (betweenCells ** 2 + shiftVariance)
    const deviation = Math.sqrt(standardError ** 2 + dayVariance)
    const freedom = jointFreedom([
      [standardError ** 2, ofLaunches],
      [dayVariance, ofDays],
    ])
    const sure = sureAt(freedom) * deviation
    const shown = shownAt(freedom) * deviation
    const isSlower = centre - least > sure && difference - least > shown
    const isFaster = -centre - least > sure && -difference - least > shown
    let change: ChangeKind = 'unclear'
    if (Math.abs(centre) + shown < least) change = 'unchanged'
    else if (!isDoubtful && isSlower) change = 'slower'
    else if (!isDoubtful && isFaster) change = 'faster'
    return {
      change,
      ratio: Math.exp(centre),
      interval: [Math.exp(centre - shown), Math.exp(centre + shown)],
      detectable: isDoubtful
        ? null
        : Math.exp(least + Math.max(sure, shown - ofMachine) + powerAt(freedom) * deviation),
    }
  }
}

const isFound = ({ change }: Change): boolean => change === 'slower' || change === 'faster'
const widthOf = ({ interval }: Change): number => (interval === null ? Infinity : interval[1] / interval[0])

/** What was found by either look; else what was seen more exactly. */
export function together(changes: readonly Change[]): Change {
  const [first, ...rest] = changes.toSorted(
    (one, other) => Number(isFound(other)) - Number(isFound(one)) || widthOf(one) - widthOf(other),
  ) as [Change, ...Change[]]
  const detectable = [first, ...rest].flatMap((change) => change.detectable ?? [])
  return { ...first, detectable: detectable.length === 0 ? null : Math.min(...detectable) }
}
