/**
 * Whether cells changed, each in the light of the others.
 *
 * With five to twenty workloads a cell is looked at in three ways, each for a third of the error. What the days differ by
 * is told by all cells, in a way that an executor that became slower everywhere does not hide in it; and for each
 * workload by the others, since among few workloads its own change looks like the days'. By the others a workload is also
 * judged as a whole: what is too little to be sure of in a cell may be enough in all of them, and a cell of a workload that
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

/** By all cells, by the others, and by the others as a whole. */
const lookCount = 3

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
  const part = error / lookCount
  const thresholds = thresholdsOf({ margin, error: part / cells.length, intervals: 2 })
  const byOthers = new Map(
    workloads.map((judged) => [judged, daysByUnchanged(cells.filter(({ workload }) => workload !== judged))]),
  )
  const looks = new Map(
    [...byOthers].map(([workload, others]) => [
      workload,
      [lookBy(all, thresholds), lookBy(others, thresholds)],
    ]),
  )
  const wholes = wholesOf(cells)
  const differences = differencesOf(wholes)
  const thresholdsOfWholes = thresholdsOf({ margin, error: part / wholes.length, intervals: 1 })
  const wholeChanges = new Map(
    wholes.flatMap(({ workload, computing, members }, index) => {
      const [others, difference] = [byOthers.get(workload), differences[index]]
      if (others === undefined || others.freedom < leastFreedomOfWholes || difference === undefined) return []
      const { change } = lookBy(others, thresholdsOfWholes)(difference, computing)
      return members.map((member) => [member, change] as const)
    }),
  )
  return (cell) => {
    const changes = (looks.get(cell.workload) ?? []).map((look) => look(cell, cell.computing))
    return asPartOf(wholeChanges.get(cell), together(changes), margin)
  }
}

function asPartOf(whole: ChangeKind | undefined, cell: Change, margin: number): Change {
  const [low, high] = cell.interval ?? [0, Infinity]
  if (whole === 'slower' && low > 1 + margin) return { ...cell, change: 'slower' }
  if (whole === 'faster' && high < 1 / (1 + margin)) return { ...cell, change: 'faster' }
  return cell
}
