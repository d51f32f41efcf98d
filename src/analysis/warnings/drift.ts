/** Makespans that grow or shrink from launch to launch: a machine that warms up, a disk that fills. */

import type { Cell } from '../../results/schema.ts'
import { mean, median } from '../../stats/summary.ts'
import { trendOf } from '../../stats/trend.ts'
import { formatPercent } from '../quantities.ts'
import type { Warning } from './warning.ts'

/** Probability of a trend by chance in one race; a run has some twenty. */
const chance = 0.002

/**
 * Tells a trend that is both sure and larger than the margin over the launches: Mann and Kendall's test on the mean of
 * the logarithms of the launch medians, over the cells that have all launches. It takes 7 launches to be so sure.
 * @param cells of one race.
 */
export function driftWarnings(cells: readonly Cell[], margin: number): readonly Warning[] {
  const launches = Math.max(0, ...cells.map((cell) => cell.launches.length))
  const logs = cells
    .filter((cell) => cell.launches.length === launches)
    .map((cell) => cell.launches.map((launch) => Math.log(median(launch))))
  const series = Array.from({ length: launches }, (_, launch) =>
    mean(logs.map((ofCell) => ofCell[launch] ?? 0)),
  )
  if (!series.every(Number.isFinite)) return []
  const { probability, slope } = trendOf(series)
  const change = Math.expm1(slope * (launches - 1))
  if (probability > chance || Math.abs(change) < margin) return []
  return [
    {
      caution: 'drift',
      message: `from the first to the last of ${launches} launches, makespans became ${formatPercent(Math.abs(change))} ${change > 0 ? 'longer' : 'shorter'}; what shares the drift is still compared fairly, but times are of no one moment: let the machine settle and run again`,
    },
  ]
}
