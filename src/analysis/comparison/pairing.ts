/** The cells of two results that are about the same thing. */

import type { Cell, Result } from '../../results/schema.ts'

export interface CellPair {
  readonly baseline: Cell
  readonly candidate: Cell
}

export interface Pairing {
  readonly pairs: readonly CellPair[]
  /** Measured in the baseline, and in the candidate not at all or with an error. */
  readonly gone: readonly Cell[]
  /** The other way round. */
  readonly added: readonly Cell[]
}

const raceKey = ({ workload, size, executor, arm }: Cell): string =>
  JSON.stringify([workload, size, executor, arm ?? null])

/**
 * What a cell is called in both results. The pilot may choose another number of workers on another day, and that
 * choice is then part of what is compared; where the call named several, each is a cell of its own.
 */
function named(cells: readonly Cell[], byWorkers: ReadonlySet<string>): Map<string, Cell> {
  const byName = new Map<string, Cell>()
  for (const cell of cells) {
    // A size that was added for a crossover lies elsewhere in every run.
    if (cell.error !== null || cell.launches.length === 0 || cell.refines === true) continue
    const race = raceKey(cell)
    const name = byWorkers.has(race) ? `${race} ${cell.workers}` : race
    if (!byName.has(name)) byName.set(name, cell)
  }
  return byName
}

/** Races in which an executor has more than one cell, one for each number of workers. */
function severalWorkers({ cells }: Result): string[] {
  const seen = new Set<string>()
  return cells.map(raceKey).filter((key) => seen.has(key) || !seen.add(key))
}

export function pairCells(baseline: Result, candidate: Result): Pairing {
  const byWorkers = new Set([...severalWorkers(baseline), ...severalWorkers(candidate)])
  const before = named(baseline.cells, byWorkers)
  const after = named(candidate.cells, byWorkers)
  const pairs: CellPair[] = []
  const gone: Cell[] = []
  for (const [name, cell] of before) {
    const counterpart = after.get(name)
    if (counterpart === undefined) gone.push(cell)
    else pairs.push({ baseline: cell, candidate: counterpart })
  }
  return { pairs, gone, added: [...after].flatMap(([name, cell]) => (before.has(name) ? [] : [cell])) }
}
