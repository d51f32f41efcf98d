/** Tells how long child processes waited for a core: a child that does looks like I/O to the parent that waits for it. */

import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { childSlots, isWatching, readSchedstat } from './children-slots.ts'
import type { ChildrenMemory } from './children-slots.ts'

const memory: ChildrenMemory = {
  control: new Int32Array(new SharedArrayBuffer(4)),
  slots: new Float64Array(new SharedArrayBuffer(3 * 8 * childSlots)),
}
let watcher: Promise<number | null> | undefined

async function startWatcher(): Promise<number | null> {
  try {
    const thread = new Worker(new URL('./entry/children.js', import.meta.url), {
      workerData: memory,
      execArgv: [],
      env: {},
      argv: [],
    })
    thread.unref()
    thread.on('error', () => {})
    const [threadId] = (await once(thread, 'message')) as [number]
    return threadId
  } catch {
    // A system without /proc.
    return null
  }
}

/** Starts the thread that watches children, if it is not there yet; answers its id in `/proc/self/task`, or null. */
export async function prepareChildrenWatch(): Promise<number | null> {
  watcher ??= startWatcher()
  return watcher
}

/** Begins to watch; what is returned ends it, and tells how long the children that ended meanwhile had waited. */
export function watchChildren(): () => number {
  const { control, slots } = memory
  slots.fill(0)
  Atomics.store(control, 0, isWatching)
  Atomics.notify(control, 0)
  return () => {
    Atomics.store(control, 0, 0)
    Atomics.notify(control, 0)
    let waitedMs = 0
    for (let slot = 0; slot < childSlots && slots[3 * slot] !== 0; slot++) {
      const [pid = 0, firstMs = 0, lastMs = 0] = slots.subarray(3 * slot, 3 * slot + 3)
      // What a child does that lives on is not what was waited for.
      if (readSchedstat(pid) === null) waitedMs += lastMs - firstMs
    }
    return waitedMs
  }
}
