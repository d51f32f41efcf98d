/**
 * Predicts what each executor will take, from the serial run alone and from what the machine was calibrated to.
 *
 * Each makespan has bounds that no schedule beats: what one task takes from end to end, and what all tasks together
 * ask of each resource (a thread, a core, libuv's threads), divided by how many of it there are. These are the
 * asymptotic bounds of operational analysis (Denning and Buzen, "The operational analysis of queueing network
 * models", 1978); where nothing else is in the way, the largest of them is what a makespan takes, which is what is
 * predicted. Tasks of unequal length add at most what list scheduling may lose on the longest (Graham, "Bounds on
 * multiprocessing timing anomalies", 1969).
 *
 * Assumed: tasks share nothing but cores, the kernel and libuv's threads; what one waits for has room for all; a task
 * costs as much elsewhere as under the serial executor, but for the waking of the event loop, which tasks in flight
 * share.
 */

import type { Calibration, ExecutorCalibration } from '../results/schema.ts'
import { calibrationOf, callMs, coresFor, emptyMakespanMs, gapAfter } from './model/machine.ts'
import { taskDemand } from './model/task-demand.ts'
import type { SerialRun, TaskDemand } from './model/task-demand.ts'

/** Where the model expects the time to go: as `costsMs` of a cell, the mean over the workers. */
export interface MakespanTerms {
  readonly dispatch: number
  readonly transfer: number
  readonly cpu: number
  readonly runQueue: number
  readonly blocked: number
}

export interface Forecast {
  readonly predictedMs: number
  readonly intervalMs: readonly [number, number]
  readonly terms: MakespanTerms
}

/** What is asked: an executor, with its workers (event loop: tasks in flight, null without a bound). */
export interface Contender {
  readonly executor: string
  readonly workers: number | null
}

export interface ModelOptions {
  readonly calibration: Calibration
  /** Cores of a machine that was not measured; null: this one. */
  readonly machineCores?: number | null
  /** What being far from what was measured adds to the doubt, as a share of the prediction. */
  readonly furtherDoubt?: number
}

/** The executors of which the model knows how they work. */
export const modelledExecutors = ['serial', 'event-loop', 'threads', 'processes'] as const

/** Threads of libuv's pool, for a process (`UV_THREADPOOL_SIZE` can change it; libuv, "Thread pool work scheduling"). */
const libuvThreads = 4
/** The sleep that the calibration wakes from. */
const calibratedSleepMs = 10
/** What a task has to send so as to need a message of its own. */
const parcelBytes = 8192
/** However many wake-ups are saved, so much of the main thread's work is the task itself. */
const leastOwnShare = 0.1

/** How far off each part of a prediction may easily be, as a share of it. */
const doubt = { model: 0.1, dispatch: 0.4, transfer: 0.5, saved: 0.5, kernel: 0.8, crowd: 0.4 }

interface Estimate {
  readonly predictedMs: number
  readonly terms: MakespanTerms
  /** What is predicted to be saved by waking the event loop less often. */
  readonly savedMs: number
  /** Of the workers, those that have no core of their own: their CPU work gets in each other's way. */
  readonly crowdShare: number
}

/** Everything in flight on one thread: waiting overlaps where it leaves the loop idle, nothing else does. */
function onEventLoop(
  run: SerialRun,
  task: TaskDemand,
  limit: number | null,
  calibratedWakeMs: number,
  own: ExecutorCalibration,
  cores: number,
  warmth: number,
): Estimate {
  const { tasks } = run
  const inFlight = Math.min(limit ?? tasks, tasks)
  const { mainMs, hiddenMs, blockedMs, asyncShare, stretch } = task
  const wakeMs = calibratedWakeMs * Math.min(1, task.sleepMs / calibratedSleepMs) * stretch
  const savedMs = Math.min(
    asyncShare * task.sleeps * wakeMs * (1 - 1 / inFlight),
    mainMs * (1 - leastOwnShare),
  )
  const threadMs = mainMs - savedMs + (1 - asyncShare) * (hiddenMs + blockedMs)
  const inLibuvMs = task.usesLibuv ? asyncShare * (hiddenMs + blockedMs) : 0
  const bottleneckMs = Math.max(
    threadMs,
    inLibuvMs / Math.min(libuvThreads, inFlight),
    (mainMs - savedMs + hiddenMs) / cores,
  )
  const dispatchMs = warmth * emptyMakespanMs(own, tasks)
  const workMs = Math.max(
    task.wallMs * task.longestRatio,
    (tasks * task.wallMs) / inFlight,
    task.wallMs + (tasks - 1) * bottleneckMs,
  )
  const onCpuMs = Math.min(workMs, tasks * (mainMs - savedMs + hiddenMs))
  return {
    predictedMs: dispatchMs + workMs,
    savedMs: tasks * savedMs,
    crowdShare: 0,
    terms: {
      dispatch: dispatchMs,
      transfer: 0,
      cpu: onCpuMs / stretch,
      runQueue: onCpuMs - onCpuMs / stretch,
      blocked: workMs - onCpuMs,
    },
  }
}

/** Workers that each take one task after the other; the submitting thread feeds them all. */
function inPool(
  run: SerialRun,
  task: TaskDemand,
  { executor, workers: asked }: Contender,
  own: ExecutorCalibration,
  serial: ExecutorCalibration,
  machineCores: number | null,
): Estimate | null {
  const { tasks } = run
  const crossing = executor === 'threads' ? run.demand.toThreads : run.demand.toProcesses
  // Not told how many cores there are, nobody can say what several workers get done.
  if (crossing === null || own.cores === undefined) return null
  const pool = asked ?? own.workers ?? 1
  const workers = Math.min(pool, tasks)
  const { wallMs, mainMs, hiddenMs, blockedMs, stretch } = task
  const cores = coresFor(own, workers, machineCores)
  // Threads have none of these: what a thread is given lies where it was written.
  const { transportMsPerByte = 0, feedMsPerByte = transportMsPerByte, messageMs = 0 } = own
  const bytes = crossing.copiedBytes / tasks
  const parcelMs = messageMs * Math.min(1, bytes / parcelBytes)
  const [writeMs, readMs] = [crossing.mainMs / tasks, crossing.workerMs / tasks]
  // What the bytes of one task take, and what those of many take that follow each other.
  const crossMs = writeMs + readMs + bytes * transportMsPerByte + parcelMs
  const feedMs = writeMs + bytes * feedMsPerByte + parcelMs
  // A pipe keeps both its ends busy.
  const crossCpuMs = writeMs + readMs + 2 * (bytes * feedMsPerByte + parcelMs)
  const gapMs = gapAfter(own, serial, { wallMs, tasks, workers })
  const callsMs = task.usesLibuv ? task.sleeps * callMs(own, serial, { tasks, workers }) : 0
  const turns = Math.ceil(tasks / workers)
  const unevenMs = wallMs * (task.longestRatio - 1) * (1 - 1 / workers)
  const turnsMs = Math.max(turns * wallMs, (tasks / workers) * wallMs + unevenMs)
  const libuvPools = executor === 'threads' ? 1 : workers
  const inLibuvMs = task.usesLibuv ? task.asyncShare * (hiddenMs + blockedMs) : 0
  const predictedMs = Math.max(
    emptyMakespanMs(own, workers) + turnsMs + turns * (crossMs + callsMs) + (turns - 1) * gapMs,
    emptyMakespanMs(own, tasks) + tasks * feedMs,
    emptyMakespanMs(own, 1) + blockedMs + (tasks * (mainMs + hiddenMs + crossCpuMs)) / cores,
    (tasks * inLibuvMs) / Math.min(libuvThreads * libuvPools, workers * libuvThreads),
  )
  const ofEach = (ms: number): number => (tasks * ms) / pool
  const onCpuMs = ofEach(mainMs + hiddenMs)
  const transfer = ofEach(crossMs)
  const blocked = ofEach(blockedMs)
  // Of the workers that have tasks; what is left when all else is counted.
  const dispatch = Math.max(0, (predictedMs * workers) / pool - onCpuMs - transfer - blocked)
  return {
    predictedMs,
    savedMs: 0,
    crowdShare: Math.max(0, 1 - cores / workers),
    terms: { dispatch, transfer, cpu: onCpuMs / stretch, runQueue: onCpuMs - onCpuMs / stretch, blocked },
  }
}

/**
 * Predicts the makespan of an executor.
 * @returns null for an executor that the model does not know, that was not calibrated, or to which the tasks' inputs
 *   cannot be sent.
 */
export function predictMakespan(
  run: SerialRun,
  contender: Contender,
  { calibration, machineCores = null, furtherDoubt = 0 }: ModelOptions,
): Forecast | null {
  const serial = calibrationOf(calibration, 'serial')
  const own = calibrationOf(calibration, contender.executor)
  if (serial === undefined || own === undefined || !(run.medianMs > 0)) return null
  const task = taskDemand(run, emptyMakespanMs(serial, run.tasks))
  const estimate = estimateOf(run, task, contender, serial, own, calibration, machineCores)
  if (estimate === null) return null
  const { predictedMs, terms, savedMs, crowdShare } = estimate
  const [low, high] = run.intervalMs ?? [run.medianMs, run.medianMs]
  const onCpuMs = Math.min(predictedMs, run.tasks * (task.mainMs + task.hiddenMs))
  const ratio = Math.hypot(
    doubt.model,
    furtherDoubt,
    // What the serial run leaves open, and the run that is predicted will leave open as well.
    (Math.SQRT2 * (high - low)) / 2 / run.medianMs,
    (doubt.dispatch * terms.dispatch) / predictedMs,
    (doubt.transfer * terms.transfer) / predictedMs,
    (doubt.saved * savedMs) / predictedMs,
    (doubt.kernel * task.kernelShare * onCpuMs) / predictedMs,
    (doubt.crowd * crowdShare * onCpuMs) / predictedMs,
  )
  return { predictedMs, terms, intervalMs: [predictedMs / (1 + ratio), predictedMs * (1 + ratio)] }
}

function estimateOf(
  run: SerialRun,
  task: TaskDemand,
  contender: Contender,
  serial: ExecutorCalibration,
  own: ExecutorCalibration,
  calibration: Calibration,
  machineCores: number | null,
): Estimate | null {
  switch (contender.executor) {
    case 'event-loop': {
      // Only a pool can tell how many cores there are; libuv's threads are no others.
      const threads = calibrationOf(calibration, 'threads') ?? calibrationOf(calibration, 'processes')
      const cores = coresFor(threads ?? own, libuvThreads + 1, machineCores)
      // Tasks that took less than none at all do: the executors' code was not yet as fast when it was calibrated.
      const warmth = Math.min(1, run.medianMs / emptyMakespanMs(serial, run.tasks))
      return onEventLoop(run, task, contender.workers, calibration.wakeMs ?? 0, own, cores, warmth)
    }
    case 'threads':
    case 'processes':
      return inPool(run, task, contender, own, serial, machineCores)
    case 'serial': {
      const dispatch = emptyMakespanMs(serial, run.tasks)
      const onCpuMs = run.tasks * (task.mainMs + task.hiddenMs)
      return {
        predictedMs: dispatch + run.tasks * task.wallMs,
        savedMs: 0,
        crowdShare: 0,
        terms: {
          dispatch,
          transfer: 0,
          cpu: onCpuMs / task.stretch,
          runQueue: onCpuMs - onCpuMs / task.stretch,
          blocked: run.tasks * task.blockedMs,
        },
      }
    }
    default:
      return null
  }
}
