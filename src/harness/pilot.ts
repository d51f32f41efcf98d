/** Short measurements, kept out of the race, that size up a workload and choose each executor's workers. */

import type { Pilot } from '../results/schema.ts'
import type { ArmHost, OpenArm } from './arm-host.ts'
import { toCellFailure } from './cell-error.ts'
import type { CellFailure } from './cell-error.ts'
import type { CellRecord } from './cell.ts'
import type { Arm } from './events.ts'
import type { Measurement, ObservedMeasurement } from './commands.ts'
import { armsAsked, workerLadder } from './plan.ts'
import { racingTraits } from './python/executors.ts'
import { sharesOf } from './shares.ts'

export interface PilotRequest {
  readonly workload: string
  /** Ascending. */
  readonly sizes: readonly number[]
  /** Of one runtime. */
  readonly executors: readonly string[]
  /** The one that sizes up the workload, whether it races or not. */
  readonly serial: Arm
  /** What Node's pilot found out, where another runtime's twin is tried. */
  readonly ofNode?: Pick<PilotReport, 'blockedShare' | 'clearChoice'>
  /** Null: the pilot chooses. */
  readonly maxWorkers: readonly number[] | null
  readonly cores: number
  readonly openArm: OpenArm
  /** A size whose serial makespan takes longer is left out of the race. */
  readonly longestMakespanMs: number
  readonly signal: AbortSignal
}

export interface PilotedArm {
  readonly arm: Arm
  readonly chosenBy: CellRecord['chosenBy']
}

export interface PilotReport {
  readonly arms: readonly PilotedArm[]
  /** Sizes small enough for the budget. */
  readonly sizes: readonly number[]
  /** The others, each with its reason. */
  readonly skipped: readonly { readonly size: number; readonly reason: string }[]
  readonly pilots: readonly Pilot[]
  /** Makespans in ms under the serial executor, by size. */
  readonly serialMs: ReadonlyMap<number, number>
  /** What failed under the serial executor; it is not tried again there. */
  readonly serialFailures: ReadonlyMap<number, CellFailure>
  /** Of the largest size that ran, by the serial executor; null if nobody could look. */
  readonly blockedShare: number | null
  /** Where one executor's gain was so clear that all with the same choice need not try. */
  readonly clearChoice: ClearChoice | null
}

interface ClearChoice {
  readonly ladder: readonly number[]
  readonly workers: number | null
}

/** Another count has to be so much faster to be worth its workers. */
const worthwhileGain = 0.9
/** Tasks that gain so much by the most workers wait for something outside, as they do under any executor. */
const clearGain = 2
/** A first makespan is cold, above all in a pool, where every worker imports the module. Short ones are taken again. */
const shortMs = { serial: 100, pool: 500 }

interface SerialReport {
  readonly sizes: number[]
  readonly skipped: { size: number; reason: string }[]
  readonly makespansMs: Map<number, number>
  readonly failures: Map<number, CellFailure>
  readonly pilots: Pilot[]
  /** Of the largest size that ran: where the other executors are tried. */
  largest: { size: number; tasks: number; blockedShare: number | null; makespanMs: number } | null
}

const humanMs = (ms: number): string =>
  ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toPrecision(2)} s`

async function measureTwiceIfShort(host: ArmHost, serialMs: number, limitMs: number): Promise<Measurement> {
  const first = await host.warmUp(serialMs)
  return first.makespanMs < limitMs ? host.warmUp(serialMs) : first
}

/** Cold, a task may read and compile what it later has: what it waits for shows only then. */
async function observeTwiceIfShort(host: ArmHost): Promise<ObservedMeasurement> {
  const first = await host.observe(0, false)
  return first.makespanMs < shortMs.serial ? host.observe(0, false) : first
}

async function sizeUp(
  host: ArmHost,
  { runtime }: Arm,
): Promise<{ makespanMs: number; blockedShare: number | null }> {
  if (runtime !== undefined) {
    const { makespanMs } = await measureTwiceIfShort(host, 0, shortMs.serial)
    return { makespanMs, blockedShare: null }
  }
  const { makespanMs, observation } = await observeTwiceIfShort(host)
  return { makespanMs, blockedShare: sharesOf(observation.spent).blocked }
}

/** Takes every size through the serial executor, from small to large, until one is too large for the budget. */
async function pilotSerial(request: PilotRequest): Promise<SerialReport> {
  const { workload, openArm, longestMakespanMs, serial: arm, ofNode } = request
  const knownShare = ofNode?.blockedShare ?? null
  const where = arm.runtime === undefined ? '' : ` in ${arm.runtime}`
  const report: SerialReport = {
    sizes: [],
    skipped: [],
    makespansMs: new Map(),
    failures: new Map(),
    pilots: [],
    largest: null,
  }
  let host: ArmHost | undefined
  let previous: { size: number; makespanMs: number } | undefined
  try {
    for (const size of request.sizes) {
      if (request.signal.aborted) break
      const tooLong = report.skipped.at(-1)
      // Work that grows more slowly than its size is rare enough to be tried one size at a time.
      const expectedMs = previous === undefined ? 0 : (previous.makespanMs * size) / previous.size
      if (tooLong !== undefined || expectedMs > 2 * longestMakespanMs) {
        report.skipped.push({
          size,
          reason:
            tooLong?.reason ??
            `one makespan${where} would take about ${humanMs(expectedMs)}, too long for the budget: give a longer --budget`,
        })
        continue
      }
      try {
        if (host === undefined) {
          host = await openArm(arm)
          await host.start()
        }
        const tasks = await host.prepare(size)
        const { makespanMs, blockedShare } = await sizeUp(host, arm)
        report.makespansMs.set(size, makespanMs)
        previous = { size, makespanMs }
        report.pilots.push({ workload, size, ...arm, makespanMs, chosen: true })
        if (makespanMs > longestMakespanMs) {
          report.skipped.push({
            size,
            reason: `one makespan${where} takes ${humanMs(makespanMs)}, too long for the budget: give a longer --budget`,
          })
          continue
        }
        report.sizes.push(size)
        report.largest = { size, tasks, blockedShare: blockedShare ?? knownShare, makespanMs }
      } catch (error) {
        if (request.signal.aborted) break
        const failure = toCellFailure(error)
        report.failures.set(size, failure)
        report.sizes.push(size)
        if (failure.hostLost) {
          await host?.close()
          host = undefined
          if (failure.cellError.name === 'TimeoutError') break
        }
      }
    }
  } finally {
    await host?.close()
  }
  // Sizes after a time-out were not tried; the race will say so for each arm.
  for (const size of request.sizes)
    if (!report.sizes.includes(size) && !report.skipped.some((skip) => skip.size === size))
      report.sizes.push(size)
  return report
}

/** Tries an executor's worker counts, ascending, for as long as more of them help. */
async function pilotWorkers(
  request: PilotRequest,
  executor: string,
  ladder: readonly number[],
  { size, makespanMs: serialMs }: NonNullable<SerialReport['largest']>,
): Promise<Pilot[]> {
  const tried: Pilot[] = []
  const { runtime } = request.serial
  const ofRuntime = runtime === undefined ? {} : { runtime }
  // Made together, since only what follows is timed; each is closed before the next one starts its workers.
  const hosts = ladder.map((workers) => request.openArm({ executor, workers, ...ofRuntime }))
  await Promise.allSettled(hosts)
  try {
    for (const [index, workers] of ladder.entries()) {
      if (request.signal.aborted) break
      const host = (await hosts[index]) as ArmHost
      await host.start()
      await host.prepare(size)
      const { makespanMs } = await measureTwiceIfShort(host, serialMs, shortMs.pool)
      await host.close()
      const bestMs = Math.min(...tried.map((pilot) => pilot.makespanMs))
      tried.push({
        workload: request.workload,
        size,
        executor,
        workers,
        ...ofRuntime,
        makespanMs,
        chosen: false,
      })
      if (makespanMs > worthwhileGain * bestMs) break
    }
  } catch {
    // The race meets the same error and records it for the cell.
  } finally {
    const unclosed = await Promise.allSettled(hosts.slice(tried.length))
    for (const host of unclosed) if (host.status === 'fulfilled') await host.value.close()
  }
  return tried
}

/** The fewest workers that are about as fast as the best. */
function choose(tried: readonly Pilot[]): Pilot | undefined {
  const bestMs = Math.min(...tried.map((pilot) => pilot.makespanMs))
  return tried.find((pilot) => worthwhileGain * pilot.makespanMs <= bestMs)
}

/** The most workers, if they were that much faster than the next fewer. */
function clearChoiceOf(ladder: readonly number[], tried: readonly Pilot[]): ClearChoice | null {
  const [fewer, most] = tried.slice(-2)
  const isClear =
    most !== undefined &&
    fewer !== undefined &&
    tried.length === ladder.length &&
    fewer.makespanMs >= clearGain * most.makespanMs
  return isClear ? { ladder, workers: most.workers } : null
}

const isSame = (ladder: readonly number[], other: readonly number[]): boolean =>
  ladder.length === other.length && ladder.every((count, index) => count === other[index])

/** Sizes up the workload and chooses the arms of its race. Failures are recorded, never thrown. */
export async function runPilot(request: PilotRequest): Promise<PilotReport> {
  const serial = await pilotSerial(request)
  const { largest } = serial
  const { runtime } = request.serial
  const ofRuntime = runtime === undefined ? {} : { runtime }
  const pilots = [...serial.pilots]
  const arms: PilotedArm[] = []
  let clearChoice = request.ofNode?.clearChoice ?? null
  for (const executor of request.executors) {
    const asked = armsAsked(executor, request.maxWorkers)
    if (asked !== null) {
      const chosenBy = racingTraits(executor).maxWorkersCounts === 'nothing' ? 'executor' : 'option'
      arms.push(...asked.map((arm): PilotedArm => ({ arm: { ...arm, ...ofRuntime }, chosenBy })))
      continue
    }
    const ladder = workerLadder(
      executor,
      largest?.tasks ?? Infinity,
      request.cores,
      largest?.blockedShare ?? null,
    )
    if (clearChoice !== null && ladder.length > 1 && isSame(clearChoice.ladder, ladder)) {
      arms.push({ arm: { executor, workers: clearChoice.workers, ...ofRuntime }, chosenBy: 'pilot' })
      continue
    }
    const tried =
      largest === null || ladder.length === 1 ? [] : await pilotWorkers(request, executor, ladder, largest)
    clearChoice = clearChoiceOf(ladder, tried) ?? clearChoice
    const chosen = choose(tried)
    arms.push({
      arm: { executor, workers: chosen === undefined ? (ladder[0] ?? null) : chosen.workers, ...ofRuntime },
      chosenBy: chosen === undefined ? 'rule' : 'pilot',
    })
    pilots.push(...tried.map((pilot) => ({ ...pilot, chosen: pilot === chosen })))
  }
  return {
    arms,
    sizes: serial.sizes,
    skipped: serial.skipped,
    pilots,
    serialMs: serial.makespansMs,
    serialFailures: serial.failures,
    blockedShare: largest?.blockedShare ?? null,
    clearChoice,
  }
}
