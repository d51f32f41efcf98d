/** A timeline of a result file: the tasks of one makespan under one executor, worker by worker. */

import { z } from 'zod'
import { costsSchema } from './cell.ts'
import { count, durationMs, shortText, size } from './fields.ts'
import { list } from './list.ts'

/** All times in ms since the first submit; none is after the last result. */
const timelineTaskSchema = z.looseObject({
  /** Index into `workers`. */
  worker: count,
  queuedMs: z.number(),
  startedMs: z.number(),
  endedMs: z.number(),
  settledMs: z.number(),
  /**
   * On the CPU while it ran; null where the system does not tell, and on the main thread, of which it tells as a
   * whole. Tasks that overlap in a worker each count what all of them cost.
   */
  cpuMs: durationMs.nullable(),
  /** Waiting for a core while it ran; null as above. */
  runQueueMs: durationMs.nullable(),
})

/** One makespan that did not count: being watched takes time. */
export const timelineSchema = z.looseObject({
  workload: shortText,
  size,
  executor: shortText,
  /** The `workers` of its cell. */
  maxWorkers: z.int().positive().nullable().optional(),
  makespanMs: durationMs,
  /** What this very makespan went into, tasks that are left out included; there is no `startup`. */
  costsMs: costsSchema.optional(),
  /** All that the executor had, those without a task included. */
  workers: list(z.looseObject({ pid: count, threadId: count }), 65_536),
  /** In the order of their start; at most so many that a file stays small. */
  tasks: list(timelineTaskSchema, 10_000),
  /** Tasks that are left out: those that started last. */
  omittedTasks: count,
})

export type Timeline = z.infer<typeof timelineSchema>
