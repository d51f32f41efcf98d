/** The reporters of comparisons there are; their ids are the choices of `compare --reporter`. */

import { comparisonHtml } from './html.ts'
import { comparisonJson } from './json.ts'
import { comparisonMarkdown } from './markdown.ts'
import type { ComparisonReporter } from './reporter.ts'
import { comparisonJunit } from '../services/junit.ts'
import { comparisonTable } from './table.ts'

export const comparisonReporters: Readonly<Record<string, ComparisonReporter>> = {
  table: comparisonTable,
  html: comparisonHtml,
  markdown: comparisonMarkdown,
  json: comparisonJson,
  junit: comparisonJunit,
}
