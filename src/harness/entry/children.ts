/**
 * A thread that looks at this process's child processes while the main thread may be blocked on one: how long each has
 * waited for a core, which nobody can tell once it has ended.
 */

import { readFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { childSlots, isWatching, readSchedstat, watchIntervalMs } from '../children-slots.ts'
import type { ChildrenMemory } from '../children-slots.ts'

const { control, slots } = workerData as ChildrenMemory

function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1')
    return text.split(' ').flatMap((word) => (word.trim() === '' ? [] : [Number(word)]))
  } catch {
    return []
  }
}

/** Children and theirs: a shell runs its command in one of its own. */
function descendantsOf(pid: number, depth = 3): number[] {
  const children = childrenOf(pid)
  return depth === 1 ? children : children.flatMap((child) => [child, ...descendantsOf(child, depth - 1)])
}

function look(startMs: number): void {
  for (const pid of descendantsOf(process.pid)) {
    const times = readSchedstat(pid)
    if (times === null) continue
    const { onCpuMs, waitedMs } = times
    let slot = 0
    while (slot < childSlots && slots[3 * slot] !== 0 && slots[3 * slot] !== pid) slot++
    if (slot === childSlots) return
    if (slots[3 * slot] === 0) {
      // One that is older than the watch has waited before it, too.
      const isOlder = onCpuMs + waitedMs > performance.now() - startMs
      slots[3 * slot + 1] = isOlder ? waitedMs : 0
      slots[3 * slot] = pid
    }
    slots[3 * slot + 2] = waitedMs
  }
}

// The first field is the id of this thread.
parentPort?.postMessage(Number.parseInt(readFileSync('/proc/thread-self/stat', 'latin1'), 10), [])
for (;;) {
  Atomics.wait(control, 0, 0)
  const startMs = performance.now()
  while (Atomics.load(control, 0) === isWatching) {
    look(startMs)
    Atomics.wait(control, 0, isWatching, watchIntervalMs)
  }
}
