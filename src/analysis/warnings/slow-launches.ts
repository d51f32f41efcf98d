/** Launches that fall into two groups: a pool that is slow for its whole life, now and then. */

import type { Cell, Result, Verdict } from '../../results/schema.ts'
import { seededRandom } from '../../stats/random.ts'
import { findSlowLaunches } from '../../stats/slow-launches.ts'
import { median } from '../../stats/summary.ts'
import { formatCount, formatList, formatPercent } from '../quantities.ts'
import type { Warning } from './warning.ts'
import { armName, racedCells } from './warning.ts'

/** The slow launches of each cell that has some: how much longer they took, as a share. */
export type SlowCells = ReadonlyMap<Cell, readonly number[]>

/** The slow launches of a run, pooled over all its cells, since one cell has too few; `seed` makes it repeatable. */
export function findSlowCells(cells: readonly Cell[], seed: number): SlowCells {
  const measured = cells.filter(
    ({ error, launches }) => error === null && launches.every((launch) => launch.every((ms) => ms > 0)),
  )
  const logs = measured.map((cell) => ({
    pool: `${cell.workload} ${armName(cell)}`,
    launches: cell.launches.map((launch) => launch.map((ms) => Math.log(ms))),
  }))
  const slow = new Map<Cell, number[]>()
  for (const { cell: index, excess } of findSlowLaunches(logs, seededRandom(seed))) {
    const cell = measured[index]
    if (cell !== undefined) slow.set(cell, [...(slow.get(cell) ?? []), Math.expm1(excess)])
  }
  return slow
}

/** For one verdict: which of its arms had slow launches. */
export function slowLaunchesWarnings(
  verdict: Verdict,
  cells: readonly Cell[],
  slowCells: SlowCells,
): readonly Warning[] {
  const slow = racedCells(verdict, cells).flatMap((cell) => {
    const shares = slowCells.get(cell)
    return shares === undefined
      ? []
      : [
          `${shares.length} of ${formatCount(cell.launches.length, 'launch')} of ${armName(cell)} by ${formatPercent(median(shares))}`,
        ]
  })
  if (slow.length === 0) return []
  return [
    {
      caution: 'slow-mode',
      message: `some launches were slower than the others throughout (${formatList(slow)}), which can make the wrong executor win; run again, and believe what two runs agree on`,
    },
  ]
}

/** For the run: all verdicts are in doubt, also those whose launches happened to be all fast, or all slow. */
export function slowLaunchesRunWarnings(
  { cells, options }: Pick<Result, 'cells' | 'options'>,
  slowCells: SlowCells,
): readonly Warning[] {
  const shares = [...slowCells.values()].flat()
  if (shares.length === 0) return []
  const launches = cells.reduce((sum, cell) => sum + (cell.error === null ? cell.launches.length : 0), 0)
  const executors = new Set([...slowCells.keys()].map(({ executor }) => executor))
  const where =
    executors.size === new Set(options.executors).size && executors.size > 1
      ? 'under every executor'
      : `under ${formatList([...executors])}`
  return [
    {
      caution: 'slow-mode',
      message: `launches fall into two groups: ${shares.length} of ${launches}, ${where}, were slower throughout, typically by ${formatPercent(median(shares))}; confidence does not cover such luck, so run again and believe what two runs agree on`,
    },
  ]
}
