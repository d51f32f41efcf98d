/** What stands behind `SharedBytes`: the bytes, who has been given them, and when they are freed. */

import { SharedBytesReleasedError } from '../errors.ts'
import type { MemoryPlace, PosixMemory } from './posix-memory.ts'

export interface Storage {
  readonly buffer: ArrayBuffer | SharedArrayBuffer
  /** Where processes find it; none where they get copies. */
  readonly place?: MemoryPlace & { showToThreads?(): void }
  /** Nobody uses it any more. */
  free?(): void
}

/** Storage in memory that this process has mapped. */
export function mappedStorage(memory: PosixMemory): Storage {
  return { buffer: memory.open(), place: memory, free: () => memory.free() }
}

/** Who has been given the bytes. */
export interface Holder {
  /** To be answered by `returned` when none of its tasks uses them any more. */
  onReleased(allocation: Allocation): void
}

export class Allocation {
  readonly id: string
  readonly byteLength: number
  /** Gone when it is freed, so that nothing here keeps looking at what is no more. */
  #storage: Storage | undefined
  #bytes: Uint8Array | undefined
  readonly #holders = new Set<Holder>()
  readonly #onFreed: (() => void)[] = []

  constructor(id: string, storage: Storage) {
    this.id = id
    this.byteLength = storage.buffer.byteLength
    this.#storage = storage
    this.#bytes = new Uint8Array(storage.buffer)
  }

  get isReleased(): boolean {
    return this.#bytes === undefined
  }

  /** @throws SharedBytesReleasedError */
  get bytes(): Uint8Array {
    this.check()
    return this.#bytes as Uint8Array
  }

  /** @throws SharedBytesReleasedError */
  get storage(): Storage {
    this.check()
    return this.#storage as Storage
  }

  /** @throws SharedBytesReleasedError after the release. */
  check(): void {
    if (this.isReleased)
      throw new SharedBytesReleasedError(
        `These SharedBytes (${this.byteLength} bytes) have been released: release them after their last use.`,
      )
  }

  lendTo(holder: Holder): void {
    this.#holders.add(holder)
  }

  returned(holder: Holder): void {
    this.#holders.delete(holder)
    this.#freeUnused()
  }

  /** Nothing new may use it; what does, goes on. */
  release(): void {
    if (this.isReleased) return
    this.#bytes = undefined
    for (const holder of this.#holders) holder.onReleased(this)
    this.#freeUnused()
  }

  onFreed(listener: () => void): void {
    if (this.#storage === undefined) listener()
    else this.#onFreed.push(listener)
  }

  #freeUnused(): void {
    if (!this.isReleased || this.#holders.size > 0 || this.#storage === undefined) return
    this.#storage.free?.()
    this.#storage = undefined
    for (const listener of this.#onFreed.splice(0)) listener()
  }
}
