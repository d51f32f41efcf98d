/** What a run of a result file was to measure, what it left out, and how it chose the workers. */

import { z } from 'zod'
import { count, durationMs, shortText, size, text } from './fields.ts'

/** A workload as the run saw it, with what a report needs to speak of it. */
export const workloadSchema = z.looseObject({
  name: shortText,
  summary: text,
  source: text.optional(),
  expects: z.enum(['cpu', 'io', 'mixed']),
  file: text,
  /** The file of its Python twin; absent where it has none, or none was asked for. */
  twin: text.optional(),
  /** SHA-256 of the bundle that every executor imported: all ran the same code. */
  bundleSha256: shortText,
  /** How often its task was called, under all executors, pilot and warm-ups included. */
  taskCalls: count.optional(),
  /** Of merged results that were kept apart: the number of the machine in `machines`, from 1. */
  machine: z.int().positive().optional(),
})

/** What was not measured, and why; a skip is not a failure. `size` or `executor` null: all of them. */
export const skipSchema = z.looseObject({
  workload: shortText,
  size: size.nullable(),
  executor: shortText.nullable(),
  /** As for cells. */
  runtime: shortText.optional(),
  /** Whether the size was to place a crossover: one that the author did not list. */
  refines: z.boolean().optional(),
  /** Of two versions that raced: whether only the other one has it, which is missed here. */
  isGone: z.boolean().optional(),
  reason: text,
})

/** One pilot measurement: how the number of workers was chosen; never part of the race. */
export const pilotSchema = z.looseObject({
  workload: shortText,
  size,
  executor: shortText,
  /** Of CPython's executors, what ran them: `cpython 3.11.7`; absent for Node's. */
  runtime: shortText.optional(),
  workers: z.int().positive().nullable(),
  makespanMs: durationMs,
  chosen: z.boolean(),
})

export type Skip = z.infer<typeof skipSchema>
export type Pilot = z.infer<typeof pilotSchema>
export type WorkloadRecord = z.infer<typeof workloadSchema>
