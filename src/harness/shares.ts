/** The shares of a stretch of time, concluded from what the kernel has counted of it. */

import type { Shares } from '../analysis/diagnosis.ts'
import type { TimeSpent } from './accounting.ts'

const clamp = (value: number, most: number): number => Math.min(most, Math.max(0, value))

/**
 * CPU time of V8's threads for which the main thread has waited: while they end a collection together, which it does
 * with its event loop not idle. All else they do, marking and compiling, goes on beside it.
 */
function collecting({ v8CpuMs, gcMs, loopIdleMs }: TimeSpent, asleepMs: number): number {
  return Math.min(v8CpuMs ?? 0, gcMs, Math.max(0, asleepMs - loopIdleMs))
}

/**
 * The CPU work that hides while the main thread sleeps is that of all threads (C) less the main one's (M) and V8's,
 * with the part of V8's that was waited for, and that of children that ended. It cannot have taken longer than the
 * main thread neither worked nor waited for a core. Of the time left, the others' wait for a core is no I/O either;
 * what remains is.
 *
 * C and not a sum over threads: one that has ended is no longer listed. Where the system does not tell threads
 * apart, all CPU time counts as work, at most one core's, and time without a core looks blocked.
 *
 * Not seen: I/O that CPU work overlaps; that a task waits by spinning (it is on the CPU); that the process was
 * stopped, or waits for V8 to compile WebAssembly (both look blocked); what a child does that is still alive.
 */
export function sharesOf(spent: TimeSpent): Shares {
  const { wallMs, cpuMs, mainCpuMs, mainRunQueueMs, v8CpuMs, libuvCpuMs, otherRunQueueMs, gcMs } = spent
  if (wallMs <= 0) return { cpu: 0, runQueue: null, blocked: 1, hidden: 0, libuv: 0, children: 0, gc: 0 }
  const main = clamp(mainCpuMs ?? cpuMs, wallMs)
  const mainRunQueue = clamp(mainRunQueueMs ?? 0, wallMs - main)
  const asleep = wallMs - main - mainRunQueue

  const threads = Math.max(0, cpuMs - main - (v8CpuMs ?? 0))
  const v8 = collecting(spent, asleep)
  const children = spent.childrenCpuMs ?? 0
  const elsewhere = threads + v8 + children
  const hidden = Math.min(asleep, elsewhere)
  // Where they were more at once than the main thread could wait for, each has its part.
  const scale = elsewhere === 0 ? 0 : hidden / elsewhere

  const otherRunQueue = clamp((otherRunQueueMs ?? 0) + (spent.childrenRunQueueMs ?? 0), asleep - hidden)
  const cpu = Math.min(1, (main + hidden) / wallMs)
  const runQueue = mainRunQueueMs === null ? null : Math.min(1, (mainRunQueue + otherRunQueue) / wallMs)
  return {
    cpu,
    runQueue,
    blocked: Math.max(0, 1 - cpu - (runQueue ?? 0)),
    hidden: hidden / wallMs,
    // No part is more than the whole, whatever rounding says.
    libuv: clamp(Math.min(threads, libuvCpuMs ?? 0) * scale, hidden) / wallMs,
    children: clamp(children * scale, hidden) / wallMs,
    gc: clamp(gcMs, main + v8 * scale) / wallMs,
  }
}
