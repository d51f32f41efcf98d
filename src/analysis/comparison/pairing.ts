/** The cells of two results that are about the same thing. */

import type { Cell, Result } from '../../results/schema.ts'
import { interpretersOf } from './interpreters.ts'

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

type NameOf = (cell: Cell) => string

/**
 * What a cell is called in both results. The pilot may choose another number of workers on another day, and that
 * choice is then part of what is compared; where the call named several, each is a cell of its own.
 */
function named(cells: readonly Cell[], byWorkers: ReadonlySet<string>, nameOf: NameOf): Map<string, Cell> {
  const byName = new Map<string, Cell>()
  for (const cell of cells) {
    // A size that was added for a crossover lies elsewhere in every run.
    if (cell.error !== null || cell.launches.length === 0 || cell.refines === true) continue
    const race = nameOf(cell)
    const name = byWorkers.has(race) ? `${race} ${cell.workers}` : race
    if (!byName.has(name)) byName.set(name, cell)
  }
  return byName
}

/** Races in which an executor has more than one cell, one for each number of workers. */
function severalWorkers({ cells }: Result, nameOf: NameOf): string[] {
  const seen = new Set<string>()
  return cells.map(nameOf).filter((key) => seen.has(key) || !seen.add(key))
}

export function pairCells(baseline: Result, candidate: Result): Pairing {
  const interpreterOf = interpretersOf(baseline, candidate)
  const nameOf = (cell: Cell): string =>
    JSON.stringify([cell.workload, cell.size, cell.executor, cell.arm ?? null, interpreterOf(cell)])
  const byWorkers = new Set([...severalWorkers(baseline, nameOf), ...severalWorkers(candidate, nameOf)])
  const before = named(baseline.cells, byWorkers, nameOf)
  const after = named(candidate.cells, byWorkers, nameOf)
  const pairs: CellPair[] = []
  const gone: Cell[] = []
  for (const [name, cell] of before) {
    const counterpart = after.get(name)
    if (counterpart === undefined) gone.push(cell)
    else pairs.push({ baseline: cell, candidate: counterpart })
  }
  return { pairs, gone, added: [...after].flatMap(([name, cell]) => (before.has(name) ? [] : [cell])) }
}
