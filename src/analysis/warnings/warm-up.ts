/** First rounds that are still slower than later ones: a launch is measured before it is warm. */

import type { Cell, Result, Verdict } from '../../results/schema.ts'
import { firstRankProbability } from '../../stats/first-rank.ts'
import { median } from '../../stats/summary.ts'
import { formatList, formatPercent } from '../quantities.ts'
import type { Warning } from './warning.ts'
import { armName, racedCells } from './warning.ts'

/** Probability by chance, for one arm of a workload; a run has some thirty. */
const chance = 0.001

/** How much longer the first round took than the others of its launch, as a share: the median over launches. */
function firstExcess(launches: readonly (readonly number[])[]): number {
  return median(launches.map(([first = 0, ...later]) => first / median(later) - 1))
}

const withSeveralRounds = ({ launches }: Cell): readonly (readonly number[])[] =>
  launches.filter((launch) => launch.length > 1)

/**
 * Tells arms whose first rounds rank too high among their launch's, over all launches and sizes of the workload, and
 * at this size are slower by more than the margin.
 */
export function warmUpWarnings(
  verdict: Verdict,
  { cells, options }: Pick<Result, 'cells' | 'options'>,
): readonly Warning[] {
  const cold = racedCells(verdict, cells).flatMap((cell) => {
    const excess = firstExcess(withSeveralRounds(cell))
    const alike = cells.filter(
      (other) => other.workload === cell.workload && other.error === null && armName(other) === armName(cell),
    )
    return excess > options.margin && firstRankProbability(alike.flatMap(withSeveralRounds)) <= chance
      ? [`${armName(cell)} by ${formatPercent(excess)}`]
      : []
  })
  if (cold.length === 0) return []
  return [
    {
      caution: 'warm-up',
      message: `the first round of a launch was still slower than the later ones (${formatList(cold)}): the task was not warm yet, and few rounds are mostly first ones; a longer --budget leaves time for more warm-ups`,
    },
  ]
}
