/** What is known of a cell while a run goes on. */

import type { Cell, CellError } from '../results/schema.ts'
import type { Arm } from './events.ts'
import type { Observation } from './observe.ts'

export interface CellRecord {
  readonly size: number
  readonly arm: Arm
  readonly chosenBy: NonNullable<Cell['workersChosenBy']>
  /** What the pilot's serial makespan of this size took; 0 if it is not known. */
  readonly serialMs: number
  /** Of a size that the author did not list, measured to place a crossover. */
  readonly refines: boolean
  tasks: number
  /** Makespans in ms, by launch; the rounds of a launch in the same order for all arms of a race. */
  readonly launches: number[][]
  /** Of all warm-ups together. */
  warmUpMs: number
  /** What makespans beside the ones that count cost, by launch. */
  readonly observations: (readonly [Observation, ...Observation[]])[]
  /** Start-up of the executor in each launch. */
  readonly startupsMs: number[]
  /** Of its first result; null before there is one. */
  checksum: string | null
  error: CellError | null
  /** Why it was left out; null if it was measured or failed. */
  skipped: string | null
  /** Beaten for good: a bound that has been crossed stays crossed, whatever later data say of the spread. */
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
    warmUpMs: 0,
    observations: [],
    startupsMs: [],
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
