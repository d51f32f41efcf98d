/** A timeline of a result file: the tasks of one makespan under one executor, worker by worker. */

import { z } from 'zod'
import { count, durationMs, shortText, size } from './fields.ts'

/** All times in ms since the first submit. */
const timelineTaskSchema = z.looseObject({
  /** Index into `workers`. */
  worker: count,
  queuedMs: z.number(),
  startedMs: z.number(),
  endedMs: z.number(),
  settledMs: z.number(),
  /** On the CPU while it ran; null where the system does not tell. */
  cpuMs: durationMs.nullable(),
  /** Waiting for a core while it ran; null as above. */
  runQueueMs: durationMs.nullable(),
})

export const timelineSchema = z.looseObject({
  workload: shortText,
  size,
  executor: shortText,
  makespanMs: durationMs,
  workers: z.array(z.looseObject({ pid: count, threadId: count })).max(65_536),
  /** In the order of their start; at most so many that a file stays small. */
  tasks: z.array(timelineTaskSchema).max(10_000),
  /** Tasks that are left out. */
  omittedTasks: count,
})

export type Timeline = z.infer<typeof timelineSchema>
