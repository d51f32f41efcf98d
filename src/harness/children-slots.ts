/** The memory that the main thread shares with the thread that watches its child processes. */

import { readFileSync } from 'node:fs'

export interface ChildrenMemory {
  /** One entry: whether to watch. */
  readonly control: Int32Array
  /** Three entries a child: its process id (0: free), and what it had waited for a core at first and at last, in ms. */
  readonly slots: Float64Array
}

/** More children at once than this are not watched. */
export const childSlots = 64
export const isWatching = 1
/** What a child waits between the last look and its end is not seen. */
export const watchIntervalMs = 10

/** Times of the main thread of a process; null once it has ended, or where the system does not tell. */
export function readSchedstat(pid: number): { readonly onCpuMs: number; readonly waitedMs: number } | null {
  try {
    const [onCpu, waited] = readFileSync(`/proc/${pid}/schedstat`, 'latin1').split(' ')
    return { onCpuMs: Number(onCpu) / 1e6, waitedMs: Number(waited) / 1e6 }
  } catch {
    return null
  }
}
