/** Every executor by its id; a new executor is a file and a line here. */

import { EventLoopExecutor } from './event-loop.ts'
import type { Executor, PoolExecutorOptions } from './executor.ts'
import { ProcessPoolExecutor } from './process-pool.ts'
import { SerialExecutor } from './serial.ts'
import { ThreadPoolExecutor } from './thread-pool.ts'

/** What sets one executor apart from another, for those who choose its options. */
export interface ExecutorTraits {
  /** What `maxWorkers` counts: nothing (there is one thread), tasks in flight on one thread, or workers of a pool. */
  readonly maxWorkersCounts: 'nothing' | 'tasks' | 'workers'
  /** Whether inputs can reach a worker without being copied. */
  readonly sharesMemory: boolean
}

interface Entry extends ExecutorTraits {
  readonly create: (options: PoolExecutorOptions) => Executor
}

const entries: ReadonlyMap<string, Entry> = new Map<string, Entry>([
  [
    'serial',
    { create: (options) => new SerialExecutor(options), maxWorkersCounts: 'nothing', sharesMemory: false },
  ],
  [
    'event-loop',
    { create: (options) => new EventLoopExecutor(options), maxWorkersCounts: 'tasks', sharesMemory: false },
  ],
  [
    'threads',
    { create: (options) => new ThreadPoolExecutor(options), maxWorkersCounts: 'workers', sharesMemory: true },
  ],
  [
    'processes',
    {
      create: (options) => new ProcessPoolExecutor(options),
      maxWorkersCounts: 'workers',
      sharesMemory: false,
    },
  ],
])

function entryOf(id: string): Entry {
  const entry = entries.get(id)
  if (entry !== undefined) return entry
  throw new RangeError(`Unknown executor ${JSON.stringify(id)}; there are ${executorIds.join(', ')}.`)
}

/** The ids of all executors, the plainest first. */
export const executorIds: readonly string[] = [...entries.keys()]

/**
 * Makes an executor by its id; options that it has no use for are ignored.
 * @throws RangeError for an unknown id; TypeError or RangeError for an option that is no option.
 */
export function createExecutor(id: string, options: PoolExecutorOptions = {}): Executor {
  return entryOf(id).create(options)
}

/** @throws RangeError for an unknown id. */
export function executorTraits(id: string): ExecutorTraits {
  return entryOf(id)
}
