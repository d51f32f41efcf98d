/** Numbers that rest on fewer launches than a verdict needs. */

import type { Cell } from '../../results/schema.ts'
import { formatCount } from '../quantities.ts'
import { minLaunches } from '../race.ts'
import type { Warning } from './warning.ts'

/** @param cells of one race. */
export function fewLaunchesWarnings(cells: readonly Cell[], budgetMs: number): readonly Warning[] {
  const launches = Math.min(...cells.map((cell) => cell.launches.length))
  if (cells.length < 2 || launches >= minLaunches) return []
  const enoughS = Math.ceil((budgetMs * minLaunches) / launches / 1000)
  return [
    {
      caution: 'few-launches',
      message: `all is from ${formatCount(launches, 'launch')}, and a pool can be off for a whole one; --budget ${enoughS}s should fit ${minLaunches}`,
    },
  ]
}
