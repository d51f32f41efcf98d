/** What the call of a result file asked for. */

import { z } from 'zod'
import { count, durationMs, shortText, size, text } from './fields.ts'
import { list } from './list.ts'
import { whatIfChangeSchema } from './what-if.ts'

export const optionsSchema = z.looseObject({
  /** Files and folders as the call named them; empty: the default ones. */
  files: list(text),
  /** Globs that chose among the workloads; null or absent: all. */
  workloads: list(text).nullish(),
  /** The sizes asked for; null or absent: those of the suite. */
  sizes: list(size).nullish(),
  suite: z.enum(['default', 'full']),
  executors: list(shortText),
  /** Whether each of `executors` raced itself instead of the others. */
  control: z.boolean().optional(),
  /** In a control: the version that A is; absent where A and B are the same. */
  against: text.optional(),
  maxWorkers: list(z.int().positive()).nullable(),
  tasksInFlightPerWorker: z.int().positive(),
  budgetMs: durationMs,
  confidence: z.number().gt(0).lt(1),
  margin: z.number().positive(),
  seed: count,
  /** Launches of every cell that were planned, decided or not; absent: as many as decide. */
  leastLaunches: z.int().positive().optional(),
  /** Whether sizes were added where the lead changes. */
  findCrossover: z.boolean().optional(),
  timeoutMs: durationMs,
  /** The part of the races that were measured here, of so many parts; absent: all. */
  shard: z.looseObject({ index: z.int().positive().max(1000), of: z.int().positive().max(1000) }).optional(),
  /** The machine or service to predict for. */
  whatIf: whatIfChangeSchema.optional(),
})

export type RunOptions = z.infer<typeof optionsSchema>
