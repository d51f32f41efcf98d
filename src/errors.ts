/** Every error that boundby itself raises, so that a caller can tell ours from a task's. */

/** Base of all errors raised by boundby; never what a task threw. */
export class BoundbyError extends Error {
  override readonly name: string = 'BoundbyError'
}

/** A mistake in the call: one sentence saying what was expected, what was received and what to do (exit code 2). */
export class UsageError extends BoundbyError {
  override readonly name = 'UsageError'
}

/**
 * Thrown by a workload's `setup` (or `inputs`) when this machine lacks what it needs: the workload is skipped
 * with this message as the reason, and the run goes on without a failure.
 */
export class WorkloadUnavailableError extends BoundbyError {
  override readonly name = 'WorkloadUnavailableError'
}

/** A result file that cannot be read: not JSON, not ours, of a newer format, or with fields of a wrong shape. */
export class ResultFileError extends BoundbyError {
  override readonly name = 'ResultFileError'
}

/** Base of the errors of `boundby/executors`; no error that comes from a worker's code is an instance of it. */
export class ExecutorError extends BoundbyError {
  override readonly name: string = 'ExecutorError'
  /** Stable identifier, as in Node's own errors. */
  readonly code: string = 'ERR_EXECUTOR'
}

/** The task was cancelled by its signal or by a shutdown; named and coded as Node's own AbortError. */
export class TaskCancelledError extends ExecutorError {
  override readonly name = 'AbortError'
  override readonly code = 'ABORT_ERR'
}

/** The executor cannot run anything any more: its initializer failed, or no worker could be started. */
export class BrokenExecutorError extends ExecutorError {
  override readonly name = 'BrokenExecutorError'
  override readonly code = 'ERR_EXECUTOR_BROKEN'
}

/** Submitted after `shutdown()` or `terminate()`. */
export class ExecutorShutdownError extends ExecutorError {
  override readonly name = 'ExecutorShutdownError'
  override readonly code = 'ERR_EXECUTOR_SHUTDOWN'
}

/** The queue is full (`maxQueue`). */
export class QueueFullError extends ExecutorError {
  override readonly name = 'QueueFullError'
  override readonly code = 'ERR_QUEUE_FULL'
}

/** How a worker ended; what is not known is null. */
export interface WorkerExit {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  /** The last lines that the worker wrote to stderr; empty if none were seen. */
  readonly stderr: string
}

/** The worker that ran the task ended before the task did; nothing is retried. */
export class WorkerLostError extends ExecutorError implements WorkerExit {
  override readonly name = 'WorkerLostError'
  override readonly code = 'ERR_WORKER_LOST'
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly stderr: string

  constructor(message: string, exit: WorkerExit, options?: ErrorOptions) {
    super(message, options)
    this.exitCode = exit.exitCode
    this.signal = exit.signal
    this.stderr = exit.stderr
  }
}

/** A value that structured clone cannot carry, and where in the value it is. */
export class TaskTransferError extends ExecutorError {
  override readonly name = 'TaskTransferError'
  override readonly code = 'ERR_TASK_TRANSFER'
  readonly phase: 'input' | 'result' | 'error'
  /** For example `input.items[3].callback`; the phase alone if it could not be found. */
  readonly path: string

  constructor(message: string, phase: 'input' | 'result' | 'error', path: string, options?: ErrorOptions) {
    super(message, options)
    this.phase = phase
    this.path = path
  }
}

/** `SharedBytes` were used after their release. */
export class SharedBytesReleasedError extends ExecutorError {
  override readonly name = 'SharedBytesReleasedError'
  override readonly code = 'ERR_SHARED_BYTES_RELEASED'
}

/** The task's module cannot be imported, or has no such exported function. */
export class TaskNotFoundError extends ExecutorError {
  override readonly name = 'TaskNotFoundError'
  override readonly code = 'ERR_TASK_NOT_FOUND'
}

/** A task submitted to the executor that runs it, which would wait for itself. */
export class NestedSubmitError extends ExecutorError {
  override readonly name = 'NestedSubmitError'
  override readonly code = 'ERR_NESTED_SUBMIT'
}
