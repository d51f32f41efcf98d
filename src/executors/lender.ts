/** The pool's side of `SharedBytes`: which of them a worker has been given, and which it has made. */

import { mappedStorage } from './allocation.ts'
import type { Allocation, Holder } from './allocation.ts'
import { pass, replacePassed } from './passing.ts'
import type { Description } from './passing.ts'
import { adoptMemory, copyMemory, maxMemoryBytes, whyNotShared } from './posix-memory.ts'
import { requestKind } from './protocol.ts'
import type { ResultReply, PlainRequest, Request } from './protocol.ts'
import { allocateSharedBytes, allocationOf, sharedBytesOf } from './shared-bytes.ts'
import type { SharedBytes } from './shared-bytes.ts'
import type { Submission } from './submission.ts'
import { isUnexpectedSharedBytes } from './unexpected-shared-bytes.ts'
import type { WorkerConnection } from './worker-connection.ts'

const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/u

export class Lender implements Holder {
  readonly #connection: WorkerConnection
  /** What the worker has, by id. */
  readonly #lent = new Map<string, SharedBytes>()

  constructor(connection: WorkerConnection) {
    this.#connection = connection
  }

  get #isThread(): boolean {
    return this.#connection.info.pid === process.pid
  }

  get isLending(): boolean {
    return this.#lent.size > 0
  }

  /** Sends what could not be sent because of `error`. Throws it, or a new one, if `SharedBytes` are not all of the matter. */
  send(request: PlainRequest, error: unknown, transfer?: Submission['transfer']): void {
    if (!isUnexpectedSharedBytes(error)) throw error
    const { passed } = pass(
      (shared) => this.#describe(shared),
      (secret) => this.#connection.send([requestKind.lent, secret, request], transfer),
    )
    for (const shared of passed) this.#add(shared)
  }

  /**
   * The reply in which a worker passes `SharedBytes`.
   * @throws Error if it is not what a worker sends.
   */
  receive(secret: unknown, reply: unknown): ResultReply {
    if (typeof secret !== 'string' || !Array.isArray(reply)) throw new TypeError('A worker sent no reply.')
    replacePassed(reply, secret, (description) => this.#revive(description))
    return reply as unknown as ResultReply
  }

  /** The request again that a worker has not read. */
  takeBack(secret: string, request: PlainRequest): PlainRequest {
    const taken = [...request]
    replacePassed(taken, secret, (description) => this.#known((description as Description)[1]))
    return taken as unknown as PlainRequest
  }

  onReleased({ id }: Allocation): void {
    this.#send([requestKind.forget, id])
  }

  /**
   * The worker uses them no more.
   * @throws Error if it was not asked.
   */
  onForgotten(id: unknown): void {
    const shared = this.#known(id)
    if (!allocationOf(shared).isReleased) throw new TypeError('A worker returned what was not asked back.')
    this.#lent.delete(allocationOf(shared).id)
    allocationOf(shared).returned(this)
  }

  /** The worker is dead. */
  end(): void {
    for (const shared of this.#lent.values()) allocationOf(shared).returned(this)
    this.#lent.clear()
  }

  #send(request: Request): void {
    this.#connection.send(request)
    this.#connection.flush()
  }

  #add(shared: SharedBytes): void {
    const allocation = allocationOf(shared)
    this.#lent.set(allocation.id, shared)
    allocation.lendTo(this)
  }

  #known(id: unknown): SharedBytes {
    const shared = this.#lent.get(id as string)
    if (shared === undefined) throw new TypeError('A worker sent SharedBytes that it does not have.')
    return shared
  }

  #describe(shared: SharedBytes): Description {
    const { id, byteLength, bytes, storage } = allocationOf(shared)
    const { buffer, place } = storage
    if (place !== undefined) {
      if (this.#isThread) place.showToThreads?.()
      return ['mapped', id, byteLength, place.pid, place.fd, this.#isThread ? place.address : null]
    }
    if (buffer instanceof ArrayBuffer) return ['copied', id, bytes]
    return this.#isThread ? ['shared', id, buffer, shared.copiedBecause] : ['copied', id, bytes.slice()]
  }

  #revive(description: unknown): SharedBytes {
    if (!Array.isArray(description)) throw new TypeError('A worker sent something else for SharedBytes.')
    const [kind, id, content, reason, fd] = description as readonly unknown[]
    if (kind === 'known') return this.#known(id)
    if (typeof id !== 'string' || !uuid.test(id))
      throw new TypeError('A worker sent SharedBytes without an id.')
    const known = this.#lent.get(id)
    if (kind === 'copied' && content instanceof Uint8Array) {
      if (known === undefined) return this.#take(copyOf(id, content))
      const allocation = allocationOf(known)
      if (content.byteLength !== allocation.byteLength)
        throw new RangeError('A worker sent SharedBytes of another length.')
      if (!allocation.isReleased) allocation.bytes.set(content)
      return known
    }
    if (known !== undefined) throw new TypeError('A worker made SharedBytes that it was given.')
    if (kind === 'shared' && this.#isThread && content instanceof SharedArrayBuffer)
      return this.#take(sharedBytesOf(id, { buffer: content }, reason as string))
    if (kind === 'mapped' && !this.#isThread) return this.#take(this.#adopt(id, content, fd))
    throw new TypeError('A worker sent something else for SharedBytes.')
  }

  #take(shared: SharedBytes): SharedBytes {
    this.#add(shared)
    return shared
  }

  #adopt(id: string, byteLength: unknown, fd: unknown): SharedBytes {
    if (!isInteger(byteLength, 1, maxMemoryBytes) || !isInteger(fd, 0, 0x7fff_ffff))
      throw new RangeError('A worker sent SharedBytes that cannot be.')
    const { pid } = this.#connection.info
    return whyNotShared() === null
      ? sharedBytesOf(id, mappedStorage(adoptMemory(pid, fd, byteLength)))
      : copyOf(id, copyMemory(pid, fd, byteLength))
  }
}

function isInteger(value: unknown, minimum: number, maximum: number): value is number {
  return Number.isSafeInteger(value) && Number(value) >= minimum && Number(value) <= maximum
}

function copyOf(id: string, bytes: Uint8Array): SharedBytes {
  const copy = allocateSharedBytes(id, bytes.byteLength)
  copy.bytes.set(bytes)
  return copy
}
