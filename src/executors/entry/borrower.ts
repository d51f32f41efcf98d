/** The worker's side of `SharedBytes`: opens what it is given, and describes what its tasks return. */

import { isMainThread } from 'node:worker_threads'
import { mappedStorage } from '../allocation.ts'
import type { Storage } from '../allocation.ts'
import { allowingSharedBytes, pass, replacePassed } from '../passing.ts'
import type { Description } from '../passing.ts'
import { borrowMemory, copyMemory, viewOf, whyNotShared } from '../posix-memory.ts'
import { replyKind } from '../protocol.ts'
import type { Reply, ResultReply } from '../protocol.ts'
import { allocationOf, sharedBytesOf } from '../shared-bytes.ts'
import type { SharedBytes } from '../shared-bytes.ts'
import type { Clone } from '../transfer-path.ts'

export class Borrower {
  readonly #post: (reply: Reply) => Promise<void> | undefined
  /** What the pool knows this worker to have, by id. */
  readonly #borrowed = new Map<string, SharedBytes>()

  constructor(post: (reply: Reply) => Promise<void> | undefined) {
    this.#post = post
  }

  /** Opens all that a request has. Throws if that is impossible. */
  open(request: readonly unknown[], secret: string): void {
    replacePassed(request as unknown[], secret, (description) => this.#revive(description as Description))
  }

  /** Posts a result in which there are some. Throws if it cannot be cloned all the same. */
  post(reply: ResultReply): Promise<void> | undefined {
    const { sent, passed } = pass(
      (shared) => this.#describe(shared),
      (secret) => this.#post([replyKind.lent, secret, reply]),
    )
    for (const shared of passed) this.#borrowed.set(allocationOf(shared).id, shared)
    return sent
  }

  /** Lets `clone` take them as well, to find what else cannot be cloned. */
  allow(clone: Clone): Clone {
    return allowingSharedBytes(clone)
  }

  /** Answers the pool, which has released it, when executors of this worker's own have given it back as well. */
  giveBack(id: string): void {
    const shared = this.#borrowed.get(id)
    this.#borrowed.delete(id)
    const reply = (): void => void this.#post([replyKind.forgotten, id])
    if (shared === undefined) {
      reply()
      return
    }
    shared.release()
    allocationOf(shared).onFreed(reply)
  }

  #describe(shared: SharedBytes): Description {
    const { id, byteLength, bytes, storage } = allocationOf(shared)
    const { buffer, place } = storage
    const isCopy = place === undefined && (isMainThread || buffer instanceof ArrayBuffer)
    if (this.#borrowed.has(id) && !isCopy) return ['known', id]
    if (buffer instanceof SharedArrayBuffer)
      return isMainThread ? ['copied', id, bytes.slice()] : ['shared', id, buffer, shared.copiedBecause]
    return place === undefined
      ? ['copied', id, bytes]
      : ['mapped', id, byteLength, place.pid, place.fd, place.address]
  }

  #revive(description: Description): SharedBytes {
    const [kind, id] = description
    const known = this.#borrowed.get(id)
    const isUsable = known !== undefined && !allocationOf(known).isReleased
    if (isUsable) {
      if (kind === 'copied') known.bytes.set(description[2])
      return known
    }
    const reason = kind === 'shared' ? description[3] : undefined
    const shared = sharedBytesOf(id, storageOf(description), reason)
    this.#borrowed.set(id, shared)
    return shared
  }
}

function storageOf(description: Description): Storage {
  if (description[0] === 'shared') return { buffer: description[2] }
  if (description[0] === 'copied') return { buffer: wholeBufferOf(description[2]) }
  if (description[0] === 'known') throw new TypeError('A pool sent SharedBytes as if they were known.')
  const [, , byteLength, pid, fd, address] = description
  if (address !== null) return { buffer: viewOf(address, byteLength), place: { pid, fd, address } }
  if (whyNotShared() === null) return mappedStorage(borrowMemory(pid, fd, byteLength))
  return { buffer: copyMemory(pid, fd, byteLength).buffer }
}

function wholeBufferOf(bytes: Uint8Array): ArrayBuffer {
  const { buffer } = bytes
  return buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength
    ? buffer
    : bytes.slice().buffer
}
