/** One task after the other on the calling thread: what every other executor is compared with. */

import type { ExecutorOptions } from './executor.ts'
import { InProcessExecutor } from './in-process.ts'
import { checkExecutorOptions } from './options.ts'

/** Runs one task at a time, in the order submitted; `maxWorkers` is 1. It cannot stop a task that has started. */
export class SerialExecutor extends InProcessExecutor {
  /** @throws TypeError or RangeError for an option that is no option. */
  constructor(options: ExecutorOptions = {}) {
    checkExecutorOptions(options, 1)
    super(options, 1)
  }
}
