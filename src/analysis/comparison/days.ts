/**
 * What two days differ by beyond the code, as cells of several workloads tell: what they share, and what they differ by
 * beyond what their launches explain.
 */

import { betweenDeviation, robustBetweenDeviation } from '../../stats/between-deviation.ts'
import type { Deviation } from '../../stats/between-deviation.ts'
import { median } from '../../stats/summary.ts'
import { groupBy } from '../group-by.ts'

/** How much longer a cell took on the second day. */
export interface CellDifference {
  readonly workload: string
  /** Of logarithms, as its standard error. */
  readonly difference: number
  readonly standardError: number
  /** Share of its time that a slower machine makes longer. */
  readonly computing: number
}

export interface Days {
  /** The median over the cells that compute; a logarithm. */
  readonly shift: number
  /** Variance of `shift`, where few workloads tell it. */
  readonly shiftVariance: number
  /** Standard deviation by which cells that only compute differ between the days beyond their own noise. */
  readonly betweenCells: number
  /** Degrees of freedom that `betweenCells` is known with. */
  readonly freedom: number
}

/** From so many workloads on, the median over their cells is the machine's and not one workload's. */
export const leastWorkloads = 3
/** A cell that computes for less of its time says little of how fast the machine is. */
const leastComputing = 0.5
/** Of what is known exactly, and would count for all the rest. */
const leastError = 1e-6

const workloadsOf = (cells: readonly CellDifference[]): CellDifference[][] => [
  ...groupBy(cells, ({ workload }) => workload).values(),
]

function shiftOf(cells: readonly CellDifference[]): number {
  const computing = cells.filter((cell) => cell.computing >= leastComputing)
  return computing.length === 0 ? 0 : median(computing.map(({ difference }) => difference))
}

const deviationsFrom = (cells: readonly CellDifference[], shift: number): Deviation[] =>
  cells.map(({ difference, standardError, computing }) => ({
    difference: difference - computing * shift,
    standardError,
    share: computing,
  }))

/** A workload as a whole: how much longer it would take if it only computed, from all its cells by their precision. */
function together(cells: readonly CellDifference[], shift: number): Deviation {
  let [sum, weights] = [0, 0]
  for (const { difference, standardError, share } of deviationsFrom(cells, shift)) {
    const weight = share / Math.max(standardError, leastError) ** 2
    sum += weight * difference
    weights += weight * share
  }
  return { difference: sum / weights, standardError: 1 / Math.sqrt(weights), share: 1 }
}

/** By all cells, some of which may have changed: in a way that these hardly matter. */
export function daysByAll(cells: readonly CellDifference[]): Days {
  const shift = shiftOf(cells)
  const workloads = workloadsOf(cells).length
  return {
    shift,
    shiftVariance: 0,
    betweenCells: robustBetweenDeviation(deviationsFrom(cells, shift)),
    // Cells of a workload are measured one after the other and may be off together: they are not as many as they seem.
    freedom: workloads >= leastWorkloads ? 2 * (workloads - 1) : Math.max(1, cells.length - 1),
  }
}

/** By cells that are believed not to have changed: all that they differ by is the days'. */
export function daysByUnchanged(cells: readonly CellDifference[]): Days {
  const shift = shiftOf(cells)
  const workloads = workloadsOf(cells).map((each) => together(each, shift))
  // Cells of a workload may be off together: the larger of the two is believed.
  const betweenCells = Math.max(
    betweenDeviation(deviationsFrom(cells, shift)),
    betweenDeviation(workloads.filter(({ standardError }) => Number.isFinite(standardError))),
  )
  const computing = workloadsOf(cells.filter((cell) => cell.computing >= leastComputing))
  const variances = computing.map((each) => betweenCells ** 2 + together(each, shift).standardError ** 2)
  return {
    shift,
    shiftVariance:
      variances.reduce((sum, variance) => sum + variance, 0) / Math.max(1, variances.length) ** 2,
    betweenCells,
    freedom: Math.max(1, computing.length - 1),
  }
}
