/** What all executors share: arguments, the queue, cancellation, `map`, and the way to the end. */

import { ExecutorShutdownError, QueueFullError, TaskCancelledError } from '../errors.ts'
import type { BrokenExecutorError } from '../errors.ts'
import { AbortWatch, abortion, shutdownCancellation } from './cancellation.ts'
import type {
  Executor,
  ExecutorOptions,
  Future,
  MapOptions,
  ShutdownOptions,
  SubmitArguments,
  SubmitOptions,
  WorkerInfo,
} from './executor.ts'
import { MapOutputs } from './map.ts'
import type { ChunkTarget } from './map.ts'
import { ObservableExecutor } from './observable-executor.ts'
import { checkInputs, checkMapOptions, checkReference, checkSubmitOptions } from './options.ts'
import { noOutcomes } from './outcomes.ts'
import type { Outcomes } from './outcomes.ts'
import { SubmissionQueue } from './queue.ts'
import { Submission } from './submission.ts'
import type { TaskReference } from './task.ts'

const noOptions: SubmitOptions & MapOptions = Object.freeze({})
/** An unbounded event loop reads as far ahead as this many workers would. */
const maxReadAheadWorkers = 1024

export abstract class QueueingExecutor extends ObservableExecutor implements Executor {
  readonly maxWorkers: number
  protected readonly queue = new SubmissionQueue()
  /** Submissions that occupy a slot. */
  protected running = 0
  protected brokenBy: BrokenExecutorError | undefined
  readonly #slots: number
  readonly #maxQueue: number
  readonly #abortWatch = new AbortWatch((submission, reason) => this.#abort(submission, reason))
  #closed: Promise<void> | undefined
  #resolveClosed: (() => void) | undefined

  /** `slots`: how many submissions can run at once. */
  constructor(options: ExecutorOptions, maxWorkers: number, slots: number) {
    super()
    this.maxWorkers = maxWorkers
    this.#slots = slots
    this.#maxQueue = options.maxQueue ?? Infinity
  }

  abstract get workers(): readonly WorkerInfo[]
  abstract warmUp(): Promise<void>
  /** Starts what can be started. */
  protected abstract dispatch(): void
  /** A running submission has been rejected by its signal. */
  protected abstract interrupt(submission: Submission): void
  /** Takes submissions back that were sent ahead; each is then `putBack` or `began`. */
  protected recall(_submissions: readonly Submission[]): void {}
  /** How many inputs of a `map` without a chunk size are to travel together now, if so many are left. */
  protected chunkSizeFor(_reference: TaskReference<never, unknown>, _left: number): number {
    return 1
  }
  /** Nothing is left to do: lets the workers leave, and resolves when they are dead. */
  protected abstract release(): Promise<void>
  /** Ends the workers, and resolves when they are dead. */
  protected abstract kill(): Promise<void>
  protected abstract runningSubmissions(): Iterable<Submission>

  submit<Input, Output>(
    task: TaskReference<Input, Output>,
    ...[input, options = noOptions]: SubmitArguments<Input>
  ): Future<Output> {
    const submission = new Submission(task, [input], false, options)
    try {
      checkReference('task', task)
      if (options !== noOptions) checkSubmitOptions(options)
      this.#accept(submission, this.#slots + this.#maxQueue)
    } catch (error) {
      submission.reject(error)
    }
    return submission.promise as Future<Output>
  }

  map<Input, Output>(
    task: TaskReference<Input, Output>,
    inputs: Iterable<Input> | AsyncIterable<Input>,
    options: MapOptions = noOptions,
  ): AsyncIterableIterator<Output> {
    checkReference('task', task)
    checkMapOptions(options)
    checkInputs(inputs)
    const target: ChunkTarget = {
      submitChunk: (chunk) => {
        const submission = new Submission(task, chunk, true, options)
        this.#accept(submission, Infinity)
        return submission
      },
      submitUncut: (all, onCut) => {
        const submission = new Submission(task, all, true, options)
        submission.chunkSize = options.chunkSize
        submission.onCut = (chunk) => {
          if (chunk.signal !== undefined) this.#abortWatch.add(chunk, chunk.signal)
          onCut(chunk)
        }
        this.#accept(submission, Infinity)
        return submission
      },
      withdraw: (submissions) => this.#withdraw(submissions),
      chunkSize: () => options.chunkSize ?? this.chunkSizeFor(task, Infinity),
    }
    const isEager = Array.isArray(inputs) && this.#maxQueue === Infinity
    if (isEager) return new MapOutputs<Output>(target, inputs, 'uncut')
    return new MapOutputs<Output>(target, inputs, {
      window: 4 * Math.min(this.maxWorkers, maxReadAheadWorkers),
    })
  }

  shutdown(options: ShutdownOptions = {}): Promise<void> {
    this.#beginClosing()
    if (options.cancelPending === true) this.#cancelPending()
    this.closeWhenIdle()
    return this.#closed ?? Promise.resolve()
  }

  async terminate(): Promise<void> {
    this.#beginClosing()
    this.#cancelPending()
    for (const submission of this.runningSubmissions()) {
      submission.expectRejection()
      this.#settled(submission)
      submission.reject(shutdownCancellation('terminated'))
    }
    await this.kill()
    this.#resolveClosed?.()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown()
  }

  /** Why nothing can be submitted now, if so. */
  protected refusal(): Error | undefined {
    if (this.brokenBy !== undefined) return this.brokenBy
    if (this.#closed !== undefined)
      return new ExecutorShutdownError('The executor has been shut down; make a new one to run more tasks.')
    return undefined
  }

  /** Takes the next submission that may start. */
  protected start(): Submission | undefined {
    const { first } = this.queue
    const submission = first?.onCut === undefined ? this.queue.shift() : this.#cut(first)
    if (submission === undefined) return undefined
    submission.state = 'running'
    this.running++
    return submission
  }

  /** How many inputs the next chunk of inputs that are still to be cut is to have. */
  protected nextSize({ chunkSize, reference, left }: Submission): number {
    return Math.min(chunkSize ?? this.chunkSizeFor(reference, left), left)
  }

  #cut(first: Submission): Submission {
    const chunk = this.queue.cutFirst(first, this.nextSize(first))
    if (first.left === 0) {
      this.#settled(first)
      first.settle(noOutcomes)
    }
    return chunk
  }

  /** A slot is free again; settles what occupied it, unless it was rejected before. */
  protected finish(submission: Submission, outcomes: Outcomes): void {
    this.running--
    this.#settled(submission)
    submission.settle(outcomes)
  }

  /** A slot is free again without a result; rejects what occupied it, unless that was done before. */
  protected fail(submission: Submission, error: unknown): void {
    this.running--
    this.#settled(submission)
    submission.reject(error)
  }

  /** Puts a submission that has not begun back to where it came from, unless it is to be cancelled. */
  protected putBack(submission: Submission): void {
    this.running--
    if (submission.state === 'settled') return
    const { withdrawal } = submission
    if (withdrawal === undefined) {
      submission.state = 'pending'
      this.queue.unshift(submission)
    } else {
      this.#settled(submission)
      submission.reject(withdrawal.error)
    }
  }

  /** A submission that was sent ahead has begun. */
  protected began(submission: Submission): void {
    if (submission.state !== 'ahead') return
    submission.state = 'running'
    const { withdrawal } = submission
    if (withdrawal === undefined) return
    submission.withdrawal = undefined
    if (!withdrawal.isForced) return
    submission.reject(withdrawal.error)
    this.interrupt(submission)
  }

  /** Puts the parts of a running submission in its place. */
  protected replace(submission: Submission, parts: readonly Submission[]): void {
    this.running--
    for (const part of parts.toReversed()) {
      this.queue.unshift(part)
      if (part.signal !== undefined) this.#abortWatch.add(part, part.signal)
    }
    this.#settled(submission)
  }

  /** Rejects all that waits and all that comes; returns with what. */
  protected break(error: BrokenExecutorError): BrokenExecutorError {
    this.brokenBy ??= error
    for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift()) {
      this.#settled(next)
      next.reject(this.brokenBy)
    }
    return this.brokenBy
  }

  protected closeWhenIdle(): void {
    if (this.#closed === undefined || this.queue.size > 0 || this.running > 0) return
    void this.release().then(() => this.#resolveClosed?.())
  }

  /** `capacity`: submissions that may run or wait at once. */
  #accept(submission: Submission, capacity: number): void {
    const refusal = this.refusal()
    if (refusal !== undefined) {
      submission.reject(refusal)
      return
    }
    if (this.queue.size + this.running >= capacity) {
      const waiting = `The queue is full (maxQueue: ${this.#maxQueue}).`
      submission.reject(
        new QueueFullError(`${waiting} Wait for some tasks to settle, or use map(), which does.`),
      )
      return
    }
    const { signal } = submission
    if (signal !== undefined) {
      if (signal.aborted) {
        submission.reject(abortion(signal.reason))
        return
      }
      this.#abortWatch.add(submission, signal)
    }
    if (this.isTraced) submission.queuedAtNs = process.hrtime.bigint()
    this.queue.push(submission)
    this.dispatch()
  }

  #settled(submission: Submission): void {
    if (submission.signal !== undefined) this.#abortWatch.delete(submission, submission.signal)
  }

  #abort(submission: Submission, reason: unknown): void {
    if (submission.state === 'ahead') {
      submission.withdrawal = { error: abortion(reason), isForced: true }
      this.recall([submission])
      return
    }
    if (submission.state === 'pending') this.queue.remove(submission)
    const { state } = submission
    submission.reject(abortion(reason))
    if (state === 'running') this.interrupt(submission)
    this.closeWhenIdle()
  }

  #withdraw(submissions: Iterable<Submission>): void {
    const error = new TaskCancelledError('The iteration over the outputs ended before this task started.')
    this.#cancelUnstarted(submissions, error)
    this.closeWhenIdle()
  }

  /** Cancels what waits here, and what was sent ahead unless it turns out to have begun. */
  #cancelUnstarted(submissions: Iterable<Submission>, error: unknown): void {
    const ahead: Submission[] = []
    for (const submission of submissions)
      if (submission.state === 'ahead') {
        submission.expectRejection()
        submission.withdrawal ??= { error, isForced: false }
        ahead.push(submission)
      } else if (submission.state === 'pending') {
        submission.expectRejection()
        this.queue.remove(submission)
        this.#settled(submission)
        submission.reject(error)
      }
    if (ahead.length > 0) this.recall(ahead)
  }

  #beginClosing(): void {
    this.#closed ??= new Promise((resolve) => {
      this.#resolveClosed = resolve
    })
  }

  #cancelPending(): void {
    const waiting: Submission[] = [...this.runningSubmissions()]
    for (let next = this.queue.first; next !== undefined; next = next.next) waiting.push(next)
    this.#cancelUnstarted(waiting, shutdownCancellation('shut down'))
  }
}
