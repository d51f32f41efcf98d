/** The reporters there are; their ids are the choices of `--reporter` and `--format`. */

import { jsonReporter } from './json.ts'
import type { Reporter } from './reporter.ts'
import { tableReporter } from './table.ts'

export type { Reporter } from './reporter.ts'

export const reporters: Readonly<Record<string, Reporter>> = {
  table: tableReporter,
  json: jsonReporter,
}
