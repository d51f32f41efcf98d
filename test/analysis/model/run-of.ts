/** Serial runs and calibrations made up from round numbers. */
import type { SerialRun } from '#dist/analysis/model/task-demand.js'
import type { Calibration, Demand, ExecutorCalibration } from '#dist/results/schema.js'

/** Executors that cost nothing on a machine of so many perfect cores. */
export function idealCalibration(
  cores: number,
  changes: Partial<Record<string, Partial<ExecutorCalibration>>> = {},
  wakeMs = 0,
): Calibration {
  const empty = [
    { tasks: 1, makespanMs: 0 },
    { tasks: 1000, makespanMs: 0 },
  ]
  const counts = [...new Set([1, cores])]
  const pool = {
    workers: cores,
    cores: counts.map((workers) => ({ workers, cores: workers })),
    gapMs: 0,
    transportMsPerByte: 0,
  }
  const own: Record<string, Partial<ExecutorCalibration>> = {
    serial: {},
    'event-loop': {},
    threads: pool,
    processes: pool,
  }
  return {
    durationMs: 1000,
    wakeMs,
    executors: Object.entries(own).map(([executor, fields]) => ({
      executor,
      workers: null,
      startupMs: 0,
      empty,
      ...fields,
      ...changes[executor],
    })),
  }
}

/** What each of the tasks asks, in milliseconds. */
export interface Task {
  readonly mainMs?: number
  readonly libuvMs?: number
  readonly asyncWaitMs?: number
  readonly blockingMs?: number
  readonly runQueueMs?: number
}

/** The serial run of so many equal tasks. */
export function runOf(tasks: number, task: Task, changes: Partial<Demand> = {}): SerialRun {
  const { mainMs = 0, libuvMs = 0, asyncWaitMs = 0, blockingMs = 0, runQueueMs = 0 } = task
  const medianMs = tasks * (mainMs + libuvMs + asyncWaitMs + blockingMs + runQueueMs)
  const nothing = { copiedBytes: 0, mainMs: 0, workerMs: 0 }
  return {
    tasks,
    medianMs,
    intervalMs: [medianMs, medianMs],
    demand: {
      mainCpuMs: tasks * mainMs,
      hiddenCpuMs: tasks * libuvMs,
      libuvCpuMs: tasks * libuvMs,
      runQueueMs: tasks * runQueueMs,
      blockedMs: tasks * (asyncWaitMs + blockingMs),
      loopIdleMs: tasks * (libuvMs + asyncWaitMs),
      loopTurns: libuvMs + asyncWaitMs > 0 ? tasks : 0,
      longestTaskRatio: 1,
      toThreads: nothing,
      toProcesses: nothing,
      ...changes,
    },
  }
}
