/** What the thread pool and the process pool share: which worker gets what, and who replaces the dead. */

import { BrokenExecutorError } from '../errors.ts'
import type { PoolExecutorOptions, WorkerInfo } from './executor.ts'
import { checkExecutorOptions, checkPoolOptions, maxPoolWorkers } from './options.ts'
import { defaultParallelism } from './parallelism.ts'
import { FreeWorkers } from './free-workers.ts'
import { joinOutcomes, outcomesOf } from './outcomes.ts'
import type { Outcome, Outcomes } from './outcomes.ts'
import { PoolWorker } from './pool-worker.ts'
import type { PoolWorkerListener } from './pool-worker.ts'
import { QueueingExecutor } from './queueing-executor.ts'
import type { TaskTimes } from './observable-executor.ts'
import { Submission } from './submission.ts'
import { TaskProfiles } from './task-profile.ts'
import type { TaskReference } from './task.ts'
import { AheadWatch, isSoonDone, leastBusy } from './sending-ahead.ts'
import { describeUncloneable } from './transfer-path.ts'
import { lostError } from './worker-connection.ts'
import type { ConnectionExit, ConnectionListener, WorkerConnection } from './worker-connection.ts'

export abstract class PoolExecutor extends QueueingExecutor {
  readonly #options: PoolExecutorOptions
  readonly #inFlightPerWorker: number
  readonly #workers = new Set<PoolWorker>()
  readonly #starting = new Set<PoolWorker>()
  readonly #free: FreeWorkers
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
  readonly #aheadWatch = new AheadWatch(this.#workers, () =>
    this.#limit === 1 ? 'none' : this.#free.isEmpty ? 'busy' : 'idle',
  )
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
    this.#free = new FreeWorkers(tasksInFlightPerWorker)
  }

  /** Starts a worker; throws if the OS refuses. */
  protected abstract connect(listener: ConnectionListener): WorkerConnection

  override get workers(): readonly WorkerInfo[] {
    return Array.from(this.#workers, ({ info }) => info)
  }

  override async warmUp(): Promise<void> {
    if (this.refusal() === undefined) {
      while (this.#workers.size < this.#limit && this.#spawn(true));
      if (this.#starting.size > 0) await new Promise<void>((resolve) => this.#onStarted.push(resolve))
    }
    const refusal = this.refusal()
    if (refusal !== undefined) throw refusal
  }

  protected override dispatch(): void {
    while (this.queue.size > 0) {
      const worker = this.#free.take()
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
    return this.#profiles.of(reference).chunkSize(left, this.#limit)
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
    outcomes: Outcomes,
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
    this.#free.remove(worker)
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
        this.finish(submission, outcomesOf([{ ok: false, value: culprit }]))
      }
    }
  }

  /** Of a chunk that cannot be cloned, sends each input by itself: only the culprits fail. */
  #split(chunk: Submission): void {
    const { reference, signal } = chunk
    const options = signal === undefined ? {} : { signal }
    const parts = chunk.takeInputs().map((input) => new Submission(reference, [input], true, options))
    this.replace(chunk, parts)
    const outcomes = Promise.all(parts.map((part) => part.promise as Promise<Outcomes>))
    outcomes.then(
      (settled) => chunk.settle(joinOutcomes(settled)),
      (error: unknown) => chunk.reject(error),
    )
  }

  /** Sends what will soon be done to workers that are busy, so that none of them waits for a round trip. */
  #sendAhead(): void {
    for (let first = this.queue.first; first !== undefined; first = this.queue.first) {
      // What was moved could not be taken back.
      if (first.transfer !== undefined && first.transfer.length > 0) return
      const profile = this.#profiles.of(first.reference)
      const inputs = first.onCut === undefined ? first.inputs.length : this.nextSize(first)
      const takesMs = inputs * profile.inputMs
      if (!isSoonDone(takesMs)) return
      const { maxTasksPerWorker = Infinity } = this.#options
      const worker = leastBusy(this.#workers, takesMs, maxTasksPerWorker - inputs)
      const submission = worker === undefined ? undefined : this.start()
      if (worker === undefined || submission === undefined) return
      this.#give(worker, submission)
      this.#aheadWatch.watch()
    }
  }

  #aheadCount(): number {
    let count = 0
    for (const worker of this.#workers) count += worker.aheadCount
    return count
  }

  /** Puts a worker among the free ones if it has room, or lets it go if its time has come. */
  #review(worker: PoolWorker): void {
    if (worker.state !== 'ready') return
    const isSpent = worker.inputs >= (this.#options.maxTasksPerWorker ?? Infinity)
    if (worker.isRetiring || isSpent) {
      this.#free.remove(worker)
      if (worker.aheadCount > 0) {
        if (worker.isRetiring) worker.recall()
      } else if (worker.load === 0) worker.leave()
      else if (!worker.isAwaited) worker.kill()
    } else if (worker.hasRoom) this.#free.add(worker)
  }

  #retire(worker: PoolWorker): void {
    worker.isRetiring = true
    this.#review(worker)
  }

  /** Whether a worker is on its way. */
  #spawn(isToWarmUp = false): boolean {
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
      worker.start(initializer, initializerInput, isToWarmUp)
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
