/** The reporters there are; their ids are the choices of `--reporter` and `--format`. */

import { csvReporter } from './csv.ts'
import { htmlReporter } from './html/page.ts'
import { jsonReporter } from './json.ts'
import { markdownReporter } from './markdown.ts'
import type { Reporter } from './reporter.ts'
import { bencherReporter } from './services/bencher.ts'
import { githubActionBenchmarkReporter } from './services/github-action-benchmark.ts'
import { junitReporter } from './services/junit.ts'
import { openMetricsReporter } from './services/openmetrics.ts'
import { tableReporter } from './table.ts'
import { traceReporter } from './trace.ts'

export type { Reporter } from './reporter.ts'

export const reporters: Readonly<Record<string, Reporter>> = {
  table: tableReporter,
  json: jsonReporter,
  markdown: markdownReporter,
  csv: csvReporter,
  trace: traceReporter,
  junit: junitReporter,
  openmetrics: openMetricsReporter,
  'github-action-benchmark': githubActionBenchmarkReporter,
  bencher: bencherReporter,
  html: htmlReporter,
}
