/** A comparison for other programs. */

import { escapeJson } from '../escape.ts'
import type { ComparisonReporter } from './reporter.ts'

export const comparisonJson: ComparisonReporter = {
  summary: 'for a program',
  render: (comparison) => escapeJson(`${JSON.stringify(comparison, null, 2)}\n`),
}
