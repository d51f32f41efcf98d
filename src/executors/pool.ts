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

function slotsOf({
  maxWorkers = defaultParallelism(),
  tasksInFlightPerWorker = 1,
}: PoolExecutorOptions): number {
  return maxWorkers * tasksInFlightPerWorker
}

export abstract class PoolExecutor extends QueueingExecutor implements PoolWorkerListener {
  readonly #options: PoolExecutorOptions
  readonly #inFlightPerWorker: number
  readonly #workers = new Set<PoolWorker>()
  /** Ready workers with room, the one that got room last at the end: its caches are warm. */
  readonly #free: PoolWorker[] = []
  /** Workers that may live at once; less than asked for once the OS has refused one. */
  #limit: number
  #starting = 0
  #onStarted: (() => void)[] = []
  #onEmpty: (() => void)[] = []

  /** @throws TypeError or RangeError for an option that is no option. */
  constructor(options: PoolExecutorOptions) {
    checkExecutorOptions(options, maxPoolWorkers)
    checkPoolOptions(options)
    super(options, options.maxWorkers ?? defaultParallelism(), slotsOf(options))
    this.#options = options
    this.#inFlightPerWorker = options.tasksInFlightPerWorker ?? 1
    this.#limit = this.maxWorkers
  }

  /** Starts a worker; throws if the OS refuses. */
  protected abstract connect(listener: ConnectionListener): WorkerConnection

  override get workers(): readonly WorkerInfo[] {
    return Array.from(this.#workers, ({ info }) => info)
  }

  override async warmUp(): Promise<void> {
    if (this.refusal() === undefined) {
      while (this.#workers.size < this.#limit && this.#spawn());
      if (this.#starting > 0) await new Promise<void>((resolve) => this.#onStarted.push(resolve))
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
      this.#offer(worker)
    }
    while (
      this.queue.size > this.#starting * this.#inFlightPerWorker &&
      this.#workers.size < this.#limit &&
      this.#spawn()
    );
  }

  /** Ends the task by ending its worker; where others share the worker, it is ended after them. */
  protected override interrupt(submission: Submission): void {
    for (const worker of this.#workers)
      for (const running of worker.submissions())
        if (running === submission) {
          this.#retire(worker)
          return
        }
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

  onReady(worker: PoolWorker): void {
    this.#started()
    this.#offer(worker)
    this.dispatch()
  }

  onStartFailed(worker: PoolWorker, error: unknown): void {
    this.#started()
    this.#breakAll('The initializer failed.', error)
    worker.kill()
  }

  onSettled(
    worker: PoolWorker,
    submission: Submission,
    outcomes: readonly Outcome[],
    times: readonly TaskTimes[] | undefined,
  ): void {
    this.finish(submission, outcomes, worker.info, times)
    this.#offer(worker)
    this.dispatch()
    this.closeWhenIdle()
  }

  onLateError(worker: PoolWorker, error: unknown): void {
    this.#retire(worker)
    this.reportWorkerError(error, worker.info)
  }

  onExit(worker: PoolWorker, exit: ConnectionExit, lost: readonly Submission[]): void {
    this.#workers.delete(worker)
    this.#withdraw(worker)
    if (worker.state === 'starting') {
      this.#started()
      if (exit.isRefused === true) this.#refused(exit.cause)
      else this.#breakAll('A worker ended before it was ready.', lostError(exit, worker.info))
    }
    if (lost.length > 0) {
      const error = lostError(exit, worker.info)
      if (this.#options.onWorkerLost === 'break') this.#breakAll('A worker was lost.', error)
      for (const submission of lost) this.fail(submission, this.brokenBy ?? error)
    }
    if (this.#workers.size === 0) for (const resolve of this.#onEmpty.splice(0)) resolve()
    if (this.brokenBy === undefined) this.dispatch()
    this.closeWhenIdle()
  }

  #give(worker: PoolWorker, submission: Submission): void {
    try {
      worker.run(submission, submission.queuedAtNs !== undefined)
    } catch (error) {
      if (submission.isChunk && submission.inputs.length > 1) this.#split(submission)
      else {
        const described = describeUncloneable(submission.inputs[0], 'input', worker.clone, error)
        this.finish(submission, [{ ok: false, value: described }])
      }
    }
  }

  /** Of a chunk that cannot be cloned, sends each input by itself: only the culprits fail. */
  #split(chunk: Submission): void {
    const { reference, inputs } = chunk
    const parts = inputs.map((input) => new Submission(reference, [input], true))
    for (const part of parts.toReversed()) this.queue.unshift(part)
    void Promise.all(parts.map((part) => part.promise as Promise<readonly Outcome[]>)).then(
      (outcomes) => this.finish(chunk, outcomes.flat()),
      (error: unknown) => this.fail(chunk, error),
    )
  }

  #takeFree(): PoolWorker | undefined {
    if (this.#inFlightPerWorker === 1) return this.#free.pop()
    let least: PoolWorker | undefined
    for (const worker of this.#free) if (least === undefined || worker.load < least.load) least = worker
    if (least !== undefined) this.#withdraw(least)
    return least
  }

  /** Puts a worker among the free ones if it has room, and lets it leave if its time has come. */
  #offer(worker: PoolWorker): void {
    if (worker.state !== 'ready') return
    if (worker.inputs >= (this.#options.maxTasksPerWorker ?? Infinity)) worker.isRetiring = true
    if (worker.isRetiring) {
      this.#withdraw(worker)
      if (worker.load === 0) worker.leave()
    } else if (worker.load < this.#inFlightPerWorker && !this.#free.includes(worker)) this.#free.push(worker)
  }

  #withdraw(worker: PoolWorker): void {
    const index = this.#free.indexOf(worker)
    if (index >= 0) this.#free.splice(index, 1)
  }

  #retire(worker: PoolWorker): void {
    worker.isRetiring = true
    this.#offer(worker)
  }

  /** Whether a worker is on its way. */
  #spawn(): boolean {
    const { initializer, initializerInput } = this.#options
    try {
      const worker = new PoolWorker((listener) => this.connect(listener), this, initializer, initializerInput)
      this.#workers.add(worker)
      this.#starting++
      return true
    } catch (error) {
      this.#refused(error)
      return false
    }
  }

  #started(): void {
    this.#starting--
    if (this.#starting === 0) for (const resolve of this.#onStarted.splice(0)) resolve()
  }

  /** Goes on with the workers that live; without one, nothing can ever run. */
  #refused(error: unknown): void {
    this.#limit = this.#workers.size
    if (this.#limit === 0) this.#breakAll('No worker could be started.', error)
  }

  #breakAll(message: string, cause: unknown): void {
    this.break(new BrokenExecutorError(message, { cause }))
    for (const submission of this.runningSubmissions()) submission.reject(this.brokenBy)
    for (const worker of this.#workers) worker.kill()
  }

  #untilEmpty(): Promise<void> {
    if (this.#workers.size === 0) return Promise.resolve()
    return new Promise((resolve) => this.#onEmpty.push(resolve))
  }
}
