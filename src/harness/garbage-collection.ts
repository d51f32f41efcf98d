/** How long the garbage collector stops this thread. */

import { PerformanceObserver } from 'node:perf_hooks'
import { setImmediate as immediate } from 'node:timers/promises'

/**
 * Starts to note pauses, each of which then costs some microseconds more. What is returned ends that, and tells how
 * long they were between two times of `performance.now()`.
 */
export function watchGarbageCollection(): (startMs: number, endMs: number) => Promise<number> {
  const pauses: { readonly startTime: number; readonly duration: number }[] = []
  const observer = new PerformanceObserver((list) => {
    pauses.push(...list.getEntries())
  })
  observer.observe({ entryTypes: ['gc'] })
  return async (startMs, endMs) => {
    // Node tells of a pause in the next turn of the event loop, and those who observe in the one after.
    await immediate()
    await immediate()
    observer.disconnect()
    return pauses
      .filter(({ startTime }) => startTime >= startMs && startTime < endMs)
      .reduce((total, { duration }) => total + duration, 0)
  }
}
