/** How launches spread, as all races of a run say together: what a verdict believes before its own launches show it. */

import { lagOneCorrelation } from '../stats/autocorrelation.ts'
import { variancePrior } from '../stats/moderated-variance.ts'
import type { Spread, VariancePrior } from '../stats/moderated-variance.ts'
import { median, sumOfSquares } from '../stats/summary.ts'
import { launchRatios, minLaunches } from './race.ts'
import type { Race } from './race.ts'

/**
 * Standard deviation of a launch's log-ratio that is believed in at the least while launches are few: a pool can be
 * off for its whole life, and three launches that agree by chance do not show it. (In simulation 42 % of the runs
 * named a false winner without this floor, when launches share an offset.)
 */
export const spreadFloor = 0.1
/** Samples that must have a spread before what variances have in common is estimated from them. */
const leastSamples = 12
/**
 * Two arms whose variance is so many times that of all pairs are noisier than others; less can be chance (24 samples
 * of three launches know a variance to a factor of 1.3 or so).
 */
export const noticeablyNoisier = 1.5
/** What is believed of a variance where there are not so many: little. */
const presumedFreedom = 3

export const spreadOf = (sample: readonly number[]): Spread => ({
  squares: sumOfSquares(sample),
  freedom: sample.length - 1,
})

const withSpread = (samples: readonly (readonly number[])[]) =>
  samples.filter((sample) => sample.length >= minLaunches)
const isEnough = (samples: readonly (readonly number[])[]): boolean =>
  withSpread(samples).length >= leastSamples

/** What samples say together of the variance of each; they differ in how noisy they are, and by how much is seen. */
function priorOf(samples: readonly (readonly number[])[]): VariancePrior {
  const spreads = withSpread(samples).map(spreadOf)
  if (isEnough(samples)) return variancePrior(spreads)
  const freedom = spreads.reduce((sum, spread) => sum + spread.freedom, 0)
  const squares = spreads.reduce((sum, spread) => sum + spread.squares, 0)
  return { freedom: presumedFreedom, variance: freedom === 0 ? spreadFloor ** 2 : squares / freedom }
}

/** What the races of a run say of how launches spread: about a pair of arms, and about any one arm. */
export class Spreads {
  /** Of the logarithms of an arm's makespans. */
  readonly ofArms: VariancePrior
  /** How alike neighbouring launches are: 0 unless arms drift apart in the course of the run. */
  readonly correlation: number
  readonly #ofAllPairs: VariancePrior
  readonly #ofPairs: readonly (readonly (VariancePrior | undefined)[])[]

  constructor(races: readonly Race[]) {
    const most = Math.max(0, ...races.map(({ arms }) => arms.length))
    const indexes = Array.from({ length: most }, (_, index) => index)
    const samples = indexes.map((i) =>
      indexes
        .slice(0, i)
        .map((j) => races.map((race) => launchRatios(race.arms[i] ?? [], race.arms[j] ?? []))),
    )
    const pairs = samples.flat(2)
    this.#ofAllPairs = priorOf(pairs)
    this.#ofPairs = samples.map((row) => row.map((alike) => (isEnough(alike) ? priorOf(alike) : undefined)))
    this.ofArms = priorOf(
      races.flatMap(({ arms }) => arms.map((launches) => launches.map((launch) => Math.log(median(launch))))),
    )
    this.correlation = lagOneCorrelation(pairs)
  }

  /**
   * Of the log-ratios of two arms, by their indexes: what all pairs say, and besides what all races say of these two
   * if they are noisier than others (pools may be where one thread is calm). The latter is not enough by itself: what
   * all cells share, such as one slow life of a pool, looks like agreement among the races of two arms.
   */
  ofPair(first: number, second: number): readonly VariancePrior[] {
    const all = this.#ofAllPairs
    const own = this.#ofPairs[Math.max(first, second)]?.[Math.min(first, second)]
    return own !== undefined && own.variance > noticeablyNoisier * all.variance ? [all, own] : [all]
  }
}
