/** The result itself, for other programs. */

import { escapeJson } from './escape.ts'
import { serializeResult } from '../results/serialize.ts'
import type { Reporter } from './reporter.ts'

export const jsonReporter: Reporter = {
  summary: 'the result file itself',
  render: (result) => escapeJson(serializeResult(result)),
}
