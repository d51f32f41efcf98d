/** Where the time of a measurement went, as far as the host's own process can tell. */

import { readFileSync } from 'node:fs'

export interface TimeSpent {
  /** CPU time of all threads of this process; its children's is not in it. */
  readonly cpuMs: number
  /** How long this thread was ready to go on and had no core; 0 where the system does not say. */
  readonly runQueueMs: number
}

/** Nanoseconds this thread has waited for a core since it began; null where the kernel does not count them. */
function runQueueNs(): number | null {
  try {
    // "<on CPU> <waiting for a core> <timeslices>", see Documentation/scheduler/sched-stats.rst of Linux.
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[1])
  } catch {
    return null
  }
}

/** Starts counting; the function returned says what was spent since. */
export function startAccount(): () => TimeSpent {
  // In this order: the kernel brings its counts up to date when CPU time is asked for (they lag up to 4 ms).
  const before = process.cpuUsage()
  const waitedBefore = runQueueNs()
  return () => {
    const used = process.cpuUsage(before)
    const waited = runQueueNs()
    return {
      cpuMs: (used.user + used.system) / 1000,
      runQueueMs: waited === null || waitedBefore === null ? 0 : (waited - waitedBefore) / 1e6,
    }
  }
}

/** The shares of a makespan: on CPU, waiting for a core, and the rest, which was spent blocked. They add up to 1. */
export interface Shares {
  readonly cpu: number
  readonly runQueue: number
  readonly blocked: number
}

/** Time as shares of the makespan; CPU time of several threads at once counts as one that was always on CPU. */
export function sharesOf({ cpuMs, runQueueMs }: TimeSpent, makespanMs: number): Shares {
  const runQueue = Math.min(1, runQueueMs / makespanMs)
  const cpu = Math.min(1 - runQueue, cpuMs / makespanMs)
  return { cpu, runQueue, blocked: 1 - runQueue - cpu }
}
