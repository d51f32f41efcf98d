/** The cells of a result as services know them: one series for each, named alike on every day. */

import { withoutPatch } from '../../analysis/comparison/interpreters.ts'
import { groupBy } from '../../analysis/group-by.ts'
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

/** Cells of one name: the numbers of workers of each interpreter, and how many interpreters are of one version. */
interface Alike {
  readonly workersOf: ReadonlyMap<string, ReadonlySet<number | null>>
  readonly ofVersion: ReadonlyMap<string, number>
}

const runtimeOf = ({ runtime = 'node' }: Cell): string => runtime

function alikeOf(cells: readonly Cell[]): Alike {
  const runtimes = groupBy(cells, runtimeOf)
  const versions = groupBy([...runtimes.keys()], withoutPatch)
  return {
    workersOf: new Map(
      Array.from(runtimes, ([runtime, own]) => [runtime, new Set(own.map(({ workers }) => workers))]),
    ),
    ofVersion: new Map(Array.from(versions, ([version, own]) => [version, own.length])),
  }
}

/** Says of a cell only what differs between those of its name. */
function distinctions(cells: readonly Cell[]): (cell: Cell) => Distinction {
  const groups = new Map(Array.from(groupBy(cells, plainName), ([name, own]) => [name, alikeOf(own)]))
  return (cell) => {
    const alike = groups.get(plainName(cell))
    if (alike === undefined) return {}
    const [runtime, version] = [runtimeOf(cell), withoutPatch(runtimeOf(cell))]
    const hasSeveralWorkers = (alike.workersOf.get(runtime)?.size ?? 0) > 1
    const shown = alike.ofVersion.get(version) === 1 ? version : runtime
    return {
      ...(alike.workersOf.size > 1 ? { runtime: shown } : {}),
      ...(hasSeveralWorkers ? { workers: String(cell.workers ?? 'unbounded') } : {}),
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
