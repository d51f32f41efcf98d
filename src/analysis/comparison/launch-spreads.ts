/** How a cell's launches spread, in the light of the other cells of the same day. */

import { moderate, variancePrior } from '../../stats/moderated-variance.ts'
import type { Spread, VariancePrior } from '../../stats/moderated-variance.ts'
import { groupBy } from '../group-by.ts'
import { noticeablyNoisier, spreadOf } from '../spreads.ts'

/** What a cell's launches show (logarithms), and what noise may depend on: its executor, and the decade of its time. */
export interface Launches {
  readonly executor: string
  readonly logs: readonly number[]
  /** Where `logs` are not makespans. */
  readonly typicalMs?: number
}

/** With fewer cells little is believed of what they have in common. */
const leastCells = 4
const presumedFreedom = 3

const hasSpread = ({ logs }: Launches): boolean => logs.length >= 2
const decadeOf = ({ logs, typicalMs = Math.exp(logs[0] ?? 0) }: Launches): string =>
  `1e${Math.floor(Math.log10(typicalMs))} ms`

function priorOf(launches: readonly Launches[]): VariancePrior {
  const spreads = launches.filter(hasSpread).map(({ logs }) => spreadOf(logs))
  if (spreads.length >= leastCells) return variancePrior(spreads)
  const freedom = spreads.reduce((sum, spread) => sum + spread.freedom, 0)
  const squares = spreads.reduce((sum, spread) => sum + spread.squares, 0)
  return { freedom: presumedFreedom, variance: freedom === 0 ? 0 : squares / freedom }
}

/**
 * The moderated variance (Smyth 2004) of any cell of the day. Cells of an executor, or of short makespans, may be
 * noisier than others: where they are, they are not believed to be as calm as all together.
 */
export function moderatedSpreads(day: readonly Launches[]): (launches: Launches) => VariancePrior {
  const all = priorOf(day)
  const priors = new Map<string, VariancePrior>()
  for (const groupOf of [({ executor }: Launches) => executor, decadeOf])
    for (const [name, group] of groupBy(day.filter(hasSpread), groupOf)) {
      const prior = group.length < leastCells ? all : priorOf(group)
      if (prior.variance > noticeablyNoisier * all.variance) priors.set(name, prior)
    }
  return (launches) => {
    const spread: Spread = spreadOf(launches.logs)
    const own = [all, priors.get(launches.executor), priors.get(decadeOf(launches))]
    return own
      .flatMap((prior) => (prior === undefined ? [] : [moderate(spread, prior)]))
      .reduce((widest, each) => (each.variance > widest.variance ? each : widest))
  }
}
