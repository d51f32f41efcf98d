/** Makespans so short that the steps of the clock show in them. */

import type { Cell, Environment } from '../../results/schema.ts'
import { median } from '../../stats/summary.ts'
import { formatDuration, formatList, formatPercent } from '../quantities.ts'
import type { Warning } from './warning.ts'
import { armName } from './warning.ts'

/** A step may be this share of the margin: a fifth of it cannot turn a tie into a winner. */
const tolerableShare = 0.2

/** @param cells of one race. */
export function clockWarnings(
  cells: readonly Cell[],
  { clockStepMs }: Environment,
  margin: number,
): readonly Warning[] {
  if (clockStepMs === undefined) return []
  const leastMs = clockStepMs / (margin * tolerableShare)
  const short = cells
    .map((cell) => ({ cell, ms: median(cell.launches.flat()) }))
    .filter(({ ms }) => ms < leastMs)
  if (short.length === 0) return []
  const shortestMs = Math.min(...short.map(({ ms }) => ms))
  const coarse = shortestMs === 0 ? '' : `, ${formatPercent(clockStepMs / shortestMs)} of a makespan`
  return [
    {
      caution: 'clock',
      message: `the clock goes in steps of ${formatDuration(clockStepMs)}${coarse} (${formatList(short.map(({ cell, ms }) => `${armName(cell)}: ${formatDuration(ms)}`))}); let a size have more tasks, so that it takes at least ${formatDuration(leastMs)}`,
    },
  ]
}
