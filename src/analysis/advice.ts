/** What to do about a function: the executor to use, how sure that is, and what would change it. */

import type { Cell, Result, Verdict } from '../results/schema.ts'
import { adviceCode } from './advice-code.ts'
import type { FunctionSource } from './advice-code.ts'
import { changesOf } from './advice-changes.ts'
import { describeProspect, rankingOf } from './advice-forecast.ts'
import type { Forecastable } from './advice-forecast.ts'
import { isYielding } from './contenders.ts'
import type { TaskDiagnosis } from './diagnosis.ts'
import { toPlainestFirst } from './plainness.ts'
import { formatCount, formatDuration, formatList, formatPercent, formatRatio } from './quantities.ts'
import { Spreads } from './spreads.ts'
import { compareArms } from './verdict.ts'
import type { Prospect } from './what-if.ts'

export interface Advice {
  /** An id of the registry. */
  readonly executor: string
  readonly workers: number | null
  /** What to do, in a sentence. */
  readonly sentence: string
  /** A program that does it. */
  readonly code: string
  /** `not raced`: it follows from the diagnosis alone. */
  readonly kind: Verdict['kind'] | 'not raced'
  /** How many times as fast as serial, with its interval at `confidence`; null where serial is the answer. */
  readonly ratio: number | null
  readonly interval: readonly [number, number] | null
  readonly confidence: number | null
  readonly launches: number
  /** How sure it is, in a sentence. */
  readonly sureness: string
  /** What would change it: size, latency, cores. */
  readonly changes: readonly string[]
}

export interface AdviceRequest {
  readonly source: FunctionSource
  readonly diagnosis: TaskDiagnosis
  readonly yieldingShare: number
  readonly cores: number
  /** Of the race; null if there was none. */
  readonly result: Result | null
  readonly budgetNeededMs: number | null
  /** What predictions are made from; null where the machine was not calibrated. */
  readonly forecastable: Forecastable | null
}

/** Predictions this close say the same. */
const near = 1.1

/** What follows from the diagnosis alone. */
function presumed({ diagnosis, yieldingShare, cores }: AdviceRequest): string {
  const { bound, hiddenShare = 0, cpuShare } = diagnosis
  if (bound === 'overhead') return 'serial'
  const overlaps = isYielding(diagnosis, yieldingShare)
  if (bound === 'io') return overlaps ? 'event-loop' : 'threads'
  if (cores < 2) return bound === 'mixed' && overlaps ? 'event-loop' : 'serial'
  return overlaps && hiddenShare > cpuShare / 2 ? 'event-loop' : 'threads'
}

/** Of those that are predicted to be about the fastest, the plainest; null where nothing is predicted. */
function foreseen({ forecastable }: AdviceRequest): Prospect | null {
  const ranking = forecastable === null ? [] : rankingOf(forecastable)
  const [best] = ranking
  if (best === undefined) return null
  const leaders = ranking.filter(({ predictedMs }) => predictedMs <= near * best.predictedMs)
  return toPlainestFirst(leaders)[0] ?? null
}

interface Picked {
  readonly cell: Cell
  readonly verdict: Verdict
  readonly ratio: number | null
  readonly interval: readonly [number, number] | null
}

/** Whether a verdict names the executor of a cell, with its workers. */
function isNamed({ executors, workers }: Verdict, cell: Cell): boolean {
  return executors.some(
    (executor, index) =>
      executor === cell.executor && (workers === undefined || workers[index] === cell.workers),
  )
}

/** Of the tied the plainest; of those still in the race the one to expect, or else the one ahead. */
function pick(request: AdviceRequest): Picked | null {
  const { result } = request
  const verdict = result?.verdicts[0]
  if (result === null || verdict === undefined) return null
  const { margin, confidence } = result.options
  const cells = result.cells.filter(({ error, launches }) => error === null && launches.length > 0)
  const leaders = cells
    .filter((candidate) => isNamed(verdict, candidate))
    .toSorted((one, other) => (one.medianMs ?? Infinity) - (other.medianMs ?? Infinity))
  const plainest = toPlainestFirst(leaders)[0]
  // What is mixed says little about who wins.
  const expectation = request.diagnosis.bound === 'mixed' ? null : presumed(request)
  const expected = leaders.find(({ executor }) => executor === expectation)
  const cell = verdict.kind === 'undecided' ? (expected ?? leaders[0]) : plainest
  if (cell === undefined) return null
  const race = { arms: cells.map(({ launches }) => launches), beaten: new Set<number>() }
  const serial = cells.findIndex(({ executor }) => executor === 'serial')
  const isOverSerial = serial !== -1 && cell.executor !== 'serial'
  if (!isOverSerial) return { cell, verdict, ratio: null, interval: null }
  const { ratio, interval } = compareArms(race, cells.indexOf(cell), serial, new Spreads([race]), {
    confidence,
    margin,
    plannedPairs: result.plannedPairs ?? 0,
  })
  return { cell, verdict, ratio, interval: Number.isFinite(interval[1]) ? interval : null }
}

function useOf(
  executor: string,
  workers: number | null,
  { diagnosis, yieldingShare }: AdviceRequest,
): string {
  if (executor === 'serial') return 'Call it where you are, one call after the other'
  if (executor === 'event-loop')
    return `Start the calls at once on the main thread${workers === null ? '' : `, up to ${workers} of them`}`
  const waits = diagnosis.bound === 'io' && !isYielding(diagnosis, yieldingShare)
  const why = waits ? ', since it blocks its thread while it waits' : ''
  const pool = executor === 'threads' ? 'thread pool' : executor === 'processes' ? 'process pool' : executor
  return `Use a ${pool}${workers === null ? '' : ` of ${formatCount(workers, 'worker')}`}${why}`
}

function gainOf(picked: Picked | null, request: AdviceRequest): string {
  const { bound, taskMs = 0, movingMs } = request.diagnosis
  if (picked === null) return ''
  if (picked.ratio !== null && picked.verdict.kind === 'undecided') {
    const isExpected = picked.cell.executor === presumed(request)
    const why = isExpected
      ? `as what bounds it suggests${picked.ratio < 1 ? ', though it was no faster here' : ''}`
      : 'which is ahead'
    return `, ${why} (${formatRatio(picked.ratio)} as fast as one call after the other so far)`
  }
  if (picked.ratio !== null) return `: ${formatRatio(picked.ratio)} as fast as one call after the other`
  if (bound === 'overhead' && movingMs !== undefined)
    return `: a call takes ${formatDuration(taskMs)}, and moving it to a worker and back ${formatDuration(movingMs)}`
  return picked.verdict.kind === 'winner' ? ': no other executor is faster' : ''
}

function surenessOf(picked: Picked | null, request: AdviceRequest): string {
  const { result, budgetNeededMs } = request
  if (picked === null || result === null) {
    const why =
      budgetNeededMs === null
        ? 'no two executors could be compared'
        : `a race would take about ${formatDuration(budgetNeededMs)}: give --budget ${Math.ceil(budgetNeededMs / 1000)}s`
    const prospect = foreseen(request)
    return prospect === null
      ? `Not measured, but concluded from what bounds it: ${why}.`
      : `Not measured, but predicted from the serial calls, ${describeProspect(prospect)} for ${formatCount(request.forecastable?.run.tasks ?? 0, 'call')}: ${why}.`
  }
  const { verdict, interval, cell } = picked
  const { confidence, margin } = result.options
  const launches = formatCount(verdict.launches ?? cell.launches.length, 'launch')
  const range = interval === null ? '' : `${formatRatio(interval[0])} to ${formatRatio(interval[1])}`
  if (verdict.kind === 'undecided') {
    const others = verdict.executors.filter((executor) => executor !== cell.executor)
    const rivals = others.length === 0 ? '' : `, with ${formatList(others)} still in the race`
    return `Not sure${rivals}: ${verdict.reason}${range === '' ? '' : ` (${range})`}.`
  }
  const found = `${formatPercent(confidence)} sure over ${launches}`
  if (verdict.kind === 'winner') return `${found}${range === '' ? '' : `: ${range}`}.`
  const tied = verdict.executors.filter((executor) => executor !== cell.executor)
  return `${found} that ${formatList([cell.executor, ...tied])} are within ${formatPercent(margin)} of each other; the plainest is named${range === '' ? '' : ` (${range})`}.`
}

/** Null where the number says nothing: there is one thread, or the calls were all in flight at once. */
function workersOf(executor: string, picked: Picked | null, { cores }: AdviceRequest): number | null {
  if (executor === 'serial') return null
  if (picked === null) return executor === 'event-loop' ? null : cores
  const { workers, tasks } = picked.cell
  return executor === 'event-loop' && (workers ?? tasks) >= tasks ? null : workers
}

export function adviseOn(request: AdviceRequest): Advice {
  const { result, source } = request
  const picked = pick(request)
  const prospect = picked === null ? foreseen(request) : null
  const executor = picked?.cell.executor ?? prospect?.executor ?? presumed(request)
  const workers =
    prospect !== null && prospect.executor !== 'serial'
      ? prospect.workers
      : workersOf(executor, picked, request)
  const kind = picked?.verdict.kind ?? 'not raced'
  const use = useOf(executor, workers, request)
  const isUnsure = kind === 'undecided' || kind === 'not raced'
  const sentence = `${isUnsure && executor !== 'serial' ? `Probably: ${use.charAt(0).toLowerCase()}${use.slice(1)}` : use}${gainOf(picked, request)}.`
  return {
    executor,
    workers,
    sentence,
    code: adviceCode(executor, workers, source),
    kind,
    ratio: picked?.ratio ?? null,
    interval: picked?.interval ?? null,
    confidence: picked === null || result === null ? null : result.options.confidence,
    launches: picked?.verdict.launches ?? 0,
    sureness: surenessOf(picked, request),
    changes: changesOf(request, executor, picked?.cell),
  }
}
