/** What the thread pool and the process pool share: which worker gets what, and who replaces the dead. */

import { BrokenExecutorError } from '../errors.ts'
import type { PoolExecutorOptions, WorkerInfo } from './executor.ts'
import { checkExecutorOptions, checkPoolOptions, maxPoolWorkers } from './options.ts'
import { defaultParallelism } from './parallelism.ts'
import { lostError, PoolWorker } from './pool-worker.ts'
import type {
  ConnectionExit,
  ConnectionListener,
  PoolWorkerListener,
  WorkerConnection,
} from './pool-worker.ts'
import { QueueingExecutor } from './queueing-executor.ts'
import type { TaskTimes } from './queueing-executor.ts'
import { Submission } from './submission.ts'
import type { Outcome } from './submission.ts'
import { TaskProfiles } from './task-profile.ts'
import type { TaskReference } from './task.ts'
import { describeUncloneable } from './transfer-path.ts'

/** What a worker is given to do at most while nothing is known of the result, in milliseconds of its time. */
const aheadMs = 1
/** Submissions that wait at a worker at most. */
const maxAhead = 256
/** A task that takes longer than this is long: what waits behind it at its worker is taken back. */
const stuckMs = 1
/** The same while no other worker is idle, which could do it. */
const patienceMs = 10
/** What a chunk of a `map` is to take that was given no size; how unevenly workers end is of this order. */
const chunkMs = 0.3
const maxChunkSize = 1024

export abstract class PoolExecutor extends QueueingExecutor {
  readonly #options: PoolExecutorOptions
  readonly #inFlightPerWorker: number
  readonly #workers = new Set<PoolWorker>()
  readonly #starting = new Set<PoolWorker>()
  /** Ready workers with room; the one that got room last is at the end and goes first: its caches are warm. */
  readonly #free: PoolWorker[] = []
  /** Workers that may live at once; fewer than asked for once the OS has refused one. */
  #limit: number
  readonly #listener: PoolWorkerListener = {
    onReady: (worker) => this.#onReady(worker),
    onStartFailed: (worker, error) => this.#onStartFailed(worker, error),
    onSettled: (worker, submission, outcomes, times) => this.#onSettled(worker, submission, outcomes, times),
    onBegun: (submission) => this.began(submission),
    onReturned: (worker, unstarted) => this.#onReturned(worker, unstarted),
    onLateError: (worker, error) => this.#onLateError(worker, error),
    onExit: (worker, exit, lost, unstarted) => this.#onExit(worker, exit, lost, unstarted),
  }
  readonly #profiles = new TaskProfiles()
  #pulse: NodeJS.Timeout | undefined
  readonly #onStarted: (() => void)[] = []
  readonly #onEmpty: (() => void)[] = []

  /** @throws TypeError or RangeError for an option that is no option. */
  constructor(options: PoolExecutorOptions) {
    checkExecutorOptions(options, maxPoolWorkers)
    checkPoolOptions(options)
    const { maxWorkers = defaultParallelism(), tasksInFlightPerWorker = 1 } = options
    super(options, maxWorkers, maxWorkers * tasksInFlightPerWorker)
    this.#options = options
    this.#inFlightPerWorker = tasksInFlightPerWorker
    this.#limit = maxWorkers
  }

  /** Starts a worker; throws if the OS refuses. */
  protected abstract connect(listener: ConnectionListener): WorkerConnection

  override get workers(): readonly WorkerInfo[] {
    return Array.from(this.#workers, ({ info }) => info)
  }

  override async warmUp(): Promise<void> {
    if (this.refusal() === undefined) {
      while (this.#workers.size < this.#limit && this.#spawn());
      if (this.#starting.size > 0) await new Promise<void>((resolve) => this.#onStarted.push(resolve))
    }
    const refusal = this.refusal()
    if (refusal !== undefined) throw refusal
  }

  protected override dispatch(): void {
    while (this.queue.size > 0) {
      const worker = this.#takeFree()
      if (worker === undefined) break
      const submission = this.start()
      if (submission !== undefined) this.#give(worker, submission)
      this.#review(worker)
    }
    if (this.queue.size === 0) return
    while (
      this.#workers.size < this.#limit &&
      this.queue.size + this.#aheadCount() > this.#starting.size * this.#inFlightPerWorker &&
      this.#spawn()
    );
    this.#sendAhead()
  }

  protected override recall(submissions: readonly Submission[]): void {
    const recalled = new Set(submissions)
    for (const worker of this.#workers)
      for (const submission of worker.submissions())
        if (recalled.has(submission)) {
          worker.recall()
          break
        }
  }

  protected override chunkSizeFor(reference: TaskReference<never, unknown>, left: number): number {
    const { inputMs } = this.#profiles.of(reference)
    if (inputMs === Infinity) return 1
    const share = Math.ceil(left / (2 * this.#limit))
    return Math.max(1, Math.min(Math.floor(chunkMs / inputMs), maxChunkSize, share))
  }

  /** Ends a task by ending its worker; where others share the worker, after them. */
  protected override interrupt(submission: Submission): void {
    for (const worker of this.#workers)
      for (const running of worker.submissions()) if (running === submission) this.#retire(worker)
  }

  protected override release(): Promise<void> {
    for (const worker of this.#workers) this.#retire(worker)
    return this.#untilEmpty()
  }

  protected override kill(): Promise<void> {
    for (const worker of this.#workers) worker.kill()
    return this.#untilEmpty()
  }

  protected override *runningSubmissions(): Iterable<Submission> {
    for (const worker of this.#workers) yield* worker.submissions()
  }

  #onReady(worker: PoolWorker): void {
    this.#hasStarted(worker)
    this.#review(worker)
    this.dispatch()
    this.closeWhenIdle()
  }

  #onStartFailed(worker: PoolWorker, error: unknown): void {
    this.#breakAll('The initializer failed.', error)
    this.#hasStarted(worker)
  }

  #onSettled(
    worker: PoolWorker,
    submission: Submission,
    outcomes: readonly Outcome[],
    times: readonly TaskTimes[] | undefined,
  ): void {
    this.finish(submission, outcomes)
    if (times !== undefined) this.trace(submission, outcomes, worker.info, times)
    this.#review(worker)
    this.dispatch()
    this.closeWhenIdle()
  }

  #onReturned(worker: PoolWorker, unstarted: readonly Submission[]): void {
    for (const submission of unstarted.toReversed()) this.putBack(submission)
    this.#review(worker)
    this.dispatch()
    this.closeWhenIdle()
  }

  #onLateError(worker: PoolWorker, error: Outcome | undefined): void {
    if (worker.state === 'starting') {
      // An error of the initializer's own is told by its failure, which follows.
      if (error !== undefined) this.#onStartFailed(worker, error.value)
      return
    }
    this.#retire(worker)
    if (error !== undefined) this.reportWorkerError(error.value, worker.info)
  }

  #onExit(
    worker: PoolWorker,
    exit: ConnectionExit,
    lost: readonly Submission[],
    unstarted: readonly Submission[],
  ): void {
    this.#workers.delete(worker)
    this.#withdraw(worker)
    if (worker.state === 'starting') {
      if (exit.isRefused === true) this.#onRefused(exit.cause)
      else this.#breakAll('A worker ended before it was ready.', lostError(exit, worker.info))
    }
    this.#hasStarted(worker)
    for (const submission of unstarted.toReversed()) this.putBack(submission)
    this.#failLost(worker, exit, lost)
    if (this.#workers.size === 0) for (const resolve of this.#onEmpty.splice(0)) resolve()
    this.dispatch()
    this.closeWhenIdle()
  }

  /** Rejects what a worker took with it; what was cancelled before is not lost, it only frees its slot. */
  #failLost(worker: PoolWorker, exit: ConnectionExit, lost: readonly Submission[]): void {
    let error: Error | undefined
    if (lost.some(({ state }) => state !== 'settled')) {
      error = lostError(exit, worker.info)
      if (this.#options.onWorkerLost === 'break') {
        this.#breakAll('A worker was lost.', error)
        error = this.brokenBy
      }
    }
    for (const submission of lost) this.fail(submission, error)
  }

  #give(worker: PoolWorker, submission: Submission): void {
    try {
      worker.run(submission, this.#profiles.of(submission.reference), submission.queuedAtNs !== undefined)
    } catch (error) {
      if (submission.inputs.length > 1) this.#split(submission)
      else {
        const culprit = describeUncloneable(submission.inputs[0], 'input', worker.clone, error)
        this.finish(submission, [{ ok: false, value: culprit }])
      }
    }
  }

  /** Of a chunk that cannot be cloned, sends each input by itself: only the culprits fail. */
  #split(chunk: Submission): void {
    const { reference, signal } = chunk
    const options = signal === undefined ? {} : { signal }
    const parts = chunk.takeInputs().map((input) => new Submission(reference, [input], true, options))
    this.replace(chunk, parts)
    const outcomes = Promise.all(parts.map((part) => part.promise as Promise<readonly Outcome[]>))
    outcomes.then(
      (settled) => chunk.settle(settled.flat()),
      (error: unknown) => chunk.reject(error),
    )
  }

  /**
   * Sends what is expected to be done soon to workers that are busy, so that none of them waits for a round trip.
   * docs/decisions/sending-ahead.md says why no promise suffers.
   */
  #sendAhead(): void {
    for (let first = this.queue.first; first !== undefined; first = this.queue.first) {
      if (first.transfer !== undefined && first.transfer.length > 0) return
      const inputs =
        first.onCut === undefined ? first.inputs.length : this.chunkSizeFor(first.reference, first.left)
      const takesMs = inputs * this.#profiles.of(first.reference).inputMs
      const worker = takesMs > aheadMs ? undefined : this.#leastBusy(takesMs, inputs)
      const submission = worker === undefined ? undefined : this.start()
      if (worker === undefined || submission === undefined) return
      this.#give(worker, submission)
      this.#watch()
    }
  }

  #leastBusy(takesMs: number, inputs: number): PoolWorker | undefined {
    const maxInputs = (this.#options.maxTasksPerWorker ?? Infinity) - inputs
    let least: PoolWorker | undefined
    for (const worker of this.#workers) {
      if (worker.expectedMs + takesMs > aheadMs || worker.aheadCount >= maxAhead) continue
      if (!worker.takesAhead || worker.inputs > maxInputs) continue
      if (least === undefined || worker.expectedMs < least.expectedMs) least = worker
    }
    return least
  }

  #aheadCount(): number {
    let count = 0
    for (const worker of this.#workers) count += worker.aheadCount
    return count
  }

  /** Looks at workers with something waiting, again and again while there are any. */
  #watch(): void {
    if (this.#pulse === undefined) this.#pulse = setTimeout(() => this.#onPulse(), stuckMs).unref()
  }

  /** Looks after a turn of the event loop, in which results that have arrived meanwhile are seen. */
  #onPulse(): void {
    setImmediate(() => {
      this.#pulse = undefined
      // Where nobody is idle, taking back only keeps the order; a busy machine must not make it a habit.
      const sinceMs = performance.now() - (this.#free.length > 0 ? stuckMs : patienceMs)
      let isAny = false
      for (const worker of this.#workers) {
        if (worker.aheadCount === 0) continue
        isAny = true
        if (worker.movedAtMs > sinceMs || this.#limit === 1) continue
        worker.isStuck = true
        worker.recall()
      }
      if (isAny) this.#watch()
    })
  }

  #takeFree(): PoolWorker | undefined {
    let least = this.#free.at(-1)
    if (least === undefined || this.#inFlightPerWorker === 1) {
      this.#free.pop()
    } else {
      for (const worker of this.#free) if (worker.load < least.load) least = worker
      this.#free.splice(this.#free.indexOf(least), 1)
    }
    if (least !== undefined) least.isFree = false
    return least
  }

  #withdraw(worker: PoolWorker): void {
    if (!worker.isFree) return
    worker.isFree = false
    this.#free.splice(this.#free.indexOf(worker), 1)
  }

  /** Puts a worker among the free ones if it has room, or lets it go if its time has come. */
  #review(worker: PoolWorker): void {
    if (worker.state !== 'ready') return
    const isSpent = worker.inputs >= (this.#options.maxTasksPerWorker ?? Infinity)
    if (worker.isRetiring || isSpent) {
      this.#withdraw(worker)
      if (worker.aheadCount > 0) {
        if (worker.isRetiring) worker.recall()
      } else if (worker.load === 0) worker.leave()
      else if (!worker.isAwaited) worker.kill()
    } else if (worker.hasRoom && !worker.isFree) {
      worker.isFree = true
      this.#free.push(worker)
    }
  }

  #retire(worker: PoolWorker): void {
    worker.isRetiring = true
    this.#review(worker)
  }

  /** Whether a worker is on its way. */
  #spawn(): boolean {
    const { initializer, initializerInput } = this.#options
    let worker: PoolWorker
    try {
      worker = new PoolWorker((listener) => this.connect(listener), this.#listener, this.#inFlightPerWorker)
    } catch (error) {
      this.#onRefused(error)
      return false
    }
    this.#workers.add(worker)
    this.#starting.add(worker)
    try {
      worker.start(initializer, initializerInput)
      return true
    } catch (error) {
      this.#onStartFailed(worker, describeUncloneable(initializerInput, 'input', worker.clone, error))
      return false
    }
  }

  #hasStarted(worker: PoolWorker): void {
    this.#starting.delete(worker)
    if (this.#starting.size === 0) for (const resolve of this.#onStarted.splice(0)) resolve()
  }

  /** Goes on with the workers that live; without one, nothing can ever run. */
  #onRefused(error: unknown): void {
    this.#limit = this.#workers.size
    if (this.#limit === 0) this.#breakAll('No worker could be started.', error)
  }

  #breakAll(message: string, cause: unknown): void {
    const error = this.break(new BrokenExecutorError(message, { cause }))
    for (const submission of this.runningSubmissions()) submission.reject(error)
    for (const worker of this.#workers) worker.kill()
  }

  #untilEmpty(): Promise<void> {
    if (this.#workers.size === 0) return Promise.resolve()
    return new Promise((resolve) => this.#onEmpty.push(resolve))
  }
}
