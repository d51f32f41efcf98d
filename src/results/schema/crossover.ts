/** A crossover of a result file: the size at which the lead changes. */

import { z } from 'zod'
import { openInterval, shortText, size, text } from './fields.ts'

export const crossoverSchema = z.looseObject({
  workload: shortText,
  from: shortText,
  to: shortText,
  /** Of CPython's executors, what ran them: `cpython 3.11.7`; absent for Node's. */
  runtime: shortText.optional(),
  /** The workers of `from` and of `to`. */
  workers: z.tuple([z.int().positive().nullable(), z.int().positive().nullable()]).optional(),
  /**
   * `found`: `from` is surely faster at some size and `to` at some larger one. `none in range`: the same one is surely
   * faster, or both are equivalent, from the smallest size to the largest. `unbounded`: not sure at one end or both.
   */
  answer: z.enum(['found', 'none in range', 'unbounded']).optional(),
  /** The estimate, by interpolation; null if the makespans do not cross. */
  size: size.nullable(),
  /** Of the estimate, at 95 %; null without an estimate, or with too few launches. */
  interval: openInterval.nullable(),
  /** Guaranteed at the confidence of the run: the largest size where `from` is surely faster, the smallest for `to`. */
  bracket: openInterval.optional(),
  reason: text.optional(),
})

export type Crossover = z.infer<typeof crossoverSchema>
