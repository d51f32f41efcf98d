/** What is known of a cell while a run goes on. */

import type { Arm, RacedCell } from '../analysis/contest.ts'
import type { Cell, CellError } from '../results/schema.ts'
import type { MakespanCosts } from './costs.ts'
import type { Observation } from './observe.ts'
import type { TaskTimes } from './timeline.ts'

export interface CellRecord extends RacedCell {
  readonly chosenBy: NonNullable<Cell['workersChosenBy']>
  /** What the pilot's serial makespan of this size took; 0 if it is not known. */
  readonly serialMs: number
  tasks: number
  readonly launches: number[][]
  /** The yardstick beside each of these makespans. */
  readonly yardsticks: number[][]
  /** Of all warm-ups together. */
  warmUpMs: number
  /** What makespans beside the ones that count cost, by launch. */
  readonly observations: (readonly [Observation, ...Observation[]])[]
  /** The tasks of those makespans, as timelines show them. */
  readonly watched: { readonly costs: MakespanCosts; readonly times: TaskTimes }[]
  /** Start-up of the executor in those launches in which nothing else started beside it. */
  readonly startupsMs: number[]
  /** Of a twin: the most processes beside the interpreter's own that were seen to run its tasks. */
  twinProcesses: number | null
  /** Of its first result; null before there is one. */
  checksum: string | null
  error: CellError | null
  skipped: string | null
  isBeaten: boolean
}

export function emptyCell(
  size: number,
  arm: Arm,
  chosenBy: CellRecord['chosenBy'],
  serialMs = 0,
  refines = false,
): CellRecord {
  return {
    size,
    arm,
    chosenBy,
    serialMs,
    refines,
    tasks: 0,
    launches: [],
    yardsticks: [],
    warmUpMs: 0,
    observations: [],
    watched: [],
    startupsMs: [],
    twinProcesses: null,
    checksum: null,
    error: null,
    skipped: null,
    isBeaten: false,
  }
}

/** Records why a cell failed; what hangs on a small size would cost another time-out on each larger one. */
export function failCell(cell: CellRecord, error: CellError, cells: readonly CellRecord[]): void {
  cell.error = error
  if (error.name !== 'TimeoutError' || cell.refines) return
  for (const larger of cells)
    if (larger.arm === cell.arm && larger.size > cell.size && larger.error === null)
      larger.skipped ??= `not tried: size ${cell.size} ran into the time-out`
}
