/** A claim of a result file: a sentence of the tutorial, put to the test. */

import { z } from 'zod'
import { shortText, text } from './fields.ts'

export const guidanceSchema = z.looseObject({
  /** Stable, for programs: `threads-for-io`. */
  id: shortText.optional(),
  claim: text,
  /** `node`, or `cpython` with its version. */
  runtime: shortText,
  outcome: z.enum(['holds', 'refuted', 'undecided', 'not tested']),
  /** The numbers that it rests on, in a sentence; for `not tested`, what is missing and how to get it. */
  evidence: text.optional(),
  /** Why it is so, in a sentence. */
  reason: text.optional(),
})

export type Guidance = z.infer<typeof guidanceSchema>
