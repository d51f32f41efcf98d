/** What the tests of the executors share: the fixtures' references, and waiting for what a worker does. */

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createExecutor, taskModule } from '#dist/executors/index.js'
import type { Executor, PoolExecutorOptions } from '#dist/executors/index.js'
import type * as taskFunctions from '../fixtures/executors/tasks.mjs'

export const tasksUrl = new URL('../fixtures/executors/tasks.mjs', import.meta.url)
export const tasks = taskModule<typeof taskFunctions>(tasksUrl)

/** An executor that is ended with the test, whatever happens in it. */
export function open(id: string, options: PoolExecutorOptions = {}): Executor {
  const maxWorkers = id === 'serial' ? 1 : options.maxWorkers
  const executor = createExecutor(id, { ...options, ...(maxWorkers === undefined ? {} : { maxWorkers }) })
  onTestFinished(() => executor.terminate())
  return executor
}

/** A folder that is removed with the test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'boundby-executors-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** Waits until `condition` holds, turn by turn; the test's own time limit is the bound. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2))
}

export async function untilExists(path: string): Promise<void> {
  await until(() => existsSync(path))
}

/** What a promise rejects with, for errors that `rejects` cannot look into. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('It was fulfilled.')
}

export async function collect<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const all: Value[] = []
  for await (const value of values) all.push(value)
  return all
}

/** Whether a process lives; a zombie does not (`process.kill(pid, 0)` says it does). */
export function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z'
  } catch {
    return false
  }
}
