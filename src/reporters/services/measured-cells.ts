/** The cells of a result as services know them: one series for each, named alike on every day. */

import { formatSize } from '../../analysis/quantities.ts'
import type { Cell, Result } from '../../results/schema.ts'

export interface MeasuredCell {
  readonly cell: Cell
  /** For example `primes 1,000,000 threads`. */
  readonly name: string
  readonly medianMs: number
  /** Of cells that differ only in their number of workers. */
  readonly isOneOfSeveral: boolean
}

const plainName = ({ workload, size, executor, arm }: Cell): string =>
  [workload, formatSize(size), executor, ...(arm === undefined ? [] : [arm])].join(' ')

/** Whether an executor ran a cell's size with several numbers of workers; otherwise the pilot chose, and may choose anew. */
function severalWorkers(cells: readonly Cell[]): (cell: Cell) => boolean {
  const seen = new Set<string>()
  const several = new Set(cells.map(plainName).filter((name) => seen.has(name) || !seen.add(name)))
  return (cell) => several.has(plainName(cell))
}

/** Names a cell with its workers only where that tells it from another one. */
export function cellNames(cells: readonly Cell[]): (cell: Cell) => string {
  const isOneOfSeveral = severalWorkers(cells)
  return (cell) => (isOneOfSeveral(cell) ? `${plainName(cell)} ×${cell.workers}` : plainName(cell))
}

/** Sizes that were added to place a crossover lie elsewhere every time, and failed cells have no time: neither is in. */
export function measuredCells({ cells }: Result): MeasuredCell[] {
  const nameOf = cellNames(cells)
  const isOneOfSeveral = severalWorkers(cells)
  return cells.flatMap((cell) =>
    cell.error !== null || cell.medianMs === null || cell.refines === true
      ? []
      : [{ cell, name: nameOf(cell), medianMs: cell.medianMs, isOneOfSeveral: isOneOfSeveral(cell) }],
  )
}
