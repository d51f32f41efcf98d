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

type Named = readonly [race: string, cell: Cell]

/**
 * What a cell is called in both results. The pilot may choose another number of workers on another day, and that
 * choice is then part of what is compared; where the call named several, each is a cell of its own.
 */
function byName(cells: readonly Named[], byWorkers: ReadonlySet<string>): Map<string, Cell> {
  const found = new Map<string, Cell>()
  for (const [race, cell] of cells) {
    // A size that was added for a crossover lies elsewhere in every run.
    if (cell.error !== null || cell.launches.length === 0 || cell.refines === true) continue
    const name = byWorkers.has(race) ? `${race} ${cell.workers}` : race
    if (!found.has(name)) found.set(name, cell)
  }
  return found
}

/** Races in which an executor has more than one cell, one for each number of workers. */
function severalWorkers(cells: readonly Named[]): string[] {
  const seen = new Set<string>()
  return cells.flatMap(([race]) => (seen.has(race) || !seen.add(race) ? [race] : []))
}

export function pairCells(baseline: Result, candidate: Result): Pairing {
  const interpreterOf = interpretersOf(baseline, candidate)
  const [old, recent] = [baseline, candidate].map(({ cells }) =>
    cells.map((cell): Named => {
      const { workload, size, executor, arm = null } = cell
      return [JSON.stringify([workload, size, executor, arm, interpreterOf(cell)]), cell]
    }),
  ) as [Named[], Named[]]
  const byWorkers = new Set([...severalWorkers(old), ...severalWorkers(recent)])
  const [before, after] = [byName(old, byWorkers), byName(recent, byWorkers)]
  const pairs: CellPair[] = []
  const gone: Cell[] = []
  for (const [name, cell] of before) {
    const counterpart = after.get(name)
    if (counterpart === undefined) gone.push(cell)
    else pairs.push({ baseline: cell, candidate: counterpart })
  }
  return { pairs, gone, added: [...after].flatMap(([name, cell]) => (before.has(name) ? [] : [cell])) }
}
