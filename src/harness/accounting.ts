/** Where the time of a measurement went, as the kernel has counted it: read before and after, never within. */

import { openSync, readSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { readOwnCpuNs, readOwnTimes } from '../executors/thread-times.ts'
import type { ThreadTimes } from '../executors/thread-times.ts'
import { prepareChildrenWatch, watchChildren } from './children.ts'
import { watchGarbageCollection } from './garbage-collection.ts'
import { spentBetween, Threads } from './threads.ts'
import type { ThreadKind } from './threads.ts'

/** What a stretch of time cost this process, in milliseconds. Null: this system does not tell. */
export interface TimeSpent {
  readonly wallMs: number
  /** CPU time of all threads, those that have ended included; not that of child processes. */
  readonly cpuMs: number
  /** The part of it in the kernel, in steps of its clock: true of many milliseconds together; absent: not told. */
  readonly kernelMs?: number
  /** The main thread on a core. */
  readonly mainCpuMs: number | null
  /** The main thread ready to go on, and waiting for a core. */
  readonly mainRunQueueMs: number | null
  /** V8's threads: garbage collection, compiling. */
  readonly v8CpuMs: number | null
  /** libuv's threads: file system, zlib, crypto, DNS. */
  readonly libuvCpuMs: number | null
  /** All threads but the main one and V8's, waiting for a core; it can exceed the time that went by. */
  readonly otherRunQueueMs: number | null
  /** Child processes that ended in this time and were waited for; in steps of 10 ms. */
  readonly childrenCpuMs: number | null
  /** The same children, waiting for a core; absent where nobody watched them. */
  readonly childrenRunQueueMs?: number
  /** The main thread stopped by the garbage collector. */
  readonly gcMs: number
  /** The event loop had nothing to do but wait (and, being waited for, for a core). */
  readonly loopIdleMs: number
}

/** Linux reports clock ticks to user space in hundredths of a second, whatever it uses inside (proc(5), times(2)). */
const tickMs = 10
const statBytes = Buffer.alloc(1024)
let statFd: number | null | undefined

function openStat(): number | null {
  try {
    return openSync('/proc/self/stat', 'r')
  } catch {
    return null
  }
}

/** CPU time of all children waited for so far. */
function readChildrenCpuMs(): number | null {
  if (statFd === undefined) statFd = openStat()
  if (statFd === null) return null
  const text = statBytes.toString('latin1', 0, readSync(statFd, statBytes, 0, statBytes.length, 0))
  // The name of the program, in parentheses, may hold anything; cutime and cstime are fields 16 and 17.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields[13]) + Number(fields[14])
  return Number.isFinite(ticks) ? ticks * tickMs : null
}

let threads: Threads | undefined

/**
 * Gets ready to account; to be called in the main thread before any worker is started: on Node 20 threads have no
 * names, and are known by when they began.
 */
export function prepareAccounting(): void {
  threads ??= new Threads()
}

let watchesChildren = false

/**
 * Has child processes watched from now on, if there have been any: on a busy machine they wait for a core, and the
 * parent for them. To be called between two measurements.
 */
export async function prepareForChildren(): Promise<void> {
  if (watchesChildren || (readChildrenCpuMs() ?? 0) === 0) return
  prepareAccounting()
  const tid = await prepareChildrenWatch()
  if (tid === null) return
  threads?.own(tid)
  watchesChildren = true
}

interface MainReading {
  readonly cpuMs: number
  readonly kernelMs: number
  readonly threadCpuMs: number | null
  readonly times: ThreadTimes | null
  readonly loopIdleMs: number
  readonly atMs: number
}

/** In this order, before and after: asking for CPU time makes the kernel bring its counts up to date. */
function readMain(): MainReading {
  const { user, system } = process.cpuUsage()
  const times = readOwnTimes()
  return {
    cpuMs: (user + system) / 1000,
    kernelMs: system / 1000,
    threadCpuMs: toMs(times?.onCpuNs ?? readOwnCpuNs()),
    times,
    loopIdleMs: performance.eventLoopUtilization().idle,
    atMs: performance.now(),
  }
}

const toMs = (ns: number | null): number | null => (ns === null ? null : ns / 1e6)

const difference = (after: number | null | undefined, before: number | null | undefined): number | null =>
  typeof after === 'number' && typeof before === 'number' ? Math.max(0, after - before) : null

/**
 * Starts counting. The function returned reads the counters when it is called, and tells what was spent since; both
 * together take some 100 µs. None of it is within what they enclose, but they leave cold caches and an observer of the
 * collector: not for makespans that count (`npm run bench:accounting`).
 */
export function startAccount(): () => Promise<TimeSpent> {
  prepareAccounting()
  const endWatch = watchGarbageCollection()
  const threadsBefore = threads?.read() ?? null
  const childrenBefore = readChildrenCpuMs()
  const endChildren = watchesChildren ? watchChildren() : null
  const before = readMain()
  return async () => {
    const after = readMain()
    const childrenRunQueueMs = endChildren?.()
    const threadsAfter = threads?.read() ?? null
    const childrenAfter = readChildrenCpuMs()
    const spent = (...kinds: ThreadKind[]): { onCpuMs: number; waitedMs: number } | null =>
      threadsBefore === null || threadsAfter === null
        ? null
        : spentBetween(threadsBefore, threadsAfter, kinds)
    const waitedNs = difference(after.times?.waitedNs, before.times?.waitedNs)
    return {
      wallMs: after.atMs - before.atMs,
      cpuMs: Math.max(0, after.cpuMs - before.cpuMs - (spent('accounting')?.onCpuMs ?? 0)),
      kernelMs: Math.max(0, after.kernelMs - before.kernelMs),
      mainCpuMs: difference(after.threadCpuMs, before.threadCpuMs),
      mainRunQueueMs: toMs(waitedNs),
      v8CpuMs: spent('v8')?.onCpuMs ?? null,
      libuvCpuMs: spent('libuv')?.onCpuMs ?? null,
      otherRunQueueMs: spent('libuv', 'other')?.waitedMs ?? null,
      childrenCpuMs: difference(childrenAfter, childrenBefore),
      ...(childrenRunQueueMs === undefined ? {} : { childrenRunQueueMs }),
      gcMs: await endWatch(before.atMs, after.atMs),
      loopIdleMs: after.loopIdleMs - before.loopIdleMs,
    }
  }
}

/** What several stretches of time cost together. */
export function sumOf([first, ...rest]: readonly [TimeSpent, ...TimeSpent[]]): TimeSpent {
  const sum = (field: (spent: TimeSpent) => number | null): number | null =>
    rest.reduce<number | null>((total, spent) => {
      const more = field(spent)
      return total === null || more === null ? null : total + more
    }, field(first))
  const childrenRunQueueMs = sum((spent) => spent.childrenRunQueueMs ?? null)
  const kernelMs = sum((spent) => spent.kernelMs ?? null)
  return {
    ...(childrenRunQueueMs === null ? {} : { childrenRunQueueMs }),
    ...(kernelMs === null ? {} : { kernelMs }),
    wallMs: sum(({ wallMs }) => wallMs) ?? 0,
    cpuMs: sum(({ cpuMs }) => cpuMs) ?? 0,
    mainCpuMs: sum(({ mainCpuMs }) => mainCpuMs),
    mainRunQueueMs: sum(({ mainRunQueueMs }) => mainRunQueueMs),
    v8CpuMs: sum(({ v8CpuMs }) => v8CpuMs),
    libuvCpuMs: sum(({ libuvCpuMs }) => libuvCpuMs),
    otherRunQueueMs: sum(({ otherRunQueueMs }) => otherRunQueueMs),
    childrenCpuMs: sum(({ childrenCpuMs }) => childrenCpuMs),
    gcMs: sum(({ gcMs }) => gcMs) ?? 0,
    loopIdleMs: sum(({ loopIdleMs }) => loopIdleMs) ?? 0,
  }
}
