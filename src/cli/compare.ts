/** `boundby compare`: what became slower or faster since a baseline, and the exit code that CI needs. */

import { compareResults } from '../analysis/comparison.ts'
import type { AlarmKind, Comparison } from '../analysis/comparison.ts'
import { environmentDifferences } from '../analysis/comparison/environments.ts'
import { UsageError } from '../errors.ts'
import { comparisonReporters } from '../reporters/comparison/index.ts'
import { comparisonMarkdown } from '../reporters/comparison/markdown.ts'
import { comparisonAnnotations } from '../reporters/services/annotations.ts'
import { checkWritable, readResult } from '../results/file.ts'
import { tellGitHub } from './github.ts'
import { deliver, fileWidth } from './report-target.ts'
import type { Terminal } from './terminal.ts'
import type { ReportTarget } from './values.ts'

export interface CompareArguments {
  readonly baseline: string
  readonly candidate: string
  readonly margin: number
  readonly failOn: readonly AlarmKind[]
  readonly acrossEnvironments: boolean
  readonly reports: readonly ReportTarget[]
}

/**
 * Runs the command and returns the exit code: 0, or 1 for an alarm.
 * @throws UsageError for results of different machines, or of different workloads; ResultFileError for a file that is no result.
 */
export async function compareCommand(
  { baseline, candidate, margin, failOn, acrossEnvironments, reports }: CompareArguments,
  terminal: Terminal,
): Promise<number> {
  for (const { file } of reports) if (file !== null) await checkWritable(file, 'report')
  const [before, after] = [await readResult(baseline), await readResult(candidate)]
  const merged = [before, after].findIndex(({ machines = [] }) => machines.length > 1)
  if (merged !== -1 && !acrossEnvironments)
    throw new UsageError(
      `${[baseline, candidate][merged]} was merged from different machines, so that times do not compare. Add --across-environments to compare ratios and verdicts only.`,
    )
  const differences = environmentDifferences(before.environment, after.environment).map(
    ({ what, baseline: one, candidate: other }) => `${what}: ${one}, now ${other}`,
  )
  if (differences.length > 0 && !acrossEnvironments)
    throw new UsageError(
      `${candidate} was measured on another machine than ${baseline} (${differences.join('; ')}), so that times do not compare. Measure both on one, or add --across-environments to compare ratios and verdicts only.`,
    )
  const comparison = compareResults(before, after, { margin, failOn, acrossEnvironments })
  await deliverComparison(comparison, reports, terminal)
  // Green for nothing would go unnoticed for months.
  if (comparison.cells.length === 0 && !comparison.alarm && failOn.length > 0)
    throw new UsageError(
      `compare: ${baseline} and ${candidate} have nothing to compare. Name results of the same workloads, sizes and executors, or take a new baseline with \`boundby run --save-baseline\`.`,
    )
  return comparison.alarm ? 1 : 0
}

/** Writes the reports asked for, and tells GitHub where this is a job there. */
export async function deliverComparison(
  comparison: Comparison,
  reports: readonly ReportTarget[],
  terminal: Terminal,
): Promise<void> {
  for (const { reporter, file } of reports) {
    const chosen = comparisonReporters[reporter]
    if (chosen === undefined) throw new UsageError(`--reporter: there is no ${reporter}.`)
    await deliver(file, terminal.stdout, false, (options) => chosen.render(comparison, options))
  }
  const summary = () => comparisonMarkdown.render(comparison, { color: false, width: fileWidth })
  await tellGitHub(() => ({ summary: summary(), annotations: comparisonAnnotations(comparison) }), terminal)
}
