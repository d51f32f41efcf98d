/** What the model says of a function: executors that were not raced, and at which size, latency and cores which one wins. */

import type { Calibration, WhatIf } from '../results/schema.ts'
import type { SerialRun } from './model/task-demand.ts'
import { toPlainestFirst } from './plainness.ts'
import { formatCount, formatDuration, formatList } from './quantities.ts'
import { whatIf, withLatency } from './what-if.ts'
import type { Prospect } from './what-if.ts'

/** What predictions are made from. */
export interface Forecastable {
  readonly run: SerialRun
  readonly calibration: Calibration
  /** Of the machine that was measured. */
  readonly cores: number
  /** Executors that the race has shown to work otherwise than the model assumes. */
  readonly refuted: readonly string[]
}

/** Who is predicted to take no more than this beyond the fastest is still a good choice, as sure as predictions are. */
const near = 1.25
/** How far from what was measured is looked, and in which steps. */
const reach = 1000
const stepsPerDecade = 10
/** A call that is blocked for less of its time waits for nothing. */
const waitingShare = 0.05

const asMeasured = { cores: null, latencyMs: null }

/** The same tasks, each so many times as long. */
export function withLength(run: SerialRun, factor: number): SerialRun {
  const { demand, medianMs, intervalMs } = run
  const scaled = (ms: number): number => ms * factor
  return {
    ...run,
    medianMs: scaled(medianMs),
    intervalMs: intervalMs && [scaled(intervalMs[0]), scaled(intervalMs[1])],
    demand: {
      ...demand,
      mainCpuMs: scaled(demand.mainCpuMs),
      hiddenCpuMs: scaled(demand.hiddenCpuMs),
      libuvCpuMs: scaled(demand.libuvCpuMs),
      runQueueMs: scaled(demand.runQueueMs),
      blockedMs: scaled(demand.blockedMs),
      loopIdleMs: scaled(demand.loopIdleMs),
    },
  }
}

/** Every executor that the model can tell of, the fastest first. */
function prospectsOf(
  { run, calibration, cores, refuted }: Forecastable,
  change: WhatIf['change'] = asMeasured,
): Prospect[] {
  return whatIf(run, { change, calibration, cores }).filter(({ executor }) => !refuted.includes(executor))
}

/** Every executor as it is here, the fastest first. */
export function rankingOf(forecastable: Forecastable): Prospect[] {
  return prospectsOf(forecastable)
}

/** Those that are about as fast as the fastest. */
function leadersOf(ranking: readonly Prospect[]): Prospect[] {
  const bestMs = ranking[0]?.predictedMs ?? 0
  return ranking.filter(({ predictedMs }) => predictedMs <= near * bestMs)
}

const labelOf = ({ executor, workers }: Prospect): string =>
  executor === 'serial' || workers === null ? executor : `${executor} ×${workers}`

/** `threads ×2 in 4.00 ms (3.00 ms to 5.00 ms)`. */
export function describeProspect(prospect: Prospect): string {
  const [low, high] = prospect.intervalMs.map(formatDuration)
  return `${labelOf(prospect)} in ${formatDuration(prospect.predictedMs)} (${low} to ${high})`
}

/**
 * The nearest factor, going by steps from 1 up or down, at which an executor no longer is among the leaders.
 * @returns who leads there.
 */
function nearestChange(
  executor: string,
  direction: 1 | -1,
  rankingAt: (factor: number) => Prospect[],
): { factor: number; best: Prospect } | null {
  for (let step = 1; step <= stepsPerDecade * Math.log10(reach); step++) {
    const factor = 10 ** ((direction * step) / stepsPerDecade)
    const ranking = rankingAt(factor)
    const [best] = ranking
    if (best === undefined) return null
    if (!leadersOf(ranking).some((leader) => leader.executor === executor)) return { factor, best }
  }
  return null
}

/** What happens to the lead of an executor when something grows and shrinks. */
export function changesAlong(
  executor: string,
  rankingAt: (factor: number) => Prospect[],
  describe: (factor: number) => string,
): string[] {
  const [less, more] = [nearestChange(executor, -1, rankingAt), nearestChange(executor, 1, rankingAt)]
  const below = less && `at about ${describe(less.factor)} or less`
  const above = more && `at about ${describe(more.factor)} or more`
  // Only just among the leaders here: to say it twice would read as if two things happened.
  if (less !== null && more !== null && labelOf(less.best) === labelOf(more.best))
    return [`${below}, and ${above}, ${labelOf(less.best)}`]
  return [
    ...(less === null ? [] : [`${below}, ${describeProspect(less.best)}`]),
    ...(more === null ? [] : [`${above}, ${describeProspect(more.best)}`]),
  ]
}

const roughly = (ms: number): string => formatDuration(Number(ms.toPrecision(2)))

/** Nobody leads by more than others here: nothing can change. */
const unchanged = (executor: string, what: string): string =>
  `${what}: ${executor} is predicted to stay among the fastest, within a quarter, were it a thousandth or a thousand times as much.`

function sizeChange(forecastable: Forecastable, executor: string): string {
  const { run } = forecastable
  const callMs = run.medianMs / run.tasks
  const found = changesAlong(
    executor,
    (factor) => prospectsOf({ ...forecastable, run: withLength(run, factor) }),
    (factor) => roughly(callMs * factor),
  )
  if (found.length === 0) return unchanged(executor, 'Size')
  return `Size: for ${formatCount(run.tasks, 'call')} that each take longer or shorter, predicted as the fastest by more than a quarter: ${found.join('; ')}.`
}

function latencyChange(forecastable: Forecastable, executor: string): string | null {
  const { run } = forecastable
  const waitMs = run.demand.blockedMs / run.tasks
  if (run.demand.blockedMs < waitingShare * run.medianMs) return null
  const found = changesAlong(
    executor,
    (factor) => prospectsOf({ ...forecastable, run: withLatency(run, waitMs * factor) }),
    (factor) => roughly(waitMs * factor),
  )
  const now = `a call waits for ${formatDuration(waitMs)} of its ${formatDuration(run.medianMs / run.tasks)}`
  if (found.length === 0) return unchanged(executor, 'Latency')
  return `Latency: ${now}; for other waits, predicted as the fastest by more than a quarter: ${found.join('; ')}.`
}

function coresChange(forecastable: Forecastable): string {
  const { cores } = forecastable
  const counts = [1, 4 * cores].filter((count) => count !== cores)
  const found = counts.flatMap((count) => {
    const [best] = toPlainestFirst(leadersOf(prospectsOf(forecastable, { cores: count, latencyMs: null })))
    return best === undefined ? [] : [`with ${formatCount(count, 'core')} ${describeProspect(best)}`]
  })
  return `Cores: this was measured with ${formatCount(cores, 'core')}; predicted as the plainest within a quarter of the fastest: ${formatList(found)}.`
}

/** What would change the answer, as predicted: sentences, none of them measured. */
export function predictedChanges(forecastable: Forecastable, executor: string): string[] {
  return [
    sizeChange(forecastable, executor),
    latencyChange(forecastable, executor),
    coresChange(forecastable),
  ].filter((change) => change !== null)
}
