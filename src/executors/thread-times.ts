/** What the kernel has counted of the calling thread: time on a core, and time spent waiting for one (Linux only). */

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
