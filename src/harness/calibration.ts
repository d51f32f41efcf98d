/**
 * The calibration of a run: one launch of known tasks under each executor, before anything is raced. It is a launch
 * like any other, so that what it finds was measured as cells are: same warm-ups, same rounds, same processes.
 */

import type { Calibration, ExecutorCalibration } from '../results/schema.ts'
import type { Random } from '../stats/random.ts'
import { median } from '../stats/summary.ts'
import { executorTraits } from '../executors/registry.ts'
import type { OpenArm } from './arm-host.ts'
import { armOpener } from './arm-host.ts'
import type { CellRecord } from './cell.ts'
import { emptyCell } from './cell.ts'
import { crossingsOf } from './crossing.ts'
import type { Arm } from './events.ts'
import { runLaunch } from './launch.ts'
import { longSpinMs, payloadBytes, shortSpinMs, shortSpinsPerWorker, sizeOf } from './known-tasks.ts'
import { makeTemporaryFolder } from './temporary-folder.ts'
import { Host } from './host.ts'

/** Of the budget at most. */
const budgetShare = 1 / 10
const mostMs = 2000
/** On a busy machine all takes longer: what is not done after so many times as long is left out. */
const mostOverrun = 3
/** A run with less is over before a prediction would be worth its time. */
export const leastBudgetMs = 10_000
const emptyCounts = [1, 10, 100, 1000]
const hangsAfterMs = 30_000

export interface CalibrationRequest {
  readonly executors: readonly string[]
  /** Workers of the pools. */
  readonly cores: number
  readonly budgetMs: number
  readonly openArm: OpenArm
  /** Undefined where it is not known. */
  readonly measureWake: () => Promise<number | undefined>
  readonly random: Random
  /** Milliseconds on some steady clock. */
  readonly now: () => number
  readonly signal: AbortSignal
  /** Ends the calibration alone: what was measured until then counts. */
  readonly cutOff?: AbortSignal
}

const allottedMs = (budgetMs: number): number => Math.min(mostMs, budgetMs * budgetShare)

/** Powers of two up to the number of workers, and that number. */
function workerCounts(workers: number): number[] {
  const powers = Array.from({ length: Math.ceil(Math.log2(workers)) }, (_, exponent) => 2 ** exponent)
  return [...new Set([...powers, workers])]
}

/** The medians of an arm's cells, by size. */
type Makespans = ReadonlyMap<number, number>

/** What several workers get done at once; empty where a makespan is missing. */
function coresOf(makespansMs: Makespans, workers: number): { workers: number; cores: number }[] {
  const aloneMs = makespansMs.get(sizeOf.long(1))
  return workerCounts(workers).flatMap((count) => {
    const togetherMs = makespansMs.get(sizeOf.long(count))
    if (aloneMs === undefined || togetherMs === undefined) return []
    return [{ workers: count, cores: Math.max(1, Math.min(count, (count * aloneMs) / togetherMs)) }]
  })
}

/** Between two short tasks of a worker, all of them being busy. */
function gapOf(makespansMs: Makespans, workers: number): { gapMs?: number } {
  const shortMs = makespansMs.get(sizeOf.short(workers))
  const longMs = makespansMs.get(sizeOf.long(workers))
  if (shortMs === undefined || longMs === undefined) return {}
  return { gapMs: Math.max(0, shortMs / shortSpinsPerWorker - (longMs * shortSpinMs) / longSpinMs) }
}

/** What the way adds to writing and reading bytes, which is measured with the values themselves. */
function transportOf(makespansMs: Makespans): { transportMsPerByte?: number } {
  const payloadMs = makespansMs.get(sizeOf.payload)
  const emptyMs = makespansMs.get(sizeOf.empty(1))
  if (payloadMs === undefined || emptyMs === undefined) return {}
  const looks = Array.from(
    { length: 5 },
    () => crossingsOf([new Uint8Array(payloadBytes)], [], 'clone').processes,
  )
  const ownMs = median(looks.map((look) => (look === null ? 0 : look.mainMs + look.workerMs)))
  return { transportMsPerByte: Math.max(0, payloadMs - emptyMs - ownMs) / payloadBytes }
}

function calibrationOf(arm: Arm, cells: readonly CellRecord[]): ExecutorCalibration[] {
  const measured = cells.filter(({ error, launches }) => error === null && launches.length > 0)
  const makespansMs = new Map(measured.map(({ size, launches }) => [size, median(launches.flat())]))
  const empty = emptyCounts.flatMap((tasks) => {
    const makespanMs = makespansMs.get(sizeOf.empty(tasks))
    return makespanMs === undefined ? [] : [{ tasks, makespanMs }]
  })
  if (empty.length === 0) return []
  const startupMs = measured[0]?.startupsMs[0] ?? 0
  const { executor, workers } = arm
  if (!isPool(executor) || workers === null) return [{ executor, workers: null, startupMs, empty }]
  const cores = coresOf(makespansMs, workers)
  return [
    {
      executor,
      workers,
      startupMs,
      empty,
      ...(cores.at(-1)?.workers === workers ? { cores } : {}),
      ...gapOf(makespansMs, workers),
      ...transportOf(makespansMs),
    },
  ]
}

function isPool(executor: string): boolean {
  return executorTraits(executor).maxWorkersCounts === 'workers'
}

function cellsOf(size: number, arms: readonly Arm[]): { size: number; cells: CellRecord[] } {
  return { size, cells: arms.map((arm) => emptyCell(size, arm, 'rule')) }
}

/**
 * Calibrates the executors side by side. Undefined if the budget has no room for it, or nothing could be measured;
 * an executor that fails is left out, and not predicted.
 */
export async function calibrate(request: CalibrationRequest): Promise<Calibration | undefined> {
  const { executors, cores, budgetMs, openArm, random, now, signal } = request
  if (budgetMs < leastBudgetMs) return undefined
  const startMs = now()
  const arms = executors.map((executor): Arm => ({ executor, workers: isPool(executor) ? cores : null }))
  const pools = arms.filter(({ executor }) => isPool(executor))
  // What the predictions need most comes first.
  const sizes = [
    cellsOf(sizeOf.empty(1), arms),
    cellsOf(sizeOf.empty(10), arms),
    ...workerCounts(cores).map((workers) => cellsOf(sizeOf.long(workers), pools)),
    cellsOf(sizeOf.short(cores), pools),
    cellsOf(sizeOf.payload, pools),
    cellsOf(sizeOf.empty(100), arms),
    cellsOf(sizeOf.empty(1000), arms),
  ].filter(({ cells }) => cells.length > 0)
  const wakeMs = await request.measureWake()
  const deadlineMs = startMs + allottedMs(budgetMs)
  await runLaunch({
    sizes,
    openArm,
    random,
    now,
    deadlineMs,
    observes: false,
    signal: request.cutOff ?? signal,
  })
  const cells = sizes.flatMap((size) => size.cells)
  const calibrated = arms.flatMap((arm) =>
    calibrationOf(
      arm,
      cells.filter((cell) => cell.arm === arm),
    ),
  )
  if (calibrated.length === 0 || signal.aborted) return undefined
  return {
    durationMs: now() - startMs,
    ...(wakeMs === undefined ? {} : { wakeMs }),
    executors: calibrated,
  }
}

/** Calibrates in host processes. */
export async function calibrateInHosts(
  request: Omit<CalibrationRequest, 'openArm' | 'measureWake'>,
): Promise<Calibration | undefined> {
  const cutOff = AbortSignal.any([
    request.signal,
    request.cutOff ?? AbortSignal.timeout(Math.ceil(mostOverrun * allottedMs(request.budgetMs))),
  ])
  const folder = await makeTemporaryFolder()
  try {
    const openArm = armOpener({
      source: { bundleUrl: new URL('./entry/known-tasks.js', import.meta.url).href },
      tasksInFlightPerWorker: 1,
      resources: undefined,
      taskLimit: { limitMs: hangsAfterMs, setBy: 'the calibration' },
      environment: folder.environment,
      onCalls: () => {},
      signal: cutOff,
    })
    const measureWake = (): Promise<number | undefined> => wakeInHost(folder.environment, cutOff)
    return await calibrate({ ...request, openArm, measureWake, cutOff })
  } finally {
    await folder.remove()
  }
}

async function wakeInHost(environment: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number | undefined> {
  const host = new Host(environment)
  const kill = (): void => host.kill()
  signal.addEventListener('abort', kill)
  try {
    return (await host.call('measureWake', {}, { silenceMs: hangsAfterMs })).wakeMs
  } catch {
    return undefined
  } finally {
    signal.removeEventListener('abort', kill)
    await host.close()
  }
}
