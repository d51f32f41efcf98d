/** A diagnosis of a result file: what bounds a size of a workload. */

import { z } from 'zod'
import { durationMs, share, shortText, size, text } from './fields.ts'

export const diagnosisSchema = z.looseObject({
  workload: shortText,
  size,
  bound: z.enum(['cpu', 'io', 'mixed', 'overhead']),
  /** Shares of the serial executor's time; these three add up to 1. */
  cpuShare: share,
  /** Waiting for a core; null where the system does not tell, and then a part of `blockedShare`. */
  runQueueShare: share.nullable(),
  blockedShare: share,
  /** The part of `cpuShare` in which the main thread slept while others worked for it. */
  hiddenShare: share.optional(),
  /** The parts of `hiddenShare` in libuv's threads, and in child processes. */
  libuvShare: share.optional(),
  childrenShare: share.optional(),
  /** In which the garbage collector had stopped the main thread; a part of `cpuShare`. */
  gcShare: share.optional(),
  /** One task under the serial executor, without what that executor takes for it. */
  taskMs: durationMs.optional(),
  /** Moving one task to a worker and back, in the pool where it costs least; absent if no pool was measured. */
  movingMs: durationMs.optional(),
  /** In a sentence. */
  reason: text.optional(),
})

export type Diagnosis = z.infer<typeof diagnosisSchema>
