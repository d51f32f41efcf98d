/** A claim of a result file: a sentence of the tutorial, put to the test. */

import { z } from 'zod'
import { shortText, text } from './fields.ts'

export const guidanceSchema = z.looseObject({
  claim: text,
  runtime: shortText,
  outcome: z.enum(['holds', 'refuted', 'undecided', 'not tested']),
})
