/** The contract of every executor: `concurrent.futures` for Node, changed only where Node's conventions demand it. */

import type { EventEmitter } from 'node:events'
import type { MessagePort } from 'node:worker_threads'
import type { TaskReference } from './task.ts'

/** The eventual output of a task. It rejects with what the task threw, or with an `ExecutorError`. */
export type Future<Output> = Promise<Output>

/** Where tasks run; a child process has its own pid, a thread the parent's. The main thread is `threadId` 0. */
export interface WorkerInfo {
  readonly pid: number
  readonly threadId: number
}

export interface SubmitOptions {
  /** Cancels the task: a pending one never starts; a running one is ended where the executor can. */
  readonly signal?: AbortSignal
  /** ArrayBuffers (and the like) to move instead of copying, where workers share an address space. */
  readonly transfer?: readonly Transferable[]
}

/** What Node can move between threads. */
export type Transferable = ArrayBuffer | MessagePort

export interface MapOptions {
  /**
   * How many inputs travel together; it changes no result. Default: as many as take a fraction of a millisecond, by
   * what a pool has measured of the task; 1 on the calling thread.
   */
  readonly chunkSize?: number
  readonly signal?: AbortSignal
}

export interface ShutdownOptions {
  /** Also cancel what has not started. */
  readonly cancelPending?: boolean
}

/** What follows the task in `submit`: the input can be left out where the task takes none. */
export type SubmitArguments<Input> = undefined extends Input
  ? [input?: Input, options?: SubmitOptions]
  : [input: Input, options?: SubmitOptions]

/** What every executor can be told; see each class for its own meaning of `maxWorkers`. */
export interface ExecutorOptions {
  /** Workers at most; for the event loop, tasks in flight. */
  readonly maxWorkers?: number
  /** A worker is replaced after so many inputs. */
  readonly maxTasksPerWorker?: number
  /** Submissions waiting to start at most; one more rejects with `QueueFullError`. */
  readonly maxQueue?: number
  /** Run once in each worker before its first task; its failure breaks the executor. */
  readonly initializer?: TaskReference<never, unknown>
  readonly initializerInput?: unknown
}

/** Options of the executors that have workers of their own. */
export interface PoolExecutorOptions extends ExecutorOptions {
  /**
   * Tasks that one worker may have in flight at once (default 1, as in `concurrent.futures`). More than 1 only
   * helps tasks that wait asynchronously: each worker then is an event loop of its own.
   */
  readonly tasksInFlightPerWorker?: number
  /** The workers' environment (default: a copy of this process's). */
  readonly env?: NodeJS.ProcessEnv
  /** Node options of the workers (default: those of this process). */
  readonly execArgv?: readonly string[]
  /** What a worker's death does: its own tasks reject and the pool goes on (default), or all break, as in CPython. */
  readonly onWorkerLost?: 'replace' | 'break'
}

/** The life of one task, observed; times are `process.hrtime.bigint()`, one clock for all processes of a machine. */
export interface TaskTrace {
  readonly worker: WorkerInfo
  readonly exportName: string
  readonly queuedAtNs: bigint
  readonly startedAtNs: bigint
  readonly endedAtNs: bigint
  readonly settledAtNs: bigint
  /**
   * CPU time spent while it ran: by its thread, or in a worker process by all threads. Null where the system does not
   * tell, and on the calling thread, which can ask for itself. Tasks that overlap in a worker each count all of it.
   */
  readonly cpuNs: bigint | null
  /** How long its thread was ready to go on meanwhile and had no core; null as above. */
  readonly runQueueNs: bigint | null
  readonly outcome: 'fulfilled' | 'rejected'
}

export interface ExecutorEvents {
  /** A task that started has settled. Traces are made only while somebody listens. */
  task: [trace: TaskTrace]
  /** An error in a worker that no task can be charged with any more, for example in a forgotten timer. */
  workerError: [error: unknown, worker: WorkerInfo]
}

/**
 * Runs tasks under one execution model.
 *
 * ```
 * submit ──> queue ──> worker ──> task ──> future
 *   │ copy of the input at dispatch   │ copy of the output, or the error
 *   └ rejects, never throws           └ a worker that dies loses only what it had started
 * ```
 */
export interface Executor extends AsyncDisposable, Pick<EventEmitter<ExecutorEvents>, 'on' | 'off' | 'once'> {
  /** `Infinity` for an event loop without a bound. */
  readonly maxWorkers: number
  /** The workers alive now. */
  readonly workers: readonly WorkerInfo[]

  /** Runs `task` on `input`. Never throws synchronously. */
  submit<Input, Output>(task: TaskReference<Input, Output>, ...args: SubmitArguments<Input>): Future<Output>

  /** Runs `task` on every input and yields the outputs in input order; rejects with the error of the lowest index. */
  map<Input, Output>(
    task: TaskReference<Input, Output>,
    inputs: Iterable<Input> | AsyncIterable<Input>,
    options?: MapOptions,
  ): AsyncIterableIterator<Output>

  /** Starts every worker and all that it may need, so that no later task pays for it. */
  warmUp(): Promise<void>

  /** Takes no more tasks, waits for those it has, and resolves when the workers are dead. Idempotent, never rejects. */
  shutdown(options?: ShutdownOptions): Promise<void>

  /** Ends the workers with whatever they run. */
  terminate(): Promise<void>
}
