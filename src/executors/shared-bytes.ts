/** `SharedBytes`: bytes that are allocated once and reach threads and processes without being copied, where they can. */

import { randomUUID } from 'node:crypto'
import { inspect } from 'node:util'
import type { InspectOptionsStylized } from 'node:util'
import { Allocation, mappedStorage } from './allocation.ts'
import type { Storage } from './allocation.ts'
import { checkInteger } from './options.ts'
import { describePassed, passedKey } from './passing.ts'
import { createMemory, maxMemoryBytes, whyNotShared } from './posix-memory.ts'

let make: (allocation: Allocation, copiedBecause: string | null) => SharedBytes
let allocationIn: (shared: SharedBytes) => Allocation

/**
 * Bytes that are allocated once and passed to tasks of any executor, as an input or as a part of one, and back. To be
 * released by who allocated them, with `using` or `release()`.
 */
export class SharedBytes implements Disposable {
  static {
    make = (allocation, copiedBecause) => new SharedBytes(allocation, copiedBecause)
    allocationIn = (shared) => shared.#allocation
  }

  readonly #allocation: Allocation
  readonly #copiedBecause: string | null

  private constructor(allocation: Allocation, copiedBecause: string | null) {
    this.#allocation = allocation
    this.#copiedBecause = copiedBecause
    // Every cloning algorithm reads it; only that of an executor gets an answer.
    Object.defineProperty(this, passedKey, {
      enumerable: true,
      get: () => {
        this.#allocation.check()
        return describePassed(this)
      },
    })
  }

  /**
   * Allocates bytes, all of them 0.
   * @throws TypeError or RangeError if `byteLength` is no integer from 1 to 4,294,967,295; Error if there is no room.
   */
  static allocate(byteLength: number): SharedBytes {
    checkInteger('byteLength', byteLength, 1, maxMemoryBytes)
    return allocateSharedBytes(randomUUID(), byteLength)
  }

  /**
   * The bytes; the same view every time. A view that is kept beyond the release is of no use: it shows zeros at best.
   * @throws SharedBytesReleasedError after the release.
   */
  get bytes(): Uint8Array {
    return this.#allocation.bytes
  }

  get byteLength(): number {
    return this.#allocation.byteLength
  }

  /**
   * Why processes get a copy, which comes back where a task returns it; null where they share the bytes. Threads share
   * them in either case.
   */
  get copiedBecause(): string | null {
    return this.#copiedBecause
  }

  /** Frees the bytes: at once, or when the tasks that use them have settled. Does nothing a second time. */
  release(): void {
    this.#allocation.release()
  }

  [Symbol.dispose](): void {
    this.release()
  }

  [inspect.custom](_depth: number, options: InspectOptionsStylized): string {
    const { byteLength, copiedBecause } = this
    return `SharedBytes ${inspect({ byteLength, copiedBecause }, options)}`
  }
}

/** @throws Error if there is no room. */
export function allocateSharedBytes(id: string, byteLength: number): SharedBytes {
  return sharedBytesOf(
    id,
    whyNotShared() === null
      ? mappedStorage(createMemory(byteLength))
      : { buffer: new SharedArrayBuffer(byteLength) },
  )
}

/** `copiedBecause`: if it is known from elsewhere. */
export function sharedBytesOf(id: string, storage: Storage, copiedBecause?: string | null): SharedBytes {
  const why = storage.place === undefined ? (whyNotShared() ?? 'these are a copy themselves') : null
  return make(new Allocation(id, storage), copiedBecause ?? why)
}

export function allocationOf(shared: SharedBytes): Allocation {
  return allocationIn(shared)
}
