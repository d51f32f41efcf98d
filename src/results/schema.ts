/** The result file, `formatVersion` 1: its shape, checked on reading since a file may come from anywhere. */

import { z } from 'zod'
import { calibrationSchema } from './schema/calibration.ts'
import { cellSchema } from './schema/cell.ts'
import { crossoverSchema } from './schema/crossover.ts'
import { diagnosisSchema } from './schema/diagnosis.ts'
import { environmentSchema } from './schema/environment.ts'
import { count, durationMs, shortText, text } from './schema/fields.ts'
import { guidanceSchema } from './schema/guidance.ts'
import { list } from './schema/list.ts'
import { optionsSchema } from './schema/options.ts'
import { pilotSchema, skipSchema, workloadSchema } from './schema/plan.ts'
import { predictedCrossoverSchema, predictionSchema } from './schema/prediction.ts'
import { timelineSchema } from './schema/timeline.ts'
import { verdictSchema } from './schema/verdict.ts'
import { whatIfSchema } from './schema/what-if.ts'

export type { Calibration, ExecutorCalibration } from './schema/calibration.ts'
export type { Cell, CellError, Demand } from './schema/cell.ts'
export type { Crossover } from './schema/crossover.ts'
export type { Diagnosis } from './schema/diagnosis.ts'
export type { Disturbance, Environment, PythonRecord } from './schema/environment.ts'
export type { RunOptions } from './schema/options.ts'
export type { Guidance } from './schema/guidance.ts'
export type { Pilot, Skip, WorkloadRecord } from './schema/plan.ts'
export type { PredictedCrossover, Prediction } from './schema/prediction.ts'
export type { Timeline } from './schema/timeline.ts'
export type { Verdict } from './schema/verdict.ts'
export type { WhatIf, WhatIfChange } from './schema/what-if.ts'

export const resultSchema = z.looseObject({
  format: z.literal('boundby-result').optional(),
  formatVersion: z.literal(1),
  startedAt: shortText.optional(),
  durationMs: durationMs.optional(),
  /** Not null if the run was interrupted: what the user is told. */
  interrupted: shortText.nullish(),
  environment: environmentSchema,
  options: optionsSchema,
  /** Of a run that was interrupted, and taken up with another budget: those that it had before. */
  earlierBudgetsMs: z.array(durationMs).max(1000).optional(),
  /** Of merged results that were kept apart by machine: each machine, in the order of their numbers. */
  machines: list(environmentSchema, 1000).optional(),
  /** Of merged shards: those that were not there, such as `2/3`. */
  missingShards: z.array(shortText).max(1000).optional(),
  /** Ordered pairs of arms over all races that were planned, those of other shards too: they share the error budget. */
  plannedPairs: count.optional(),
  workloads: list(workloadSchema).optional(),
  cells: list(cellSchema),
  verdicts: list(verdictSchema),
  crossovers: list(crossoverSchema),
  diagnoses: list(diagnosisSchema),
  guidance: list(guidanceSchema),
  /** What the executors cost here, measured before anything else; absent where there was no time for it. */
  calibration: calibrationSchema.optional(),
  predictions: list(predictionSchema).optional(),
  predictedCrossovers: list(predictedCrossoverSchema).optional(),
  /** Of a machine or a service that was asked for with `--what-if`. */
  whatIf: whatIfSchema.optional(),
  timelines: list(timelineSchema, 1000).optional(),
  skipped: list(skipSchema).optional(),
  pilots: list(pilotSchema).optional(),
  warnings: list(text).optional(),
})

export type Result = z.infer<typeof resultSchema>
