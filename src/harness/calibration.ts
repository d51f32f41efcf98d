/**
 * The calibration of a run: launches of known tasks under each executor, before anything is raced. They are launches
 * like any others, so that what they find was measured as cells are: same warm-ups, same rounds, same processes.
 */

import type { Calibration } from '../results/schema.ts'
import type { Random } from '../stats/random.ts'
import type { OpenArm } from './arm-host.ts'
import { armOpener } from './arm-host.ts'
import { calibrationOf, isPool, workerCounts } from './calibrated.ts'
import type { CellRecord } from './cell.ts'
import { emptyCell } from './cell.ts'
import type { Arm } from './events.ts'
import { runLaunch } from './launch.ts'
import { manyParcels, manyPayloads, sizeOf } from './known-tasks.ts'
import { makeTemporaryFolder } from './temporary-folder.ts'
import { Host } from './host.ts'

/** What one launch finds can be far from what the next one does; no second one where the first took all the time. */
const launches = 2
/** Of the budget at most. */
const budgetShare = 1 / 5
const mostMs = 3500
/** On a busy machine all takes longer: what is not done after so many times as long is left out. */
const mostOverrun = 3
/** A run with less is over before a prediction would be worth its time. */
export const leastBudgetMs = 10_000
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
    cellsOf(sizeOf.payload(1), pools),
    ...workerCounts(cores).map((workers) => cellsOf(sizeOf.kernel(workers), pools)),
    cellsOf(sizeOf.parcel(manyParcels), pools),
    cellsOf(sizeOf.payload(manyPayloads), pools),
    // What the others leave of the time is for those that take longest.
    cellsOf(sizeOf.empty(100), arms),
    cellsOf(sizeOf.empty(1000), arms),
  ].filter(({ cells }) => cells.length > 0)
  const wakeMs = await request.measureWake()
  const endMs = startMs + allottedMs(budgetMs)
  for (let launch = 0; launch < launches && (launch === 0 || now() < endMs); launch++)
    await runLaunch({
      sizes,
      openArm,
      random,
      now,
      deadlineMs: now() + Math.max(0, endMs - now()) / (launches - launch),
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
