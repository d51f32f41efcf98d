/** One launch of one contender: this process opens its pool of two, measures its part, and prints the numbers. */

import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { SharedBytes } from '#dist/executors/index.js'
import type { Contender } from './contenders.ts'
import { measureLarge, measureShared, measureSmall, measureTree } from './payloads.ts'
import type { Numbers } from './measures.ts'

/** A pool as benchmarks/peers makes it. */
export interface RacedPool {
  run(task: string, input?: unknown): Promise<unknown>
  /** Ours: the real `map`. */
  map?(task: string, inputs: readonly unknown[], options?: { chunkSize: number }): AsyncIterable<unknown>
  /** Ours: bytes that workers share. */
  share?(byteLength: number): SharedBytes
  close(): unknown
}

/** What a launch measures: its start, trees of objects, the round trip on one core (which `taskset` sees to), or the rest. */
export type Part = 'start' | 'tree' | 'pinned' | 'whole'

interface Adapter {
  open(
    kind: string,
    workers: number,
    settings?: Readonly<Record<string, unknown>>,
  ): RacedPool | Promise<RacedPool>
}

const inFlight = 64
/** Long enough for everything to be up and compiled, in all processes, on one core as well. */
const warmUpMs = 1000
const mapInputs = Array.from({ length: 10_000 }, (_, index) => index)

/** Keeps `inFlight` tasks in flight for a while; returns how many ended a millisecond. */
async function throughput(pool: RacedPool, durationMs: number): Promise<number> {
  const startMs = performance.now()
  let ended = 0
  const lane = async (): Promise<void> => {
    while (performance.now() - startMs < durationMs) {
      await pool.run('nothing')
      ended++
    }
  }
  await Promise.all(Array.from({ length: inFlight }, lane))
  return ended / (performance.now() - startMs)
}

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN

async function roundTripUs(pool: RacedPool, durationMs: number): Promise<number> {
  const startMs = performance.now()
  const durations: number[] = []
  for (let atMs = startMs; atMs - startMs < durationMs;) {
    await pool.run('nothing')
    const nowMs = performance.now()
    durations.push(nowMs - atMs)
    atMs = nowMs
  }
  return 1000 * median(durations)
}

/** The least of some: what is measured is milliseconds, and whatever else runs only adds. */
async function leastMs(times: number, measured: () => Promise<unknown>): Promise<number> {
  let least = Infinity
  for (let time = 0; time < times; time++) {
    const startMs = performance.now()
    await measured()
    least = Math.min(least, performance.now() - startMs)
  }
  return least
}

async function drain(outputs: AsyncIterable<unknown>): Promise<void> {
  let last: unknown
  for await (const output of outputs) last = output
  if (last !== 9999 ** 2) throw new Error(`A map gave ${String(last)} at its end.`)
}

async function measureMap(pool: RacedPool): Promise<Numbers> {
  const times = 7
  if (pool.map !== undefined) {
    const by = (options?: { chunkSize: number }) => async () => {
      if (pool.map !== undefined) await drain(pool.map('square', mapInputs, options))
    }
    return {
      mapOneMs: await leastMs(times, by({ chunkSize: 1 })),
      mapTunedMs: await leastMs(times, by({ chunkSize: 256 })),
      mapUntunedMs: await leastMs(times, by()),
    }
  }
  const chunks: number[][] = []
  for (let at = 0; at < mapInputs.length; at += 256) chunks.push(mapInputs.slice(at, at + 256))
  return {
    mapOneMs: await leastMs(times, () => Promise.all(mapInputs.map((input) => pool.run('square', input)))),
    mapTunedMs: await leastMs(times, async () =>
      ((await Promise.all(chunks.map((chunk) => pool.run('squares', chunk)))) as number[][]).flat(),
    ),
  }
}

async function measureAll(pool: RacedPool, contender: Contender): Promise<Numbers> {
  await throughput(pool, warmUpMs)
  const tasksPerMs = await throughput(pool, 400)
  const numbers = {
    tasksPerMs,
    roundTripUs: await roundTripUs(pool, 200),
    ...(await measureMap(pool)),
  }
  // JSON has no bytes.
  if (contender.role === 'inexact' || contender.name === 'raw fork json') return numbers
  const large = { ...(await measureSmall(pool)), ...(await measureLarge(pool)) }
  const parentPeakMB = (process.resourceUsage().maxRSS * 1024) / 1e6
  const isThreads = contender.kind === 'threads'
  const peaks = isThreads ? [] : await Promise.all([1, 2, 3, 4].map(() => pool.run('peakBytes')))
  const childrenPeakMB = (2 * Math.max(...(peaks as number[]))) / 1e6
  return {
    ...numbers,
    ...large,
    parentPeakMB,
    ...(isThreads ? {} : { childrenPeakMB }),
    // Last, since it would count for the peaks, which are those of the measurements that all take part in.
    ...(await measureShared(pool)),
  }
}

/** Prints the numbers as JSON and ends this process. */
export async function playArm(contender: Contender, part: Part): Promise<never> {
  const beganMs = performance.now()
  const adapter = (await import(
    pathToFileURL(resolve('benchmarks/peers', `${contender.peer}.mjs`)).href
  )) as Adapter
  const startMs = performance.now()
  const pool = await adapter.open(contender.kind, 2, contender.settings)
  await pool.run('nothing')
  const firstAtMs = performance.now()
  const play = async (): Promise<Numbers> => {
    if (part === 'start') return { startMs: firstAtMs - startMs, importAndStartMs: firstAtMs - beganMs }
    if (part === 'tree') return measureTree(pool)
    if (part === 'whole') return measureAll(pool, contender)
    await roundTripUs(pool, warmUpMs)
    return { pinnedUs: await roundTripUs(pool, 200) }
  }
  process.stdout.write(`\n${JSON.stringify(await play())}\n`, () => process.exit(0))
  return new Promise(() => {})
}
