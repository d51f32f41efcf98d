/** The calibration of a result file: what the executors and the machine cost, measured once with known tasks. */

import { z } from 'zod'
import { count, durationMs, shortText } from './fields.ts'

/** What so many workers get done at once, in cores; ascending. */
const coresSchema = z
  .array(z.looseObject({ workers: z.int().positive(), cores: z.number().positive() }))
  .min(1)
  .max(100)

/** An executor without workers has nothing but `empty` and `calling`. */
const executorCalibrationSchema = z.looseObject({
  executor: shortText,
  /** Workers of the pool that was calibrated: as many as there are cores. */
  workers: z.int().positive().nullable(),
  /** From its creation until all workers are ready. */
  startupMs: durationMs,
  /** Makespans of so many tasks that do nothing, after warm-ups like those of a cell; ascending. */
  empty: z
    .array(z.looseObject({ tasks: count, makespanMs: durationMs }))
    .min(1)
    .max(100),
  /** Makespans of so many tasks that each call libuv's threads so often, and ask them for next to nothing; ascending. */
  calling: z
    .array(z.looseObject({ tasks: count, calls: count, makespanMs: durationMs }))
    .max(100)
    .optional(),
  /** Of workers that compute. */
  cores: coresSchema.optional(),
  /** Between two short tasks of a worker while all workers are busy. */
  gapMs: durationMs.optional(),
  /**
   * What the way itself takes for one task's bytes, beside writing and reading; absent for threads, which get them
   * where they were written.
   */
  transportMsPerByte: z.number().nonnegative().optional(),
  /** What the bytes of each of many tasks take, all workers together, beside writing them. */
  feedMsPerByte: z.number().nonnegative().optional(),
  /** What a task takes whose bytes are too many to go with those of others. */
  messageMs: durationMs.optional(),
})

export const calibrationSchema = z.looseObject({
  durationMs,
  /** CPU time of waking a thread that has slept for 10 ms; absent where it could not be measured. */
  wakeMs: durationMs.optional(),
  executors: z.array(executorCalibrationSchema).max(100),
})

export type ExecutorCalibration = z.infer<typeof executorCalibrationSchema>
export type Calibration = z.infer<typeof calibrationSchema>
