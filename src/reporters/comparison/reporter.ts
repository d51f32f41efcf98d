/** What a reporter of a comparison is: data in, text out. */

import type { Comparison } from '../../analysis/comparison.ts'
import type { RenderOptions } from '../reporter.ts'

export interface ComparisonReporter {
  /** One line for the help. */
  readonly summary: string
  /** The whole report, ending in a newline. */
  render(comparison: Comparison, options: RenderOptions): string
}
