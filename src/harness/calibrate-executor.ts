/** What one executor costs on this machine, by tasks of which it is known what they ask: run in a host of its own. */

import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import type { Executor } from '../executors/executor.ts'
import type { ExecutorTraits } from '../executors/registry.ts'
import { taskRef } from '../executors/task.ts'
import { readOwnCpuNs, readOwnTimes } from '../executors/thread-times.ts'
import type { ExecutorCalibration } from '../results/schema.ts'
import { median } from '../stats/summary.ts'
import { crossingsOf } from './crossing.ts'
import type { nothing } from './entry/nothing.ts'
import type * as probes from './entry/probes.ts'
import { spin } from './entry/probes.ts'
import { measureMakespan } from './measure.ts'

const nothingTask = taskRef<typeof nothing>(new URL('./entry/nothing.js', import.meta.url), 'nothing')
const probesUrl = new URL('./entry/probes.js', import.meta.url)
const spinTask = taskRef<typeof probes.spin>(probesUrl, 'spin')
const byteLengthTask = taskRef<typeof probes.byteLength>(probesUrl, 'byteLength')

type Submission = () => Promise<unknown>

/** What a host tells of its executor; the start-up is told by opening it. */
export type Calibrated = Pick<
  ExecutorCalibration,
  'workers' | 'empty' | 'cores' | 'gapMs' | 'transportMsPerByte' | 'wakeMs'
>

/** As a cell's: a makespan begins after others have had the machine. */
const pauseMs = 2
const emptyCounts = [1, 10, 100, 1000]
/** A pool is not calibrated for longer makespans of nothing than this. */
const longestEmptyMs = 40
const shortSpinMs = 0.2
const longSpinMs = 4
const shortSpinsPerWorker = 24
const payloadBytes = 1 << 20
const wakes = 6
const wakeAfterMs = 10

const repeat = (count: number, submission: Submission): Submission[] =>
  Array.from({ length: count }, () => submission)

/** The makespan in the middle, after warm-ups as in a launch (`roundsFor`); fewer of each where it takes long. */
async function typicalMs(submissions: readonly Submission[]): Promise<number> {
  const { makespanMs: firstMs } = await measureMakespan(submissions)
  const [warmUps, rounds] = firstMs < 1 ? [4, 15] : firstMs < 10 ? [4, 7] : [1, 3]
  const makespansMs: number[] = []
  for (let index = 0; index < warmUps + rounds; index++) {
    await delay(pauseMs)
    const { makespanMs } = await measureMakespan(submissions)
    if (index >= warmUps) makespansMs.push(makespanMs)
  }
  return median(makespansMs)
}

/** Turns of `spin` in a millisecond, once it is compiled. */
function turnsPerMs(): number {
  for (let warmUp = 0; warmUp < 5; warmUp++) spin(100_000)
  const turns = 500_000
  const ratesPerMs = Array.from({ length: 5 }, () => {
    const startMs = performance.now()
    spin(turns)
    return turns / (performance.now() - startMs)
  })
  return Math.max(...ratesPerMs)
}

/** Powers of two up to the number of workers, and that number. */
function workerCounts(workers: number): number[] {
  const powers = Array.from({ length: Math.ceil(Math.log2(workers)) }, (_, exponent) => 2 ** exponent)
  return [...new Set([...powers, workers])]
}

/** Counts what several workers get done at once, and what a busy worker is idle between two tasks. */
async function calibrateWorkers(
  executor: Executor,
  workers: number,
): Promise<Pick<ExecutorCalibration, 'cores' | 'gapMs'>> {
  const turns = turnsPerMs()
  const spins = (count: number, ms: number): Submission[] =>
    repeat(count, () => executor.submit(spinTask, Math.round(ms * turns)))
  // Each worker compiles it by itself.
  await measureMakespan(spins(8 * workers, shortSpinMs))
  const cores: { workers: number; cores: number }[] = []
  let [aloneMs, togetherMs] = [0, 0]
  for (const count of workerCounts(workers)) {
    togetherMs = await typicalMs(spins(count, longSpinMs))
    if (count === 1) aloneMs = togetherMs
    cores.push({ workers: count, cores: Math.max(1, Math.min(count, (count * aloneMs) / togetherMs)) })
  }
  const cycleMs = (await typicalMs(spins(shortSpinsPerWorker * workers, shortSpinMs))) / shortSpinsPerWorker
  return { cores, gapMs: Math.max(0, cycleMs - (togetherMs * shortSpinMs) / longSpinMs) }
}

/** What the transport adds to writing and reading the bytes, which is measured with the values themselves. */
async function calibrateTransport(executor: Executor, emptyMs: number): Promise<number> {
  const bytes = new Uint8Array(payloadBytes)
  const makespanMs = await typicalMs([() => executor.submit(byteLengthTask, bytes)])
  const looks = Array.from({ length: 5 }, () => crossingsOf([bytes], [], 'clone').processes)
  const ownMs = median(looks.map((look) => (look === null ? 0 : look.mainMs + look.workerMs)))
  return Math.max(0, makespanMs - emptyMs - ownMs) / payloadBytes
}

/** CPU time of the calling thread. */
function readCpuMs(): number {
  // Asking makes the kernel bring its counts up to date.
  const { user, system } = process.cpuUsage()
  const ns = readOwnTimes()?.onCpuNs ?? readOwnCpuNs()
  return ns === null ? (user + system) / 1000 : ns / 1e6
}

async function cpuMsOf(run: () => Promise<unknown>): Promise<number> {
  const before = readCpuMs()
  await run()
  return readCpuMs() - before
}

/** CPU time of being woken: what timers in a row take more than as many at once. */
async function calibrateWake(): Promise<number> {
  const inARowMs = await cpuMsOf(async () => {
    for (let index = 0; index < wakes; index++) await delay(wakeAfterMs)
  })
  const atOnceMs = await cpuMsOf(() =>
    Promise.all(repeat(wakes, () => delay(wakeAfterMs)).map((wait) => wait())),
  )
  return Math.max(0, inARowMs - atOnceMs) / (wakes - 1)
}

/**
 * Calibrates an executor that has been warmed up; it must be idle. Some 200 ms.
 * @param counts what its `maxWorkers` counts.
 */
export async function calibrateExecutor(
  executor: Executor,
  counts: ExecutorTraits['maxWorkersCounts'],
): Promise<Calibrated> {
  const empty: { tasks: number; makespanMs: number }[] = []
  for (const tasks of emptyCounts) {
    const makespanMs = await typicalMs(repeat(tasks, () => executor.submit(nothingTask, undefined)))
    empty.push({ tasks, makespanMs })
    if (makespanMs > longestEmptyMs) break
  }
  if (counts === 'nothing') return { workers: null, empty, wakeMs: await calibrateWake() }
  if (counts === 'tasks') return { workers: null, empty }
  const workers = executor.workers.length
  const emptyMs = empty[0]?.makespanMs ?? 0
  return {
    workers,
    empty,
    ...(await calibrateWorkers(executor, workers)),
    transportMsPerByte: await calibrateTransport(executor, emptyMs),
  }
}
