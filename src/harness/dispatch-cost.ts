/** What an executor takes to run a task that does nothing: the price of every task. */

import type { Executor } from '../executors/executor.ts'
import { taskRef } from '../executors/task.ts'
import { median } from '../stats/summary.ts'
import type { nothing } from './entry/nothing.ts'

export interface DispatchCost {
  /** From submit to result, nothing else going on: what a worker that is kept busy does not work per task. */
  readonly aloneMs: number
  /** Of many at once, per task: what the thread that submits is busy with. */
  readonly atOnceMs: number
}

const tasksAtOnce = 32
const tasksAlone = 15
const bursts = 2

async function timed(run: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now()
  await run()
  return performance.now() - startMs
}

/** Takes a few milliseconds; the executor must be idle. */
export async function measureDispatch(executor: Executor): Promise<DispatchCost> {
  const task = taskRef<typeof nothing>(new URL('./entry/nothing.js', import.meta.url), 'nothing')
  const submit = (): Promise<void> => executor.submit(task, undefined)
  const burst = (): Promise<unknown> => Promise.all(Array.from({ length: tasksAtOnce }, submit))
  // The first one imports the task in every worker.
  await burst()
  const aloneMs: number[] = []
  for (let index = 0; index < tasksAlone; index++) aloneMs.push(await timed(submit))
  const burstsMs: number[] = []
  for (let index = 0; index < bursts; index++) burstsMs.push(await timed(burst))
  return { aloneMs: median(aloneMs), atOnceMs: Math.min(...burstsMs) / tasksAtOnce }
}
