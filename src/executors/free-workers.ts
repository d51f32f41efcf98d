/** The workers that have a free slot. */

import type { PoolWorker } from './pool-worker.ts'

export class FreeWorkers {
  readonly #slots: number
  /** The one that got room last is at the end and goes first: its caches are warm. */
  readonly #workers: PoolWorker[] = []

  /** `slots`: of each worker. */
  constructor(slots: number) {
    this.#slots = slots
  }

  get isEmpty(): boolean {
    return this.#workers.length === 0
  }

  add(worker: PoolWorker): void {
    if (worker.isFree) return
    worker.isFree = true
    this.#workers.push(worker)
  }

  remove(worker: PoolWorker): void {
    if (!worker.isFree) return
    worker.isFree = false
    this.#workers.splice(this.#workers.indexOf(worker), 1)
  }

  /** Takes the one with the least in flight. */
  take(): PoolWorker | undefined {
    let least = this.#workers.at(-1)
    if (this.#slots > 1 && least !== undefined)
      for (const worker of this.#workers) if (worker.load < least.load) least = worker
    if (least !== undefined) this.remove(least)
    return least
  }
}
