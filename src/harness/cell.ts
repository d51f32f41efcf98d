/** What is known of a cell while a run goes on. */

import type { CellError } from '../results/schema.ts'
import type { Shares } from './accounting.ts'
import type { Arm } from './events.ts'

export interface CellRecord {
  readonly size: number
  readonly arm: Arm
  readonly chosenBy: 'pilot' | 'option' | 'executor'
  tasks: number
  /** Makespans in ms, by launch; the rounds of a launch in the same order for all arms of a race. */
  readonly launches: number[][]
  /** Where the time of each measurement went, in the host process. */
  readonly shares: Shares[]
  /** Start-up of the executor in each launch. */
  readonly startupsMs: number[]
  checksum: string
  error: CellError | null
  /** Why it was left out; null if it was measured or failed. */
  skipped: string | null
}

export function emptyCell(size: number, arm: Arm, chosenBy: CellRecord['chosenBy']): CellRecord {
  return {
    size,
    arm,
    chosenBy,
    tasks: 0,
    launches: [],
    shares: [],
    startupsMs: [],
    checksum: '',
    error: null,
    skipped: null,
  }
}

/** Records why a cell failed; what hangs on a small size would cost another time-out on each larger one. */
export function failCell(cell: CellRecord, error: CellError, cells: readonly CellRecord[]): void {
  cell.error = error
  if (error.name !== 'TimeoutError') return
  for (const larger of cells)
    if (larger.arm === cell.arm && larger.size > cell.size && larger.error === null)
      larger.skipped ??= `not tried: size ${cell.size} ran into the time-out`
}
