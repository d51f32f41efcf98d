/**
 * What is sent ahead to workers that are busy, and when it is taken back; docs/decisions/sending-ahead.md says why no
 * promise suffers.
 */

import type { PoolWorker } from './pool-worker.ts'

/** What a worker is given to do at most while nothing is known of the result, in milliseconds of its time. */
const aheadMs = 1
/** Submissions that wait at a worker at most. */
const maxAhead = 256
/** How often workers with something waiting are looked at. */
const lookMs = 1
/** A worker that has settled nothing for so long is stuck: what waits there is taken back. */
const patienceMs = {
  /** Another worker could do it now. */
  idle: 1,
  /** To take it back only keeps the order. */
  busy: 10,
  /** There is nobody else. */
  none: Infinity,
} as const

/** Whether something that takes so long may be sent ahead at all. */
export function isSoonDone(takesMs: number): boolean {
  return takesMs <= aheadMs
}

/** The worker that will be done first, with so much more to do; none if none would be soon. */
export function leastBusy(
  workers: Iterable<PoolWorker>,
  takesMs: number,
  maxInputs: number,
): PoolWorker | undefined {
  let least: PoolWorker | undefined
  for (const worker of workers) {
    if (worker.expectedMs + takesMs > aheadMs || worker.aheadCount >= maxAhead) continue
    if (worker.inputs > maxInputs || !worker.takeAhead()) continue
    if (least === undefined || worker.expectedMs < least.expectedMs) least = worker
  }
  return least
}

/** Looks at workers with something waiting, again and again while there are any. */
export class AheadWatch {
  readonly #workers: Iterable<PoolWorker>
  readonly #others: () => keyof typeof patienceMs
  #timer: NodeJS.Timeout | undefined

  /** `others`: whether there are workers who could do what waits at one. */
  constructor(workers: Iterable<PoolWorker>, others: () => keyof typeof patienceMs) {
    this.#workers = workers
    this.#others = others
  }

  watch(): void {
    // Looks after a turn of the event loop, in which results that have arrived meanwhile are seen.
    if (this.#timer === undefined)
      this.#timer = setTimeout(() => setImmediate(() => this.#look()), lookMs).unref()
  }

  #look(): void {
    this.#timer = undefined
    const sinceMs = performance.now() - patienceMs[this.#others()]
    let isAny = false
    for (const worker of this.#workers) {
      if (worker.aheadCount === 0) continue
      isAny = true
      if (worker.movedAtMs > sinceMs) continue
      worker.isStuck = true
      worker.recall()
    }
    if (isAny) this.watch()
  }
}
