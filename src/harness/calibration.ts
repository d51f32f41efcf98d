/**
 * The calibration of a run: launches of known tasks under each executor, spread over the run, since a machine is not
 * as fast in one minute as in the next. They are launches like any others, so that what they find was measured as
 * cells are: same warm-ups, same rounds, same processes.
 */

import { executorTraits } from '../executors/registry.ts'
import type { Calibration } from '../results/schema.ts'
import type { Random } from '../stats/random.ts'
import { median } from '../stats/summary.ts'
import type { OpenArm } from './arm-host.ts'
import { armOpener } from './arm-host.ts'
import { calibrationOf, callerCounts, isPool, withCommonCores, workerCounts } from './calibrated.ts'
import type { CellRecord } from './cell.ts'
import { emptyCell } from './cell.ts'
import type { Arm } from './events.ts'
import { runLaunch } from './launch.ts'
import { manyParcels, manyPayloads, sizeOf } from './known-tasks.ts'
import { makeTemporaryFolder } from './temporary-folder.ts'
import { Host } from './host.ts'

/** What one launch finds can be far from what the next one does; no further one where these took all the time. */
const mostLaunches = 8
/** Of the budget; of a short one more, since a single launch takes some seconds. */
const budgetShare = { usual: 1 / 12, most: 1 / 5 }
const enoughMs = 3500
/** Of the budget at most, however busy the machine is: what is not done by then is left out. */
export const mostCalibrationShare = 0.3
/** A run with less is over before a prediction would be worth its time. */
export const leastBudgetMs = 10_000
const hangsAfterMs = 30_000

const allottedMs = (budgetMs: number): number =>
  Math.max(budgetMs * budgetShare.usual, Math.min(enoughMs, budgetMs * budgetShare.most))

/** Where known tasks run; what tests replace. */
export interface KnownHosts {
  readonly openArm: OpenArm
  /** Undefined where it is not known. */
  readonly measureWake: () => Promise<number | undefined>
}

export interface CalibrationRequest {
  readonly executors: readonly string[]
  /** Workers of the pools. */
  readonly cores: number
  readonly budgetMs: number
  /** @param cutOff ends everything there at once. */
  readonly openHosts: (cutOff: AbortSignal) => KnownHosts
  readonly random: Random
  /** Milliseconds on some steady clock. */
  readonly now: () => number
  readonly signal: AbortSignal
}

interface KnownSize {
  readonly size: number
  readonly cells: CellRecord[]
}

function known(size: number, arms: readonly Arm[]): KnownSize {
  return { size, cells: arms.map((arm) => emptyCell(size, arm, 'rule')) }
}

function sizesOf(arms: readonly Arm[], cores: number): KnownSize[] {
  const pools = arms.filter(({ executor }) => isPool(executor))
  // What tasks that wait cost a worker more is told by what they cost the main thread.
  const serial = arms.filter(({ executor }) => executor === 'serial')
  const copying = pools.filter(({ executor }) => !executorTraits(executor).sharesMemory)
  return [
    // First and ascending, as the sizes of a workload are: what ran before leaves code compiled and memory full.
    ...[1, 10, 100, 1000].map((tasks) => known(sizeOf.empty(tasks), arms)),
    // All at once first: what comes to one worker alone then finds it as warm, whichever it is.
    ...workerCounts(cores)
      .toReversed()
      .map((workers) => known(sizeOf.long(workers), pools)),
    known(sizeOf.short(cores), pools),
    ...callerCounts(cores).map((tasks) => known(sizeOf.calling(tasks), [...serial, ...pools])),
    known(sizeOf.payload(1), copying),
    known(sizeOf.parcel(manyParcels), copying),
    known(sizeOf.payload(manyPayloads), copying),
  ].filter(({ cells }) => cells.length > 0)
}

/** Calibrates the executors side by side, a launch whenever it is asked to. */
export class Calibrator {
  readonly #request: CalibrationRequest
  readonly #arms: readonly Arm[]
  readonly #sizes: readonly KnownSize[]
  readonly #allottedMs: number
  readonly #mostMs: number
  readonly #beganMs: number
  readonly #wakesMs: number[] = []
  #launches = 0
  #spentMs = 0
  #longestLaunchMs = 0

  constructor(request: CalibrationRequest) {
    const { executors, cores, budgetMs } = request
    this.#request = request
    this.#arms = executors.map((executor) => ({ executor, workers: isPool(executor) ? cores : null }))
    this.#sizes = sizesOf(this.#arms, cores)
    this.#allottedMs = budgetMs < leastBudgetMs ? 0 : allottedMs(budgetMs)
    this.#mostMs = budgetMs * mostCalibrationShare
    this.#beganMs = request.now()
  }

  /** Whether there is time for one more launch. */
  get hasTime(): boolean {
    const { signal } = this.#request
    const neededMs = this.#spentMs + this.#longestLaunchMs / 2
    return !signal.aborted && this.#launches < mostLaunches && neededMs < this.#allottedMs
  }

  /** Whether it is time for one, so that they are spread over the budget. */
  get isDue(): boolean {
    const { now, budgetMs } = this.#request
    const launchesPlanned = Math.min(mostLaunches, this.#allottedMs / Math.max(1, this.#longestLaunchMs))
    return this.hasTime && now() - this.#beganMs >= (this.#launches * budgetMs) / launchesPlanned
  }

  async launch(): Promise<void> {
    const { openHosts, random, now, signal } = this.#request
    const startMs = now()
    const mostMs = Math.max(1, Math.ceil(this.#mostMs - this.#spentMs))
    const cutOff = AbortSignal.any([signal, AbortSignal.timeout(mostMs)])
    const { openArm, measureWake } = openHosts(cutOff)
    const wakeMs = await measureWake()
    if (wakeMs !== undefined) this.#wakesMs.push(wakeMs)
    const { closed } = await runLaunch({
      sizes: this.#sizes,
      openArm,
      random,
      now,
      // Not pressed for time: with fewer warm-ups than a cell gets, known tasks would seem dearer than they are in one.
      deadlineMs: startMs + mostMs,
      observes: false,
      signal: cutOff,
    })
    await closed
    this.#launches++
    this.#spentMs += now() - startMs
    this.#longestLaunchMs = Math.max(this.#longestLaunchMs, now() - startMs)
  }

  /** Undefined if nothing could be measured; an executor that failed is left out, and not predicted. */
  get found(): Calibration | undefined {
    const cells = this.#sizes.flatMap((size) => size.cells)
    const executors = this.#arms.flatMap((arm) =>
      calibrationOf(
        arm,
        cells.filter((cell) => cell.arm === arm),
      ),
    )
    if (executors.length === 0) return undefined
    return {
      durationMs: this.#spentMs,
      ...(this.#wakesMs.length === 0 ? {} : { wakeMs: median(this.#wakesMs) }),
      executors: withCommonCores(executors),
    }
  }
}

/** Calibrates at once. Undefined if the budget has no room for it, or it was interrupted. */
export async function calibrate(request: CalibrationRequest): Promise<Calibration | undefined> {
  const calibrator = new Calibrator(request)
  while (calibrator.hasTime) await calibrator.launch()
  return request.signal.aborted ? undefined : calibrator.found
}

/** Host processes, in a temporary folder of their own until they are disposed of. */
export async function knownHosts(): Promise<
  Pick<CalibrationRequest, 'openHosts'> & { [Symbol.asyncDispose](): Promise<void> }
> {
  const folder = await makeTemporaryFolder()
  const { environment } = folder
  return {
    openHosts: (cutOff) => ({
      openArm: armOpener({
        source: { bundleUrl: new URL('./entry/known-tasks.js', import.meta.url).href },
        tasksInFlightPerWorker: 1,
        resources: undefined,
        taskLimit: { limitMs: hangsAfterMs, setBy: 'the calibration' },
        environment,
        onCalls: () => {},
        signal: cutOff,
      }),
      measureWake: () => wakeInHost(environment, cutOff),
    }),
    [Symbol.asyncDispose]: () => folder.remove(),
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
