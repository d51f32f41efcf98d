/** The book of what a worker has been sent and has not answered: what it has begun, and what waits there. */

import type { Submission } from './submission.ts'
import type { TaskProfile } from './task-profile.ts'

/** How long a task is expected to take that has not been measured. */
const unknownMs = 1e9

/** A submission at a worker. */
export interface Sent {
  readonly id: number
  readonly submission: Submission
  readonly profile: TaskProfile
  readonly expectedMs: number
  readonly inputs: number
}

export class SentBook {
  /** The next submission's. */
  nextId = 0
  /** Inputs given to the worker so far. */
  inputs = 0
  /** How long it will be at what it has been given, if all goes as before. */
  expectedMs = 0
  readonly #slots: number
  /** Begun, or about to be; by id. */
  readonly #running = new Map<number, Sent>()
  /** Sent, and waiting there; in order. */
  readonly #ahead = new Map<number, Sent>()

  /** `slots`: what may be in flight at once. */
  constructor(slots: number) {
    this.#slots = slots
  }

  /** Begun, or about to be. */
  get runningCount(): number {
    return this.#running.size
  }

  get aheadCount(): number {
    return this.#ahead.size
  }

  get count(): number {
    return this.#running.size + this.#ahead.size
  }

  get hasSlot(): boolean {
    return this.#running.size < this.#slots
  }

  /** Whether somebody still waits for what has begun. */
  get isAwaited(): boolean {
    for (const { submission } of this.#running.values()) if (submission.state !== 'settled') return true
    return false
  }

  /** The next in turn to begin. */
  get firstAhead(): Sent | undefined {
    for (const sent of this.#ahead.values()) return sent
    return undefined
  }

  *submissions(): Iterable<Submission> {
    for (const { submission } of this.#running.values()) yield submission
    yield* this.submissionsAhead()
  }

  *submissionsAhead(): Iterable<Submission> {
    for (const { submission } of this.#ahead.values()) yield submission
  }

  /** A submission has been sent: it begins, or waits there if no slot is free. */
  add(submission: Submission, profile: TaskProfile): void {
    const id = this.nextId++
    const inputs = submission.inputs.length
    const expectedMs = Math.min(profile.inputMs * inputs, unknownMs)
    const sent = { id, submission, profile, expectedMs, inputs }
    this.inputs += inputs
    this.expectedMs += expectedMs
    if (this.hasSlot) {
      submission.takeInputs()
      this.#running.set(id, sent)
    } else {
      submission.state = 'ahead'
      this.#ahead.set(id, sent)
    }
  }

  find(id: number): Sent | undefined {
    return this.#running.get(id) ?? this.#ahead.get(id)
  }

  /** What waited has begun, or is about to. */
  begin(sent: Sent): void {
    this.#ahead.delete(sent.id)
    this.#running.set(sent.id, sent)
    sent.submission.takeInputs()
  }

  /** It has been answered. */
  settle(sent: Sent): void {
    if (!this.#running.delete(sent.id)) this.#ahead.delete(sent.id)
    this.expectedMs = this.count === 0 ? 0 : this.expectedMs - sent.expectedMs
  }

  /** Strikes out what waits from this one on; returns it. */
  takeBackFrom(id: number): Submission[] {
    const taken = [...this.#ahead.values()].filter((sent) => sent.id >= id)
    for (const sent of taken) {
      this.settle(sent)
      this.inputs -= sent.inputs
    }
    return taken.map(({ submission }) => submission)
  }

  /**
   * Gives a submission its inputs again that the worker died without having read, and strikes it out; once, lest it
   * kills one worker after the other. Returns it if that was done.
   */
  returnUnread(id: number, inputs: readonly unknown[]): Submission | undefined {
    const submission = this.#running.get(id)?.submission
    if (submission?.state !== 'running' || submission.wasReturned) return undefined
    this.#running.delete(id)
    submission.inputs = inputs
    submission.wasReturned = true
    return submission
  }

  /** The worker is dead; returns what it had begun, and what it had not. */
  close(): { readonly lost: readonly Submission[]; readonly unstarted: readonly Submission[] } {
    const lost = Array.from(this.#running.values(), ({ submission }) => submission)
    const unstarted = [...this.submissionsAhead()]
    this.#running.clear()
    this.#ahead.clear()
    return { lost, unstarted }
  }
}
