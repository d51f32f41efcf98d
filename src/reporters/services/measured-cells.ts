/** The cells of a result as services know them: one series for each, named alike on every day. */

import { withoutPatch } from '../../analysis/comparison/interpreters.ts'
import { formatSize } from '../../analysis/quantities.ts'
import type { Cell, Result } from '../../results/schema.ts'

/** What tells a cell from others of its workload, size and executor; the pilot and a patch may choose anew every day. */
interface Distinction {
  readonly workers?: string
  readonly runtime?: string
}

export interface MeasuredCell {
  readonly cell: Cell
  /** For example `primes 1,000,000 threads`. */
  readonly name: string
  readonly medianMs: number
  readonly distinction: Distinction
}

const plainName = ({ workload, size, executor, arm }: Cell): string =>
  [workload, formatSize(size), executor, ...(arm === undefined ? [] : [arm])].join(' ')

const isSeveral = (values: readonly unknown[]): boolean => new Set(values).size > 1

/** Says of a cell only what differs between those of its name. */
function distinctions(cells: readonly Cell[]): (cell: Cell) => Distinction {
  const byName = new Map<string, Cell[]>()
  for (const cell of cells) byName.set(plainName(cell), [...(byName.get(plainName(cell)) ?? []), cell])
  return (cell) => {
    const alike = byName.get(plainName(cell)) ?? []
    const runtimes = [...new Set(alike.map(({ runtime }) => runtime ?? 'node'))]
    const runtime = cell.runtime ?? 'node'
    const short = withoutPatch(runtime)
    const isShortEnough = runtimes.filter((other) => withoutPatch(other) === short).length === 1
    const ofRuntime = alike.filter((other) => (other.runtime ?? 'node') === runtime)
    return {
      ...(runtimes.length > 1 ? { runtime: isShortEnough ? short : runtime } : {}),
      ...(isSeveral(ofRuntime.map(({ workers }) => workers))
        ? { workers: String(cell.workers ?? 'unbounded') }
        : {}),
    }
  }
}

function nameOf(cell: Cell, { runtime, workers }: Distinction): string {
  return [
    plainName(cell),
    ...(runtime === undefined ? [] : [`(${runtime})`]),
    ...(workers === undefined ? [] : [`×${workers}`]),
  ].join(' ')
}

/** Names a cell with its interpreter and its workers only where that tells it from another one. */
export function cellNames(cells: readonly Cell[]): (cell: Cell) => string {
  const distinctionOf = distinctions(cells)
  return (cell) => nameOf(cell, distinctionOf(cell))
}

/** Sizes that were added to place a crossover lie elsewhere every time, and failed cells have no time: neither is in. */
export function measuredCells({ cells }: Result): MeasuredCell[] {
  const distinctionOf = distinctions(cells)
  return cells.flatMap((cell) => {
    if (cell.error !== null || cell.medianMs === null || cell.refines === true) return []
    const distinction = distinctionOf(cell)
    return [{ cell, name: nameOf(cell, distinction), medianMs: cell.medianMs, distinction }]
  })
}
