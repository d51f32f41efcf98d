/** What the calling thread has cost: time on a core, and time spent waiting for one (which only Linux tells). */

import { openSync, readSync } from 'node:fs'

/** Since the thread began, in nanoseconds. */
export interface ThreadTimes {
  readonly onCpuNs: number
  /** Ready to go on, without a core. */
  readonly waitedNs: number
}

const bytes = Buffer.alloc(64)

/**
 * Reads an open `schedstat` file: "<on CPU> <waiting for a core> <timeslices>", see sched-stats.rst of Linux.
 * Null if the thread has ended, or if the kernel does not count.
 */
export function readTimes(fd: number): ThreadTimes | null {
  try {
    const [onCpu, waited] = bytes.toString('latin1', 0, readSync(fd, bytes, 0, bytes.length, 0)).split(' ')
    const times = { onCpuNs: Number(onCpu), waitedNs: Number(waited) }
    return times.onCpuNs > 0 && times.waitedNs >= 0 ? times : null
  } catch {
    return null
  }
}

/** Opened once a thread: each has a copy of this module, and the link leads to the thread that opens it. */
let ownFd: number | null | undefined

function openOwn(): number | null {
  try {
    return openSync('/proc/thread-self/schedstat', 'r')
  } catch {
    return null
  }
}

/**
 * The calling thread's times, or null where the system does not tell. The counts of a running thread lag up to 4 ms
 * unless `process.cpuUsage()` is called first, which makes the kernel bring them up to date.
 */
export function readOwnTimes(): ThreadTimes | null {
  if (ownFd === undefined) ownFd = openOwn()
  return ownFd === null ? null : readTimes(ownFd)
}

/** CPU time of the calling thread in nanoseconds; null on Node 20 where the system does not tell. */
export function readOwnCpuNs(): number | null {
  const read = (process as { threadCpuUsage?: () => NodeJS.CpuUsage }).threadCpuUsage
  if (read === undefined) return null
  const { user, system } = read()
  return 1000 * (user + system)
}

/** What this worker has spent so far, in nanoseconds: a process counts all its threads, a thread itself. */
export function readWorkerTimes(): { readonly cpuNs: number | null; readonly runQueueNs: number | null } {
  // Asked first in any case: the kernel's counts of a running thread lag until then.
  const { user, system } = process.cpuUsage()
  const times = readOwnTimes()
  // Loaded only now: a child that starts has no time for it.
  const { isMainThread } = process.getBuiltinModule('node:worker_threads')
  const cpuNs = isMainThread ? 1000 * (user + system) : (times?.onCpuNs ?? readOwnCpuNs())
  return { cpuNs, runQueueNs: times?.waitedNs ?? null }
}
