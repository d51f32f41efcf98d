/** How long the garbage collector stops this thread. */

import { PerformanceObserver } from 'node:perf_hooks'
import { setImmediate as immediate } from 'node:timers/promises'

/** Starts counting pauses, each of which then costs some microseconds more; returns what ends it and tells their sum. */
export function watchGarbageCollection(): () => Promise<number> {
  let stoppedMs = 0
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) stoppedMs += duration
  })
  observer.observe({ entryTypes: ['gc'] })
  return async () => {
    // Node tells of a pause in the next turn of the event loop, and those who observe in the one after.
    await immediate()
    await immediate()
    observer.disconnect()
    return stoppedMs
  }
}
