/** A makespan, split into what its workers did with it: pure, from the tasks' traces or the account of one thread. */

import type { TaskTrace } from '../executors/executor.ts'
import type { TimeSpent } from './accounting.ts'
import type { DispatchCost } from './dispatch-cost.ts'
import type { Payload } from './payload.ts'
import { sharesOf } from './shares.ts'

/**
 * What one makespan went into, as the mean over the workers (an executor without workers has one, the main thread):
 * all parts together are the makespan. Null: not told by this system, and then a part of `blockedMs`, or, if that is
 * null as well, of what is missing from the sum.
 */
export interface MakespanCosts {
  readonly makespanMs: number
  /** Null for an executor that has none. */
  readonly workers: number | null
  /** Between two tasks of a worker: handing over, and waiting for the thread that submits. */
  readonly dispatchMs: number
  /** What the bytes of inputs, and of outputs, add to that. */
  readonly transferInMs: number
  readonly transferOutMs: number
  /** Within tasks: on the CPU, waiting for a core, and the rest. */
  readonly cpuMs: number | null
  readonly runQueueMs: number | null
  readonly blockedMs: number | null
  /** Workers that got no task. */
  readonly idleMs: number
  /** Workers whose last task had ended while others still worked. */
  readonly imbalanceMs: number
}

const clamp = (value: number, most: number): number => Math.min(most, Math.max(0, value))

/** An executor on the main thread: the account tells all but what handing over takes. */
export function splitOnThread(
  makespanMs: number,
  spent: TimeSpent,
  tasks: number,
  { atOnceMs }: DispatchCost,
): MakespanCosts {
  const { cpu, runQueue, blocked } = sharesOf(spent)
  const dispatchMs = Math.min(cpu * makespanMs, tasks * atOnceMs)
  return {
    makespanMs,
    workers: null,
    dispatchMs,
    transferInMs: 0,
    transferOutMs: 0,
    cpuMs: cpu * makespanMs - dispatchMs,
    runQueueMs: runQueue === null ? null : runQueue * makespanMs,
    blockedMs: blocked * makespanMs,
    idleMs: 0,
    imbalanceMs: 0,
  }
}

export interface PooledMakespan {
  /** Of all tasks. */
  readonly traces: readonly TaskTrace[]
  readonly startNs: bigint
  readonly endNs: bigint
  readonly workers: number
  readonly dispatch: DispatchCost
  /** Null if they cannot be sized: all is dispatch then. */
  readonly inputs: Payload | null
  readonly outputs: Payload | null
  /** CPU time of libuv's threads of this process, which tasks in threads share; 0 for tasks elsewhere. */
  readonly libuvCpuMs: number
}

/** What the tasks of one worker took of its time, in milliseconds. */
interface Timeline {
  readonly busyMs: number
  /** Before a task, with nothing to do but wait for it; and after one, until its result had arrived. */
  readonly inMs: number
  readonly outMs: number
  /** After the last result. */
  readonly restMs: number
}

const ms = (ns: bigint): number => Number(ns) / 1e6
const earlier = (one: bigint, other: bigint): bigint => (one < other ? one : other)
const later = (one: bigint, other: bigint): bigint => (one > other ? one : other)

function timelineOf(traces: readonly TaskTrace[], startNs: bigint, endNs: bigint): Timeline {
  let [busyNs, inNs, outNs] = [0n, 0n, 0n]
  let atNs = startNs
  // When the result of the task that ended last arrives.
  let settledNs = startNs
  for (const trace of traces.toSorted((one, other) => Number(one.startedAtNs - other.startedAtNs))) {
    const from = earlier(later(trace.startedAtNs, atNs), endNs)
    const to = earlier(later(trace.endedAtNs, from), endNs)
    const arrivedNs = earlier(later(settledNs, atNs), from)
    outNs += arrivedNs - atNs
    inNs += from - arrivedNs
    busyNs += to - from
    if (to > atNs) settledNs = trace.settledAtNs
    else if (trace.endedAtNs === atNs) settledNs = later(settledNs, trace.settledAtNs)
    atNs = to
  }
  const arrivedNs = earlier(later(settledNs, atNs), endNs)
  outNs += arrivedNs - atNs
  return { busyMs: ms(busyNs), inMs: ms(inNs), outMs: ms(outNs), restMs: ms(endNs - arrivedNs) }
}

/** The part of a worker's busy time for which something holds that is known task by task; null if it is not known. */
function busyPart(
  traces: readonly TaskTrace[],
  busyMs: number,
  field: 'cpuNs' | 'runQueueNs',
): number | null {
  let partNs = 0n
  let elapsedNs = 0n
  for (const trace of traces) {
    const part = trace[field]
    if (part === null) return null
    partNs += part
    elapsedNs += trace.endedAtNs - trace.startedAtNs
  }
  // A ratio, since tasks that overlap have each counted what all of them cost.
  return elapsedNs === 0n ? 0 : clamp((busyMs * Number(partNs)) / Number(elapsedNs), busyMs)
}

/** No payload takes longer than this to cross, each way, and may hold up every worker: 100 ns a byte. */
const slowestMsPerByte = 1e-4

/** A pool: the tasks' traces tell what each worker did when. */
export function splitPooled(makespan: PooledMakespan): MakespanCosts {
  const { traces, startNs, endNs, dispatch, inputs, outputs } = makespan
  const makespanMs = ms(endNs - startNs)
  const byWorker = new Map<string, TaskTrace[]>()
  for (const trace of traces) {
    const key = `${trace.worker.pid} ${trace.worker.threadId}`
    byWorker.set(key, [...(byWorker.get(key) ?? []), trace])
  }
  const workers = Math.max(makespan.workers, byWorker.size)
  let [busyMs, inMs, outMs, restMs] = [0, 0, 0, 0]
  let cpuMs: number | null = 0
  let runQueueMs: number | null = 0
  for (const ofWorker of byWorker.values()) {
    const timeline = timelineOf(ofWorker, startNs, endNs)
    busyMs += timeline.busyMs
    inMs += timeline.inMs
    outMs += timeline.outMs
    restMs += timeline.restMs
    const waited = busyPart(ofWorker, timeline.busyMs, 'runQueueNs')
    const used = busyPart(ofWorker, timeline.busyMs, 'cpuNs')
    runQueueMs = waited === null || runQueueMs === null ? null : runQueueMs + waited
    cpuMs = used === null || cpuMs === null ? null : cpuMs + Math.min(used, timeline.busyMs - (waited ?? 0))
  }
  if (cpuMs !== null) cpuMs += clamp(makespan.libuvCpuMs, busyMs - cpuMs - (runQueueMs ?? 0))

  // What tasks without payload would have taken is dispatch; bytes have their share in the rest, if there are any.
  const mostMs = (payload: Payload | null): number => workers * (payload?.copiedBytes ?? 0) * slowestMsPerByte
  const roundTripsMs = traces.length * dispatch.aloneMs
  const transferMs = clamp(inMs + outMs - roundTripsMs, mostMs(inputs) + mostMs(outputs))
  const inExcessMs = clamp(inMs - roundTripsMs / 2, mostMs(inputs))
  const outExcessMs = clamp(outMs - roundTripsMs / 2, mostMs(outputs))
  const excessMs = inExcessMs + outExcessMs
  const inShare = excessMs === 0 ? 0.5 : inExcessMs / excessMs

  return {
    makespanMs,
    workers,
    dispatchMs: (inMs + outMs - transferMs) / workers,
    transferInMs: (transferMs * inShare) / workers,
    transferOutMs: (transferMs * (1 - inShare)) / workers,
    cpuMs: cpuMs === null ? null : cpuMs / workers,
    runQueueMs: runQueueMs === null ? null : runQueueMs / workers,
    blockedMs: cpuMs === null ? null : Math.max(0, busyMs - cpuMs - (runQueueMs ?? 0)) / workers,
    idleMs: ((workers - byWorker.size) * makespanMs) / workers,
    imbalanceMs: restMs / workers,
  }
}
