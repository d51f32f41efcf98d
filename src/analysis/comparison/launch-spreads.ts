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

/** Fewer do not show what they have in common. */
const leastCells = 4

const hasSpread = ({ logs }: Launches): boolean => logs.length >= 2
const decadeOf = ({ logs, typicalMs = Math.exp(logs[0] ?? 0) }: Launches): string =>
  `1e${Math.floor(Math.log10(typicalMs))} ms`

const priorOf = (launches: readonly Launches[]): VariancePrior =>
  variancePrior(launches.map(({ logs }) => spreadOf(logs)))

/** What a few cells show is by themselves, and no calmer than all of them: a prior would count their own launches twice. */
function fewSpreads(launches: readonly Launches[]): (launches: Launches) => VariancePrior {
  const spreads = launches.map(({ logs }) => spreadOf(logs))
  const sumOf = (part: keyof Spread): number => spreads.reduce((sum, spread) => sum + spread[part], 0)
  const pooled = sumOf('squares') / Math.max(1, sumOf('freedom'))
  return ({ logs }) => {
    const { squares, freedom } = spreadOf(logs)
    return { freedom, variance: Math.max(pooled, squares / Math.max(1, freedom)) }
  }
}

/**
 * The moderated variance (Smyth 2004) of any cell of the day. Cells of an executor, or of short makespans, may be
 * noisier than others: where they are, they are not believed to be as calm as all together.
 */
export function moderatedSpreads(day: readonly Launches[]): (launches: Launches) => VariancePrior {
  const known = day.filter(hasSpread)
  if (known.length < leastCells) return fewSpreads(known)
  const all = priorOf(known)
  const priors = new Map<string, VariancePrior>()
  for (const groupOf of [({ executor }: Launches) => executor, decadeOf])
    for (const [name, group] of groupBy(known, groupOf)) {
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
