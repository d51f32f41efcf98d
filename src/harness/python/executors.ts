/** CPython's executors by their ids, and the traits of every executor that can race, Node's own among them. */

import type { ExecutorTraits } from '../../executors/registry.ts'
import { executorIds, executorTraits } from '../../executors/registry.ts'

/** What runs the twin: a plain loop, `ThreadPoolExecutor`, `ProcessPoolExecutor`. */
export type PythonExecutorKind = 'serial' | 'threads' | 'processes'

export const pythonSerialId = 'python-serial'

const kinds: ReadonlyMap<string, PythonExecutorKind> = new Map([
  [pythonSerialId, 'serial'],
  ['python-threads', 'threads'],
  ['python-processes', 'processes'],
])

export const pythonExecutorIds: readonly string[] = [...kinds.keys()]

/** Everything that can race: Node's executors first. */
export const racingExecutorIds: readonly string[] = [...executorIds, ...pythonExecutorIds]

/** Undefined for an executor of Node's. */
export function pythonKind(id: string): PythonExecutorKind | undefined {
  return kinds.get(id)
}

/** @throws RangeError for an unknown id. */
export function racingTraits(id: string): ExecutorTraits {
  const kind = kinds.get(id)
  if (kind === undefined) return executorTraits(id)
  // CPython's threads share memory, but inputs come to them as Python's own objects in any case.
  return { maxWorkersCounts: kind === 'serial' ? 'nothing' : 'workers', sharesMemory: false }
}
