/** Every executor by its id; a new executor is a file and a line here. */

import { EventLoopExecutor } from './event-loop.ts'
import type { Executor, PoolExecutorOptions } from './executor.ts'
import { ProcessPoolExecutor } from './process-pool.ts'
import { SerialExecutor } from './serial.ts'
import { ThreadPoolExecutor } from './thread-pool.ts'

type Factory = (options: PoolExecutorOptions) => Executor

const factories: ReadonlyMap<string, Factory> = new Map<string, Factory>([
  ['serial', (options) => new SerialExecutor(options)],
  ['event-loop', (options) => new EventLoopExecutor(options)],
  ['threads', (options) => new ThreadPoolExecutor(options)],
  ['processes', (options) => new ProcessPoolExecutor(options)],
])

/** The ids of all executors, the plainest first. */
export const executorIds: readonly string[] = [...factories.keys()]

/**
 * Makes an executor by its id; options that it has no use for are ignored.
 * @throws RangeError for an unknown id; TypeError or RangeError for an option that is no option.
 */
export function createExecutor(id: string, options: PoolExecutorOptions = {}): Executor {
  const factory = factories.get(id)
  if (factory === undefined)
    throw new RangeError(`Unknown executor ${JSON.stringify(id)}; there are ${executorIds.join(', ')}.`)
  return factory(options)
}
