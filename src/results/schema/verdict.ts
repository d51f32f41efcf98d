/** A verdict of a result file: who won a size of a workload. */

import { z } from 'zod'
import { controlArm } from './cell.ts'
import { count, interval, shortText, size, text } from './fields.ts'
import { list } from './list.ts'

export const verdictSchema = z.looseObject({
  workload: shortText,
  size,
  /** As for its cells. */
  refines: z.boolean().optional(),
  /** Of CPython's executors, what ran them; they race among themselves: `cpython 3.11.7`; absent for Node's. */
  runtime: shortText.optional(),
  kind: z.enum(['winner', 'tie', 'undecided']),
  /** The winner, the tied, or those still in the race. */
  executors: list(shortText),
  /** Of a control only: the name of each of `executors`, in the same order. */
  arms: list(controlArm).optional(),
  /** The workers of each of `executors`, in the same order. */
  workers: list(z.int().positive().nullable()).optional(),
  over: shortText,
  /** How many times faster than `over` the first of `executors` is; null where serial is the answer or was not run. */
  ratio: z.number().positive().nullable(),
  interval: interval.nullable(),
  rounds: count,
  /** Launches that every one of `executors` has; the unit of inference. */
  launches: count.optional(),
  /** Launches that would probably settle it; null if it is settled, or out of reach. */
  launchesNeeded: count.nullish(),
  reason: text,
  warnings: list(text),
})

export type Verdict = z.infer<typeof verdictSchema>
