/** Results with a known change: a workload that is slower, or a winner that has lost. */

import type { Comparison } from '#dist/analysis/comparison.js'
import { withConclusions } from '#dist/analysis/conclusions.js'
import { storedContests } from '#dist/analysis/stored-contests.js'
import type { Cell, Result } from '#dist/results/schema.js'

export interface Taken {
  readonly result: Result
  readonly isBusy: boolean
}

const timesLonger = (cell: Cell, factor: number): Cell => ({
  ...cell,
  launches: cell.launches.map((launch) => launch.map((ms) => factor * ms)),
})

export const slowed = (taken: Taken, workload: string, factor: number): Taken => ({
  ...taken,
  result: {
    ...taken.result,
    cells: taken.result.cells.map((cell) => (cell.workload === workload ? timesLonger(cell, factor) : cell)),
  },
})

const toldFlips = ({ flipped, flippedUnderLoad }: Comparison): Comparison['flipped'] => [
  ...flipped,
  ...flippedUnderLoad,
]

/** The result if the winner of a race took that much longer than the next; what it decides is concluded afresh. */
function overtaken(taken: Taken, workload: string, size: number, factor: number): Taken {
  const { result } = taken
  const isRacing = (of: { workload: string; size: number }): boolean =>
    of.workload === workload && of.size === size
  const [first, second] = result.cells
    .filter(isRacing)
    .toSorted((one, other) => (one.medianMs ?? Infinity) - (other.medianMs ?? Infinity))
  const longer = factor * ((second?.medianMs ?? 1) / (first?.medianMs ?? 1))
  const changed: Result = {
    ...result,
    cells: result.cells.map((cell) =>
      isRacing(cell) ? { ...(cell === first ? timesLonger(cell, longer) : cell), beaten: false } : cell,
    ),
    verdicts: result.verdicts.filter((verdict) => !isRacing(verdict)),
  }
  return { ...taken, result: withConclusions(changed, storedContests(changed)) }
}

/**
 * For each race that both results decide alike: whether it is called flipped once another executor wins it. Beside another
 * program it is told, too, but no alarm.
 */
export function flipsIn(
  before: Taken,
  after: Taken,
  factor: number,
  compare: (before: Taken, after: Taken) => Comparison,
): { workload: string; size: number; isFound: boolean }[] {
  return before.result.verdicts.flatMap(({ kind, workload, size, executors }) => {
    const isOfRace = (of: { workload: string; size: number }): boolean =>
      of.workload === workload && of.size === size
    const wins = (taken: Taken): readonly string[] =>
      taken.result.verdicts.find((verdict) => isOfRace(verdict) && verdict.kind === 'winner')?.executors ?? []
    if (kind !== 'winner' || wins(after).join() !== executors.join()) return []
    const other = overtaken(after, workload, size, factor)
    // Launches that differ too much to name another winner are no flip.
    if (wins(other).length === 0) return []
    return [{ workload, size, isFound: toldFlips(compare(before, other)).some(isOfRace) }]
  })
}
