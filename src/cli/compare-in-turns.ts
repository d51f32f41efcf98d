/** `boundby compare --against`: two versions of the same workloads, measured in turns in one run. */

import { compareInTurns } from '../analysis/comparison/in-turns.ts'
import type { AlarmKind } from '../analysis/comparison.ts'
import { UsageError } from '../errors.ts'
import { raceVersions } from '../harness/versions.ts'
import { checkWritable, writeResult } from '../results/file.ts'
import type { RunOptions } from '../results/schema.ts'
import { findWorkloads } from '../workloads/find.ts'
import { openOtherVersion } from '../workloads/other-version.ts'
import { deliverComparison } from './compare.ts'
import { listenForInterrupt } from './interrupt.ts'
import { createProgress } from './progress.ts'
import type { Terminal } from './terminal.ts'
import type { ReportTarget } from './values.ts'

export interface InTurnsArguments {
  readonly against: string
  readonly options: RunOptions
  readonly failOn: readonly AlarmKind[]
  readonly out: string
  readonly reports: readonly ReportTarget[]
  readonly quiet: boolean
}

/**
 * Runs the command and returns the exit code: 0, 1 for an alarm or a cell that failed, 130 or 143 if interrupted.
 * @throws UsageError for a mistake in the call.
 */
export async function compareInTurnsCommand(
  { against, options, failOn, out, reports, quiet }: InTurnsArguments,
  terminal: Terminal,
): Promise<number> {
  const files = await findWorkloads(options.files)
  await checkWritable(out)
  for (const { file } of reports) if (file !== null) await checkWritable(file, 'report')
  await using other = await openOtherVersion(against)
  const progress = createProgress(terminal.stderr, quiet)
  using interrupt = listenForInterrupt((signal) =>
    progress.note(`${signal}: saving what was measured. Once more to stop at once.`),
  )
  const result = await raceVersions(
    { files, options: { ...options, against: other.name }, fileOf: other.fileOf },
    { listener: progress.listener, signal: interrupt.signal },
  ).finally(() => progress.end())
  await writeResult(out, result)
  const comparison = compareInTurns(result, failOn)
  const hasFailed = comparison.alarm || result.cells.some(({ error }) => error !== null)
  await deliverComparison(comparison, reports, terminal)
  if (!quiet) progress.note(`What was measured is in ${out}.`)
  if (interrupt.exitCode !== null) return interrupt.exitCode
  // Green for nothing would go unnoticed for months.
  if (comparison.cells.length === 0 && !hasFailed && failOn.length > 0)
    throw new UsageError(
      'compare: there is no cell in which both versions were measured. Give a longer --budget, or smaller --sizes.',
    )
  return hasFailed ? 1 : 0
}
