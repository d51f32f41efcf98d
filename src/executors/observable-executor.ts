/** What an executor tells those who listen: the times of its tasks, and the errors that belong to none. */

import { EventEmitter } from 'node:events'
import type { ExecutorEvents, TaskTrace, WorkerInfo } from './executor.ts'
import { isOk } from './outcomes.ts'
import type { Outcomes } from './outcomes.ts'
import type { Submission } from './submission.ts'

/** When a task ran, on its worker's clock (`process.hrtime.bigint()`), and what it cost there; see `TaskTrace`. */
export type TaskTimes = Pick<TaskTrace, 'startedAtNs' | 'endedAtNs' | 'cpuNs' | 'runQueueNs'>

export abstract class ObservableExecutor extends EventEmitter<ExecutorEvents> {
  protected get isTraced(): boolean {
    return this.listenerCount('task') > 0
  }

  /** Tells each task's times to those who listen. */
  protected trace(
    submission: Submission,
    outcomes: Outcomes,
    worker: WorkerInfo,
    times: readonly TaskTimes[],
  ): void {
    const settledAtNs = process.hrtime.bigint()
    const queuedAtNs = submission.queuedAtNs ?? settledAtNs
    const { exportName } = submission.reference
    for (const index of outcomes.values.keys()) {
      const time = times[index]
      if (time === undefined) continue
      const outcome = isOk(outcomes, index) ? 'fulfilled' : 'rejected'
      // A listener that throws must not disturb what is going on here.
      queueMicrotask(() =>
        this.emit('task', { worker, exportName, queuedAtNs, ...time, settledAtNs, outcome }),
      )
    }
  }

  /** Tells of an error that no task can be charged with; never silently. */
  protected reportWorkerError(error: unknown, worker: WorkerInfo): void {
    // A listener that throws must not disturb what is going on here.
    queueMicrotask(() => {
      if (this.emit('workerError', error, worker)) return
      process.emitWarning(error instanceof Error ? error : new Error(`A worker threw ${String(error)}.`))
    })
  }
}
