/** What a reporter is: it turns a result into text, and knows nothing of how the result came about. */

import type { Result } from '../results/schema.ts'

export interface RenderOptions {
  /** Whether the reader shows ANSI colours; no meaning hangs on colour alone. */
  readonly color: boolean
  /** Columns of the reader. */
  readonly width: number
  /** Whether the reader shows more than ASCII (default true). */
  readonly unicode?: boolean
}

export interface Reporter {
  /** One line for the help. */
  readonly summary: string
  /** The whole report, ending in a newline. */
  render(result: Result, options: RenderOptions): string
}
