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
import { describeUncloneable } from './transfer-path.ts'

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
    onLateError: (worker, error) => this.#onLateError(worker, error),
    onExit: (worker, exit, lost, unstarted) => this.#onExit(worker, exit, lost, unstarted),
  }
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
    while (
      this.queue.size > this.#starting.size * this.#inFlightPerWorker &&
      this.#workers.size < this.#limit &&
      this.#spawn()
    );
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
    unstarted: Submission | undefined,
  ): void {
    this.#workers.delete(worker)
    this.#withdraw(worker)
    if (worker.state === 'starting') {
      if (exit.isRefused === true) this.#onRefused(exit.cause)
      else this.#breakAll('A worker ended before it was ready.', lostError(exit, worker.info))
    }
    this.#hasStarted(worker)
    if (unstarted !== undefined) this.putBack(unstarted)
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
      worker.run(submission, submission.queuedAtNs !== undefined)
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
    if (worker.inputs >= (this.#options.maxTasksPerWorker ?? Infinity)) worker.isRetiring = true
    if (worker.isRetiring) {
      this.#withdraw(worker)
      if (worker.load === 0) worker.leave()
      else if (!worker.isAwaited) worker.kill()
    } else if (worker.load < this.#inFlightPerWorker && !worker.isFree) {
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
      worker = new PoolWorker((listener) => this.connect(listener), this.#listener)
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
