/** What a result file says of a machine or a service that was not measured: predictions only. */

import { z } from 'zod'
import { durationMs, shortText, size, text } from './fields.ts'
import { list } from './list.ts'
import { predictedCellSchema, predictedCrossoverSchema } from './prediction.ts'

/** What is taken to be different; null: as measured. */
export const whatIfChangeSchema = z.looseObject({
  cores: z.int().positive().nullable(),
  /** What each task waits for, in all. */
  latencyMs: durationMs.nullable(),
})

export const whatIfSchema = z.looseObject({
  change: whatIfChangeSchema,
  /** What has to hold for it, in sentences. */
  assumptions: z.array(text).max(100),
  predictions: list(predictedCellSchema),
  /** Who would win each size: the fastest first, then those within the margin of it. */
  winners: list(z.looseObject({ workload: shortText, size, executors: z.array(shortText).min(1).max(100) })),
  /** From which size on another executor would be faster than serial. */
  crossovers: list(predictedCrossoverSchema),
})

export type WhatIfChange = z.infer<typeof whatIfChangeSchema>
export type WhatIf = z.infer<typeof whatIfSchema>
