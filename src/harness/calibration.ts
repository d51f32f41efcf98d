/** The calibration of a run: each executor with known tasks, in a host process of its own, before anything is raced. */

import { defaultParallelism } from '../executors/parallelism.ts'
import { executorTraits } from '../executors/registry.ts'
import type { Calibration, ExecutorCalibration } from '../results/schema.ts'
import { Host } from './host.ts'
import { makeTemporaryFolder } from './temporary-folder.ts'

/** Of the budget at most. */
const budgetShare = 1 / 10
const mostMs = 6000
/** A run with less is over before a prediction would be worth its time. */
const leastBudgetMs = 10_000

/** Calibrates one executor, or rejects. */
export type CalibrateExecutor = (executor: string, limitMs: number) => Promise<ExecutorCalibration>

export interface CalibrationRequest {
  readonly executors: readonly string[]
  readonly budgetMs: number
  readonly calibrateExecutor: CalibrateExecutor
  /** Milliseconds on some steady clock. */
  readonly now: () => number
  readonly signal: AbortSignal
}

/**
 * Calibrates one executor after the other, for as long as the budget has room: what comes too late or fails is left
 * out, and not predicted. Undefined if there is no room for any.
 */
export async function calibrate(request: CalibrationRequest): Promise<Calibration | undefined> {
  const { budgetMs, calibrateExecutor, now, signal } = request
  if (budgetMs < leastBudgetMs) return undefined
  const startMs = now()
  const endMs = startMs + Math.min(mostMs, budgetMs * budgetShare)
  const executors: ExecutorCalibration[] = []
  for (const executor of request.executors) {
    const leftMs = endMs - now()
    if (leftMs <= 0 || signal.aborted) break
    // What has begun may end: on a busy machine all takes longer, and half a calibration predicts nothing.
    await calibrateExecutor(executor, mostMs).then(
      (calibrated) => executors.push(calibrated),
      () => undefined,
    )
  }
  return executors.length === 0 ? undefined : { durationMs: now() - startMs, executors }
}

/** Calibrates in a host process. */
export const inHost =
  (signal: AbortSignal): CalibrateExecutor =>
  async (executor, limitMs) => {
    const folder = await makeTemporaryFolder()
    const host = new Host(folder.environment)
    const kill = (): void => host.kill()
    signal.addEventListener('abort', kill)
    try {
      const isPool = executorTraits(executor).maxWorkersCounts === 'workers'
      const workers = isPool ? defaultParallelism() : null
      const parameters = { executor, workers, tasksInFlightPerWorker: 1, resources: undefined }
      const { startupMs } = await host.call('open', parameters, { silenceMs: limitMs })
      const calibrated = await host.call('calibrate', {}, { silenceMs: limitMs })
      return { executor, startupMs, ...calibrated }
    } finally {
      signal.removeEventListener('abort', kill)
      await host.close()
      await folder.remove()
    }
  }
