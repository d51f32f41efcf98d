/** How long the garbage collector has stopped this thread. */

import { PerformanceObserver } from 'node:perf_hooks'
import { setImmediate as immediate } from 'node:timers/promises'

let stoppedMs = 0
let observer: PerformanceObserver | undefined

/** Starts counting, once; a collection then costs some microseconds more. */
export function watchGarbageCollection(): void {
  if (observer !== undefined) return
  observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) stoppedMs += duration
  })
  observer.observe({ entryTypes: ['gc'] })
}

/** All pauses since the watch began, in milliseconds. */
export async function garbageCollectionMs(): Promise<number> {
  // Node tells of a pause in the next turn of the event loop, and those who observe in the one after.
  await immediate()
  await immediate()
  return stoppedMs
}
