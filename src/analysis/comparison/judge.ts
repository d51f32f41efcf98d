/**
 * Whether cells changed, each in the light of the others.
 *
 * With five to twenty workloads a cell is looked at in three ways, which share the error. What the days differ by is told
 * by all cells, in a way that an executor that became slower everywhere does not hide in it; and for each workload by the
 * others, since among few workloads its own change looks like the days'. And each workload is held as a whole against the
 * other wholes: what is too little to be sure of in a cell may be enough in all of them, and a cell of a workload that
 * surely changed need only seem so itself.
 */

import type { MeanDifference } from '../../stats/mean-difference.ts'
import { daysByUnchanged } from './days.ts'
import type { Days } from './days.ts'
import { differencesOf } from './differences.ts'
import type { Measured } from './differences.ts'
import { lookOf, thresholdsOf, together } from './look.ts'
import type { Change, ChangeKind, Look, Thresholds } from './look.ts'
import { wholesOf } from './whole-workloads.ts'
import type { Whole } from './whole-workloads.ts'

/** A cell with what its launches tell. */
export interface Known extends Measured, MeanDifference {
  readonly workload: string
  readonly computing: number
}

export interface JudgeOptions {
  /** A smaller difference does not matter. */
  readonly margin: number
  /** Probability that any cell of the comparison is called slower or faster though it is not. */
  readonly error: number
  /** Whether what the cells share is the machine's, and taken out of each. */
  readonly isShiftKnown: boolean
  /** Whether nothing may be called slower or faster. */
  readonly isDoubtful: boolean
}

/** Among fewer there are too few others. */
const leastToldByOthers = 5
/** Among more, one workload's change hardly matters to what all tell of the days. */
const mostToldByOthers = 20
/**
 * A workload as a whole is known so exactly that nearly all of its error is what the days differ by, and too few others
 * at times show none of that: with three that compute, made-up days off by 10 % raised an alarm in 5 of 100 comparisons.
 */
const leastFreedomOfWholes = 5
/** Of the error, where workloads are judged as a whole. */
const shareOfWholes = 1 / 2

/** @param all what the days differ by, as all cells tell. */
export function judgeOf(cells: readonly Known[], all: Days, options: JudgeOptions): (cell: Known) => Change {
  const { margin, error, isShiftKnown, isDoubtful } = options
  const lookBy = (days: Days, thresholds: Thresholds): Look =>
    lookOf(isShiftKnown ? days : { ...days, shift: 0, shiftVariance: 0 }, thresholds, isDoubtful)
  const workloads = [...new Set(cells.map(({ workload }) => workload))]
  if (workloads.length < leastToldByOthers || workloads.length > mostToldByOthers) {
    const look = lookBy(all, thresholdsOf({ margin, error: error / cells.length, intervals: 1 }))
    return (cell) => look(cell, cell.computing)
  }
  const wholes = judgeable(wholesOf(cells))
  const ofWholes = wholes.length === 0 ? 0 : shareOfWholes * error
  const thresholds = thresholdsOf({ margin, error: (error - ofWholes) / 2 / cells.length, intervals: 2 })
  const looks = new Map(
    workloads.map((judged) => {
      const others = daysByUnchanged(cells.filter(({ workload }) => workload !== judged))
      return [judged, [lookBy(all, thresholds), lookBy(others, thresholds)]]
    }),
  )
  const thresholdsOfWholes = thresholdsOf({ margin, error: ofWholes / wholes.length, intervals: 1 })
  const wholeChanges = new Map(
    wholes.flatMap(({ whole, others }) => {
      const { change } = lookBy(others, thresholdsOfWholes)(whole, whole.computing)
      return whole.members.map((member) => [member, change] as const)
    }),
  )
  return (cell) => {
    const changes = (looks.get(cell.workload) ?? []).map((look) => look(cell, cell.computing))
    return asPartOf(wholeChanges.get(cell), together(changes), margin)
  }
}

interface Judgeable {
  readonly whole: Whole<Known> & MeanDifference
  /** What the days differ by, as the other wholes tell. */
  readonly others: Days
}

function judgeable(wholes: readonly Whole<Known>[]): Judgeable[] {
  const differences = differencesOf(wholes)
  const known = wholes.flatMap((whole, index) => {
    const difference = differences[index]
    return difference === undefined ? [] : [{ ...whole, ...difference }]
  })
  return known
    .map((whole) => ({
      whole,
      others: daysByUnchanged(known.filter(({ workload }) => workload !== whole.workload)),
    }))
    .filter(({ others }) => others.freedom >= leastFreedomOfWholes)
}

function asPartOf(whole: ChangeKind | undefined, cell: Change, margin: number): Change {
  const [low, high] = cell.interval ?? [0, Infinity]
  if (whole === 'slower' && low > 1 + margin) return { ...cell, change: 'slower' }
  if (whole === 'faster' && high < 1 / (1 + margin)) return { ...cell, change: 'faster' }
  return cell
}
