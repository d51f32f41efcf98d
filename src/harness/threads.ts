/** The other threads of this process, told apart by what they are for, with what the kernel has counted of each. */

import { access, closeSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { readTimes } from '../executors/thread-times.ts'
import type { ThreadTimes } from '../executors/thread-times.ts'

/**
 * `v8`: collects garbage and compiles. `libuv`: file system, zlib, crypto, DNS. `accounting`: ours. `other`: workers,
 * add-ons.
 */
export type ThreadKind = 'main' | 'v8' | 'libuv' | 'accounting' | 'other'

interface Named {
  readonly tid: string
  /** As in `/proc/self/task/<tid>/comm`. */
  readonly name: string
}

/** Threads of V8's platform unless `--v8-pool-size` says otherwise; the scheduler of delayed tasks comes on top. */
const defaultV8PoolSize = 4

function v8PoolSize(): number {
  const options = [...(process.env['NODE_OPTIONS'] ?? '').split(/\s+/u), ...process.execArgv].join(' ')
  const asked = [...options.matchAll(/--v8-pool-size[= ](\d+)/gu)].at(-1)?.[1]
  return asked === undefined ? defaultV8PoolSize : Number(asked)
}

/**
 * Says what each thread is for: by its name, which threads have had since Node 22 (libuv's) and 24 (V8's), or else
 * by when it began. V8's platform starts its threads right after the main one; libuv's follow before any worker.
 * @param threads all there are, in the order in which they began, once libuv has started its own.
 */
export function recognizeThreads(
  threads: readonly Named[],
  poolSize: number = v8PoolSize(),
): Map<string, ThreadKind> {
  const kinds = new Map<string, ThreadKind>()
  for (const [index, { tid, name }] of threads.entries()) {
    const isFirst = index <= 1 + poolSize
    if (index === 0) kinds.set(tid, 'main')
    else if (/libuv/u.test(name)) kinds.set(tid, 'libuv')
    else if (/V8|DelayedTask/u.test(name)) kinds.set(tid, 'v8')
    else if (/Worker|Inspector/u.test(name)) kinds.set(tid, 'other')
    else kinds.set(tid, isFirst ? 'v8' : 'libuv')
  }
  return kinds
}

interface Watched {
  readonly kind: ThreadKind
  readonly fd: number
}

const taskFolder = '/proc/self/task'

/** The kernel lists threads in the order in which they began. Empty where there is no such folder. */
function threadIds(): string[] {
  try {
    return readdirSync(taskFolder)
  } catch {
    return []
  }
}

function nameOf(tid: string): string {
  try {
    return readFileSync(`${taskFolder}/${tid}/comm`, 'latin1').trim()
  } catch {
    return ''
  }
}

/** Makes libuv start its threads, which it does when they are first needed, all at once. */
function startLibuv(): void {
  access('/', () => {})
}

/** Times of every other thread alive now, by its id. */
export type ThreadReading = ReadonlyMap<string, ThreadTimes & { readonly kind: ThreadKind }>

/** Watches the threads of this process; to be made before anything starts a worker. */
export class Threads {
  readonly #kinds: Map<string, ThreadKind>
  readonly #watched = new Map<string, Watched>()

  constructor() {
    startLibuv()
    this.#kinds = recognizeThreads(threadIds().map((tid) => ({ tid, name: nameOf(tid) })))
  }

  /** Takes a thread for ours: what it does is no part of a task. */
  own(tid: number): void {
    this.#kinds.set(String(tid), 'accounting')
  }

  /** All threads but the main one; null where the system does not tell. Some 20 µs, most of it listing them. */
  read(): ThreadReading | null {
    const alive = threadIds()
    if (alive.length === 0) return null
    const reading = new Map<string, ThreadTimes & { readonly kind: ThreadKind }>()
    for (const tid of alive.slice(1)) {
      const thread = this.#watched.get(tid) ?? this.#watch(tid)
      const times = thread === undefined ? null : readTimes(thread.fd)
      if (thread !== undefined && times !== null) reading.set(tid, { ...times, kind: thread.kind })
    }
    if (this.#watched.size > reading.size) this.#forget(reading)
    return reading
  }

  #watch(tid: string): Watched | undefined {
    try {
      const kind = this.#kinds.get(tid) ?? (/libuv/u.test(nameOf(tid)) ? 'libuv' : 'other')
      const watched = { kind, fd: openSync(`${taskFolder}/${tid}/schedstat`, 'r') }
      this.#watched.set(tid, watched)
      return watched
    } catch {
      // It has just ended.
      return undefined
    }
  }

  #forget(alive: ThreadReading): void {
    for (const [tid, { fd }] of this.#watched) {
      if (alive.has(tid)) continue
      closeSync(fd)
      this.#watched.delete(tid)
    }
  }
}

/** What the threads of some kinds have spent between two readings; one that began in between counts from then on. */
export function spentBetween(
  before: ThreadReading,
  after: ThreadReading,
  kinds: readonly ThreadKind[],
): { readonly onCpuMs: number; readonly waitedMs: number } {
  let onCpuNs = 0
  let waitedNs = 0
  for (const [tid, times] of after) {
    if (!kinds.includes(times.kind)) continue
    onCpuNs += times.onCpuNs - (before.get(tid)?.onCpuNs ?? 0)
    waitedNs += times.waitedNs - (before.get(tid)?.waitedNs ?? 0)
  }
  return { onCpuMs: onCpuNs / 1e6, waitedMs: waitedNs / 1e6 }
}
