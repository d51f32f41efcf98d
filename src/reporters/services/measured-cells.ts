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

/** What a name is made of. */
type Named = Pick<Cell, 'workload' | 'size' | 'executor' | 'workers'> & {
  readonly runtime?: string | undefined
  readonly arm?: Cell['arm'] | undefined
}

/** Without its workload. */
const shortName = ({ size, executor, arm }: Named): string =>
  [formatSize(size), executor, ...(arm === undefined ? [] : [arm])].join(' ')

const plainName = (cell: Named): string => `${cell.workload} ${shortName(cell)}`

/** Cells of one name: the numbers of workers of each interpreter, and how many interpreters are of one version. */
interface Alike {
  readonly workersOf: ReadonlyMap<string, ReadonlySet<number | null>>
  readonly ofVersion: ReadonlyMap<string, number>
}

const runtimeOf = ({ runtime = 'node' }: Named): string => runtime

function alikeOf(cells: readonly Named[]): Alike {
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
function distinctions(cells: readonly Named[]): (cell: Named) => Distinction {
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

const distinguished = (name: string, { runtime, workers }: Distinction): string =>
  [
    name,
    ...(runtime === undefined ? [] : [`(${runtime})`]),
    ...(workers === undefined ? [] : [`×${workers}`]),
  ].join(' ')

/**
 * Names a cell for services that know a test by its suite, which is the workload, and its name: `1,000 python-threads
 * (cpython 3.13)`. The interpreter is always told, since a comparison does not have all cells that a run has, and the
 * test has to be one and the same in both.
 */
export function testNames(cells: readonly Named[]): (cell: Named) => string {
  const distinctionOf = distinctions(cells)
  return (cell) =>
    distinguished(shortName(cell), {
      ...(cell.runtime === undefined ? {} : { runtime: withoutPatch(cell.runtime) }),
      ...distinctionOf(cell),
    })
}

/** Sizes that were added to place a crossover lie elsewhere every time, and failed cells have no time: neither is in. */
export function measuredCells({ cells }: Result): MeasuredCell[] {
  const distinctionOf = distinctions(cells)
  return cells.flatMap((cell) => {
    if (cell.error !== null || cell.medianMs === null || cell.refines === true) return []
    const distinction = distinctionOf(cell)
    return [{ cell, name: distinguished(plainName(cell), distinction), medianMs: cell.medianMs, distinction }]
  })
}
