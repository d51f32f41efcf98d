/** All tasks at once on the calling thread: waiting overlaps, computing does not. */

import type { ExecutorOptions } from './executor.ts'
import { InProcessExecutor } from './in-process.ts'
import { checkExecutorOptions, maxTasksInFlight } from './options.ts'

/**
 * Starts tasks in the order submitted, without waiting for earlier ones; `maxWorkers` bounds the tasks in flight
 * (default: no bound). A task that is cancelled while it runs rejects at once, but holds its slot until it ends.
 */
export class EventLoopExecutor extends InProcessExecutor {
  /** @throws TypeError or RangeError for an option that is no option. */
  constructor(options: ExecutorOptions = {}) {
    checkExecutorOptions(options, maxTasksInFlight)
    super(options, options.maxWorkers ?? Infinity)
  }
}
