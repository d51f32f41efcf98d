/** What goes out to a worker: gathered, and sent together before the worker has nothing else to do. */

import type { Lender } from './lender.ts'
import { requestKind } from './protocol.ts'
import type { PlainRequest, Request, RunRequest } from './protocol.ts'
import type { Submission } from './submission.ts'
import type { TaskProfile } from './task-profile.ts'
import type { WorkerConnection } from './worker-connection.ts'

/** A worker that has so many tasks beyond its slots is in no hurry: what else is for it gathers, to be sent at once. */
const enoughAhead = 8

export class Outbox {
  readonly #connection: WorkerConnection
  readonly #lender: Lender
  readonly #slots: number
  /** The tasks that the worker knows by their numbers. */
  readonly #defined = new Set<number>()
  /** Submissions that are gathered. */
  #gathered = 0
  #isFlushing = false

  /** `slots`: how many tasks the worker may have in flight at once. */
  constructor(connection: WorkerConnection, lender: Lender, slots: number) {
    this.#connection = connection
    this.#lender = lender
    this.#slots = slots
  }

  /** For what has no value of a user's in it. */
  add(request: Request): void {
    this.#connection.send(request)
  }

  /** Throws if a value in it cannot be cloned; nothing is gathered then. */
  addValues(request: PlainRequest, transfer?: Submission['transfer']): void {
    try {
      this.#connection.send(request, transfer)
    } catch (error) {
      this.#lender.send(request, error, transfer)
    }
  }

  /** Throws if an input cannot be cloned; the submission is not gathered then. */
  addRun(id: number, submission: Submission, profile: TaskProfile, isTraced: boolean): void {
    this.#define(profile)
    // A spread would grow the array again and again.
    const head: readonly unknown[] = [requestKind.run, id, profile.number, isTraced]
    const request = head.concat(submission.inputs) as unknown as RunRequest
    this.addValues(request, submission.transfer)
    this.#gathered++
  }

  flush(): void {
    this.#gathered = 0
    this.#connection.flush()
  }

  /**
   * Sends what is gathered with this turn of the event loop, if the worker will soon have nothing else; `unsettled`: how
   * many submissions it has not answered, with those that are gathered.
   */
  considerFlush(unsettled: number): void {
    const sent = unsettled - this.#gathered
    if (this.#gathered === 0 || this.#isFlushing || sent > this.#slots + enoughAhead) return
    this.#isFlushing = true
    process.nextTick(() => {
      this.#isFlushing = false
      this.flush()
    })
  }

  #define({ number, url, exportName }: TaskProfile): void {
    if (this.#defined.has(number)) return
    this.#defined.add(number)
    this.add([requestKind.define, number, url, exportName])
  }
}
