/** A makespan that does not count, looked at from all sides: observing takes time. */

import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import type { Executor, TaskTrace } from '../executors/executor.ts'
import { prepareForChildren, startAccount } from './accounting.ts'
import type { TimeSpent } from './accounting.ts'
import { splitOnThread, splitPooled } from './costs.ts'
import type { MakespanCosts } from './costs.ts'
import type { Crossings } from './crossing.ts'
import type { DispatchCost } from './dispatch-cost.ts'
import { measureMakespan } from './measure.ts'
import { payloadOf } from './payload.ts'
import type { Payload } from './payload.ts'
import { mostTimelineTasks, taskTimesOf } from './timeline.ts'
import type { TaskTimes } from './timeline.ts'
import { readCpuMs, readPeakRssBytes } from './worker-processes.ts'

/** What one makespan cost. */
export interface Observation {
  /** In the host process. */
  readonly spent: TimeSpent
  readonly costs: MakespanCosts
  readonly dispatch: DispatchCost
  /** Null if nothing leaves this thread, or if it cannot be sized. */
  readonly inputs: Payload | null
  readonly outputs: Payload | null
  /** Processes other than the host in which tasks ran; null where tasks are not traced. */
  readonly workerProcesses: number | null
  /** CPU time of the host, its workers and its children; null where the system does not tell of all of them. */
  readonly cpuMs: number | null
  /** Of the host and its worker processes so far; null as above. */
  readonly peakRssBytes: number | null
  /** How late the host's event loop was: 99 of 100 times it was no later. Null if nobody looked. */
  readonly loopDelayP99Ms: number | null
  /** Turns of the host's event loop: about as often its thread was woken. */
  readonly loopTurns?: number
  /** How long each task took, in the order of the inputs; of traced tasks on this thread. */
  readonly taskMs?: readonly number[]
  /** Of the serial executor: what its tasks would take to reach a worker. */
  readonly crossings?: Crossings
}

export interface ObservedMakespan {
  readonly makespanMs: number
  readonly outputs: unknown[]
  readonly observation: Observation
  readonly times: TaskTimes
}

export interface ObserveRequest {
  readonly executor: Executor
  readonly submissions: readonly (() => Promise<unknown>)[]
  /** Whether tasks leave this thread. */
  readonly isPool: boolean
  /** Whether the delay of the event loop is sampled, which wakes it every millisecond. */
  readonly watchesLoop: boolean
  /** Whether tasks of this thread are timed one by one; those of a pool always are. */
  readonly tracesTasks?: boolean
  readonly inputs: Payload | null
  readonly dispatch: DispatchCost
}

/** Tasks of a makespan that are timed one by one on this thread at most. */
export const mostTasksTimed = 1024

/** The shortest that Node samples at. */
const resolutionMs = 1

/** More than a timeline keeps: they are told in the order in which tasks end, and kept in that of their start. */
const mostTracesOnThread = 10 * mostTimelineTasks

/** Samples the delay of the event loop from now on; what is returned ends it. */
async function watchLoop(): Promise<() => number> {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs })
  histogram.enable()
  // A delay is the time between two samples: without a first one, one long block would leave none.
  await delay(2 * resolutionMs)
  return () => {
    histogram.disable()
    return histogram.count === 0 ? 0 : Math.max(0, histogram.percentile(99) / 1e6 - resolutionMs)
  }
}

/** @throws what the first failing task threw. */
export async function observeMakespan({
  executor,
  submissions,
  isPool,
  watchesLoop,
  tracesTasks = isPool,
  inputs,
  dispatch,
}: ObserveRequest): Promise<ObservedMakespan> {
  const traces: TaskTrace[] = []
  // What all tasks on this thread took together the account tells; to keep the traces of many would cost as well.
  const mostTraces = tracesTasks ? Infinity : mostTracesOnThread
  const onTask = (trace: TaskTrace): void => {
    if (traces.length < mostTraces) traces.push(trace)
  }
  executor.on('task', onTask)
  const pids = [...new Set(executor.workers.map(({ pid }) => pid))].filter((pid) => pid !== process.pid)
  try {
    await prepareForChildren()
    const endWatch = watchesLoop ? await watchLoop() : null
    const cpuBefore = readCpuMs(pids)
    let endAccount: (() => Promise<TimeSpent>) | undefined
    let ended: Promise<TimeSpent> | undefined
    let [startNs, endNs] = [0n, 0n]
    let loopTurns = 0
    const { makespanMs, outputs } = await measureMakespan(submissions, {
      before: () => {
        loopTurns = -readLoopTurns()
        endAccount = startAccount()
        startNs = process.hrtime.bigint()
      },
      after: () => {
        endNs = process.hrtime.bigint()
        ended = endAccount?.()
        loopTurns += readLoopTurns()
      },
    })
    if (ended === undefined) throw new Error('a makespan has no end')
    // The event loop turns meanwhile, and takes its last sample; traces are told a little later than results.
    const spent = await ended
    const loopDelayP99Ms = endWatch === null ? null : endWatch()
    const cpuAfter = readCpuMs(pids)
    const outputsPayload = isPool ? payloadOf(outputs) : null
    const costs = !isPool
      ? splitOnThread(makespanMs, spent, submissions.length, dispatch)
      : splitPooled({
          traces,
          startNs,
          endNs,
          workers: executor.workers.length,
          dispatch,
          inputs,
          outputs: outputsPayload,
          libuvCpuMs: pids.length === 0 ? (spent.libuvCpuMs ?? 0) : 0,
        })
    const children = spent.childrenCpuMs ?? 0
    const observation: Observation = {
      spent,
      costs,
      dispatch,
      inputs,
      outputs: outputsPayload,
      workerProcesses: isPool ? workerProcesses(traces) : null,
      cpuMs:
        cpuBefore === null || cpuAfter === null
          ? null
          : spent.cpuMs + children + Math.max(0, cpuAfter - cpuBefore),
      peakRssBytes: peakRssBytes(pids),
      loopDelayP99Ms,
      loopTurns,
      ...(isPool || !tracesTasks ? {} : { taskMs: traces.map(durationMs) }),
    }
    const taskCount = submissions.length
    const times = taskTimesOf({ traces, taskCount, startNs, endNs, workers: executor.workers })
    return { makespanMs, outputs, observation, times }
  } finally {
    executor.off('task', onTask)
  }
}

const durationMs = ({ startedAtNs, endedAtNs }: TaskTrace): number => Number(endedAtNs - startedAtNs) / 1e6

const readLoopTurns = (): number => performance.nodeTiming.uvMetricsInfo.loopCount

function workerProcesses(traces: readonly TaskTrace[]): number {
  const pids = new Set(traces.map(({ worker }) => worker.pid))
  pids.delete(process.pid)
  return pids.size
}

function peakRssBytes(pids: readonly number[]): number | null {
  const others = readPeakRssBytes(pids)
  // Node converts what the system says to kilobytes.
  return others === null ? null : others + 1024 * process.resourceUsage().maxRSS
}
