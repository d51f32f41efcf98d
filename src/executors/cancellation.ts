/** Cancellation: the errors it gives, and abort signals heard once each, however many submissions share one. */

import { ExecutorShutdownError, TaskCancelledError } from '../errors.ts'
import type { Submission } from './submission.ts'

export class AbortWatch {
  readonly #watched = new Map<AbortSignal, Set<Submission>>()
  readonly #cancel: (submission: Submission, reason: unknown) => void

  constructor(cancel: (submission: Submission, reason: unknown) => void) {
    this.#cancel = cancel
  }

  add(submission: Submission, signal: AbortSignal): void {
    const sharing = this.#watched.get(signal)
    if (sharing !== undefined) {
      sharing.add(submission)
      return
    }
    this.#watched.set(signal, new Set([submission]))
    signal.addEventListener('abort', this.#onAbort)
  }

  delete(submission: Submission, signal: AbortSignal): void {
    const sharing = this.#watched.get(signal)
    if (sharing === undefined) return
    sharing.delete(submission)
    if (sharing.size > 0) return
    this.#watched.delete(signal)
    signal.removeEventListener('abort', this.#onAbort)
  }

  readonly #onAbort = (event: Event): void => {
    const signal = event.target as AbortSignal
    const sharing = this.#watched.get(signal)
    if (sharing === undefined) return
    this.#watched.delete(signal)
    signal.removeEventListener('abort', this.#onAbort)
    for (const submission of sharing) this.#cancel(submission, signal.reason)
  }
}

/** What a task is rejected with when its signal is aborted. */
export function abortion(reason: unknown): TaskCancelledError {
  return new TaskCancelledError('The task was cancelled by its signal.', { cause: reason })
}

/** What a task is rejected with when its executor ends without it. */
export function shutdownCancellation(how: 'shut down' | 'terminated'): TaskCancelledError {
  const cause = new ExecutorShutdownError(`The executor was ${how}.`)
  return new TaskCancelledError(`The task was cancelled because the executor was ${how}.`, { cause })
}
