/** The whole run: one workload after the other, from setup to verdict, as one result. */

import type { Result, RunOptions } from '../results/schema.ts'
import type { RunListener } from './events.ts'

/** What to race; every selection has been checked by the caller. */
export interface RunRequest {
  /** Absolute paths of workload modules. */
  readonly files: readonly string[]
  /** Only workloads whose name matches one of these globs; all if null. */
  readonly workloads: readonly string[] | null
  /** Only these sizes, where a workload has them; the suite's if null. */
  readonly sizes: readonly number[] | null
  readonly options: RunOptions
}

export interface RunContext {
  readonly listener: RunListener
  /** Ends the run early; what was measured is in the result, and `interrupted` says why. */
  readonly signal: AbortSignal
}

/**
 * Runs a request to its end. A failed cell is recorded and the rest goes on.
 * @throws UsageError for a selection that is empty, or a module that is no workload.
 */
export function run(_request: RunRequest, _context: RunContext): Promise<Result> {
  return Promise.reject(new Error('not yet'))
}
