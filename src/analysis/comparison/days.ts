/**
 * What two days differ by beyond the code, as cells of several workloads tell: what they share, and what they differ by
 * beyond what their launches explain.
 */

import { betweenDeviation } from '../../stats/between-deviation.ts'
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
  /** Variance of `shift`, which few workloads know badly. */
  readonly shiftVariance: number
  /** Standard deviation by which cells that only compute differ between the days beyond their own noise. */
  readonly betweenCells: number
  /** Degrees of freedom that `shift` and `betweenCells` are known with. */
  readonly freedom: number
}

/** A cell that computes for less of its time says little of how fast the machine is. */
const leastComputing = 0.5

/** Of what is known exactly, and would count for all the rest. */
const leastError = 1e-6

/** A workload as a whole: how much longer it would take if it only computed, from all its cells by their precision. */
function together(cells: readonly CellDifference[], shift: number) {
  let [sum, weights] = [0, 0]
  for (const { difference, standardError, computing } of cells) {
    const weight = computing / Math.max(standardError, leastError) ** 2
    sum += weight * (difference - computing * shift)
    weights += weight * computing
  }
  return { difference: sum / weights, standardError: 1 / Math.sqrt(weights), share: 1 }
}

export function daysOf(cells: readonly CellDifference[]): Days {
  const computing = cells.filter((cell) => cell.computing >= leastComputing)
  const shift = computing.length === 0 ? 0 : median(computing.map(({ difference }) => difference))
  // Cells of a workload are measured one after the other, and may be off together: the larger of the two is believed.
  const workloads = [...groupBy(cells, ({ workload }) => workload).values()].map((each) =>
    together(each, shift),
  )
  const betweenCells = Math.max(
    betweenDeviation(
      cells.map(({ difference, standardError, computing: share }) => ({
        difference: difference - share * shift,
        standardError,
        share,
      })),
    ),
    betweenDeviation(workloads.filter(({ standardError }) => Number.isFinite(standardError))),
  )
  const known = [...groupBy(computing, ({ workload }) => workload).values()]
  const variance = known.reduce(
    (sum, each) => sum + betweenCells ** 2 + together(each, shift).standardError ** 2,
    0,
  )
  return {
    shift,
    shiftVariance: known.length === 0 ? 0 : variance / known.length ** 2,
    betweenCells,
    freedom: Math.max(1, (known.length > 1 ? known : cells).length - 1),
  }
}
