/** A prediction of a result file: what a cell should take, told from the serial run and the machine alone. */

import { z } from 'zod'
import { durationMs, interval, shortText, size, text } from './fields.ts'

export const predictedCellSchema = z.looseObject({
  workload: shortText,
  size,
  executor: shortText,
  /** As for the cell of the same workload, size and executor. */
  workers: z.int().positive().nullable(),
  /** The makespan that the model expects. */
  predictedMs: durationMs,
  /** Within which the model expects it. */
  intervalMs: interval,
})

export const predictionSchema = predictedCellSchema.extend({
  /** Which assumption failed, in a sentence; null where the measured makespan lies within the interval. */
  disagreement: text.nullable(),
})

/** The size from which on the model expects another executor to be faster than serial. */
export const predictedCrossoverSchema = z.looseObject({
  workload: shortText,
  from: shortText,
  to: shortText,
  size,
})

export type PredictedCrossover = z.infer<typeof predictedCrossoverSchema>
export type Prediction = z.infer<typeof predictionSchema>
