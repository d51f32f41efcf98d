/** What waits in a queue or runs on a worker: one task, or the chunk of a `map`. */

import type { SubmitOptions } from './executor.ts'
import { isOk } from './outcomes.ts'
import type { Outcomes } from './outcomes.ts'
import type { TaskReference } from './task.ts'

type AnyReference = TaskReference<never, unknown>

function ignore(): void {}

/**
 * `ahead`: sent to a worker that has others to do before; it may still be taken back. `running`: begun, or certain to
 * be begun next.
 */
export type SubmissionState = 'pending' | 'ahead' | 'running' | 'settled'

/** A cancellation that waits for word whether the submission has begun. */
export interface Withdrawal {
  readonly error: unknown
  /** Whether it is ended if it has begun. */
  readonly isForced: boolean
}

/** A task (its promise is the task's own) or a chunk (its promise gives the outcomes). */
export class Submission {
  readonly reference: AnyReference
  readonly isChunk: boolean
  readonly signal: AbortSignal | undefined
  readonly promise: Promise<unknown>
  /** Dropped as soon as a worker has them, so that the pool keeps nothing alive. */
  inputs: readonly unknown[]
  transfer: SubmitOptions['transfer']
  state: SubmissionState = 'pending'
  withdrawal: Withdrawal | undefined
  /** Of inputs that are still to be cut into chunks: takes note of each chunk. */
  onCut: ((chunk: Submission) => void) | undefined
  /** Of such inputs: how many are to be in a chunk, if that was said. */
  chunkSize: number | undefined
  /** Came back once from a worker that died before it had read it. */
  wasReturned = false
  /** Set only while somebody listens to traces. */
  queuedAtNs: bigint | undefined
  /** The neighbours in the queue, kept here so that leaving it takes constant time. */
  previous: Submission | undefined
  next: Submission | undefined
  #cutOff = 0
  #resolve: (value: unknown) => void = ignore
  #reject: (error: unknown) => void = ignore

  constructor(
    reference: AnyReference,
    inputs: readonly unknown[],
    isChunk: boolean,
    options?: SubmitOptions,
  ) {
    this.reference = reference
    this.inputs = inputs
    this.isChunk = isChunk
    this.signal = options?.signal
    this.transfer = options?.transfer
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  /** Drops what a worker now has; returns it. */
  takeInputs(): readonly unknown[] {
    const { inputs } = this
    this.inputs = []
    this.transfer = undefined
    return inputs
  }

  /** Inputs that have not been cut off. */
  get left(): number {
    return this.inputs.length - this.#cutOff
  }

  /** Makes the next inputs a chunk of their own. */
  cut(size: number): Submission {
    const options = this.signal === undefined ? {} : { signal: this.signal }
    const inputs = this.inputs.slice(this.#cutOff, this.#cutOff + size)
    this.#cutOff += inputs.length
    const chunk = new Submission(this.reference, inputs, true, options)
    chunk.queuedAtNs = this.queuedAtNs
    this.onCut?.(chunk)
    return chunk
  }

  settle(outcomes: Outcomes): void {
    if (this.state === 'settled') return
    this.state = 'settled'
    if (this.isChunk) this.#resolve(outcomes)
    else if (isOk(outcomes, 0)) this.#resolve(outcomes.values[0])
    else this.#reject(outcomes.values[0])
  }

  /** Fails the task, or the whole chunk. */
  reject(error: unknown): void {
    if (this.state === 'settled') return
    this.state = 'settled'
    this.takeInputs()
    this.#reject(error)
  }

  /** Says that a rejection is no surprise, so that a promise nobody kept is not reported as unhandled. */
  expectRejection(): void {
    this.promise.catch(ignore)
  }
}
