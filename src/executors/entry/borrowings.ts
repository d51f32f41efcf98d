/**
 * Which requests of this worker have `SharedBytes`, and which of those the pool wants back. What opens them is loaded
 * with the first: not as a part of what every worker loads, and as the module that tasks import as well.
 */

import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { TaskTransferError } from '../../errors.ts'
import { encodeNotTransferred } from '../protocol.ts'
import type { EncodedOutcome, Reply, Request } from '../protocol.ts'
import type * as borrowerModule from './borrower.ts'
import type { Borrower } from './borrower.ts'

/** Opens the `SharedBytes` of a request; returns what keeps them from being opened here, if anything does. */
export function openRequest(
  borrower: Borrower,
  request: Request,
  secret: string,
): EncodedOutcome | undefined {
  try {
    borrower.open(request, secret)
    return undefined
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const message = `SharedBytes of the input cannot be opened in the worker: ${reason}`
    return encodeNotTransferred(new TaskTransferError(message, 'input', 'input'))
  }
}

export class Borrowings {
  readonly #post: (reply: Reply) => Promise<void> | undefined
  #loading: Promise<Borrower> | undefined
  #borrower: Borrower | undefined
  /** Requests that have not settled, each with its secret. */
  readonly #open = new Map<number, string>()
  /** What the pool wants back, and the requests that may still use it. */
  readonly #wanted = new Map<string, Set<number>>()

  constructor(post: (reply: Reply) => Promise<void> | undefined) {
    this.#post = post
  }

  /** Whether any request has `SharedBytes`. */
  get areAny(): boolean {
    return this.#open.size > 0
  }

  /** What opens and describes them, if it has been needed. */
  get borrower(): Borrower | undefined {
    return this.#borrower
  }

  load(): Promise<Borrower> {
    this.#loading ??= (async () => {
      const { href } = pathToFileURL(join(import.meta.dirname, 'borrower.js'))
      const module = (await import(href)) as typeof borrowerModule
      this.#borrower = new module.Borrower(this.#post)
      return this.#borrower
    })()
    return this.#loading
  }

  /** A request has come that has some. */
  note(id: number, secret: string): void {
    this.#open.set(id, secret)
  }

  secretOf(id: number): string | undefined {
    return this.#open.get(id)
  }

  /** A request has settled. */
  close(id: number): void {
    if (!this.#open.delete(id)) return
    for (const [wanted, users] of this.#wanted)
      if (users.delete(id) && users.size === 0) this.#giveBack(wanted)
  }

  /** What begins with this request was taken back. */
  closeFrom(id: number): void {
    for (const open of this.#open.keys()) if (open >= id) this.close(open)
  }

  /** The pool has released it. */
  forget(id: string): void {
    if (this.#open.size === 0) this.#giveBack(id)
    else this.#wanted.set(id, new Set(this.#open.keys()))
  }

  #giveBack(id: string): void {
    this.#wanted.delete(id)
    void this.load().then((borrower) => borrower.giveBack(id))
  }
}
