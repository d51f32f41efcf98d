/** A part of what is merged. */

import type { Result } from '../schema.ts'

/** A result, and what to call it. */
export interface Part {
  readonly path: string
  readonly result: Result
}
