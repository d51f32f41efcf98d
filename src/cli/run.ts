/** `boundby run`: races workloads, writes the result file, prints the reports. */

import { resolve } from 'node:path'
import { UsageError } from '../errors.ts'
import { leastBudgetMs } from '../harness/calibration.ts'
import type { run as runHarness, RunRequest } from '../harness/run.ts'
import { journaledSeed } from '../harness/run-journal.ts'
import { markdownReporter } from '../reporters/markdown.ts'
import { resultAnnotations } from '../reporters/services/annotations.ts'
import { checkWritable, writeResult } from '../results/file.ts'
import type { RunOptions } from '../results/schema.ts'
import { findWorkloads } from '../workloads/find.ts'
import { tellGitHub } from './github.ts'
import { listenForInterrupt } from './interrupt.ts'
import { checkKeeping, keepResult } from './keep.ts'
import type { Keeping } from './keep.ts'
import { createProgress } from './progress.ts'
import { deliverReport, fileWidth } from './report-target.ts'
import { openRunFiles } from './run-files.ts'
import type { Terminal } from './terminal.ts'
import type { ReportTarget } from './values.ts'

export interface RunArguments {
  /** As given, and as the result keeps them. */
  readonly options: RunOptions
  readonly python: NonNullable<RunRequest['python']>
  readonly out: string
  readonly reports: readonly ReportTarget[]
  readonly quiet: boolean
  /** Whether the call asks for ASCII. */
  readonly isAscii?: boolean
  /** Whether to go on with what an earlier run has left in the journal. */
  readonly resume: boolean
  /** Whether the call named the seed; otherwise a run that goes on keeps the one it had. */
  readonly isSeedGiven: boolean
  /** Where else the result of a run that was not interrupted is kept. */
  readonly keep: Keeping
}

/** @throws UsageError if there will be nothing to predict from. */
function checkWhatIf({ whatIf, control, executors, budgetMs }: RunOptions): void {
  if (whatIf === undefined) return
  if (control === true)
    throw new UsageError(
      '--what-if: expected a race of executors, received --control. Leave one of them out.',
    )
  if (!executors.includes('serial'))
    throw new UsageError(
      `--what-if: expected serial among --executors, received ${executors.join(',')}. Add serial: all is predicted from it.`,
    )
  if (budgetMs < leastBudgetMs)
    throw new UsageError(
      `--what-if: expected a --budget of at least ${leastBudgetMs / 1000}s, received ${budgetMs / 1000}s. Give a longer one: the machine has to be calibrated first.`,
    )
}

/**
 * Runs the command and returns the exit code: 0, 1 for a failed cell, 130 or 143 for an interrupted run.
 * @param run the harness's; a test brings its own.
 * @throws UsageError for a mistake in the call, before anything is measured.
 */
export async function runCommand(
  { options: given, python, out, reports, quiet, isAscii = false, keep, resume, isSeedGiven }: RunArguments,
  terminal: Terminal,
  run: typeof runHarness,
): Promise<number> {
  const { stdout, stderr } = terminal
  if (given.control === true && (given.maxWorkers?.length ?? 0) > 1)
    throw new UsageError(
      `--control: expected one number for --max-workers, received ${given.maxWorkers?.join(',')}. Run one control for each.`,
    )
  checkWhatIf(given)
  const files = await findWorkloads(given.files)
  const reportFiles = reports.flatMap(({ file }) => file ?? [])
  const targets = [out, ...reportFiles]
  const twice = targets.find((file, index) =>
    targets.some((other, at) => at < index && resolve(other) === resolve(file)),
  )
  if (twice !== undefined)
    throw new UsageError(
      `--reporter: ${twice} would be written twice; give each report, and --out, a file of its own.`,
    )
  await checkWritable(out)
  for (const file of reportFiles) await checkWritable(file, 'report')
  await checkKeeping(keep)
  const progress = createProgress(stderr, quiet)
  using held = await openRunFiles(out, resume, (message) => progress.note(message))
  const { journal } = held
  const keptSeed = resume && !isSeedGiven ? journaledSeed(journal) : null
  const options = { ...given, seed: keptSeed ?? given.seed }
  using interrupt = listenForInterrupt((signal) =>
    progress.note(`${signal}: saving what was measured. Once more to stop at once.`),
  )
  const request: RunRequest = {
    files,
    workloads: options.workloads ?? null,
    sizes: options.sizes ?? null,
    python,
    options,
  }
  const { signal } = interrupt
  const result = await run(request, { listener: progress.listener, signal, journal })
    .catch((error: unknown) => {
      if (interrupt.exitCode === null) throw error
      return null
    })
    .finally(() => progress.end())
  if (result === null) {
    progress.note('Interrupted before anything was measured.')
    return interrupt.exitCode ?? 1
  }
  const unsaved = await writeResult(out, result).then(
    () => null,
    (error: Error) => error,
  )
  // The journal of an interrupted run stays, to go on with.
  if (unsaved === null && interrupt.exitCode === null) journal.remove()
  else journal.close()
  // Shown even if it could not be saved: what was measured is not lost twice.
  for (const target of reports) await deliverReport(target, result, stdout, isAscii)
  const summary = () => markdownReporter.render(result, { color: false, width: fileWidth })
  await tellGitHub(() => ({ summary: summary(), annotations: resultAnnotations(result) }), terminal)
  if (unsaved !== null && journal.isKept)
    progress.note('What the journal holds is kept: the same call with --resume goes on with it.')
  if (unsaved !== null) throw unsaved
  const goOn = journal.isKept ? ' The same call with --resume goes on.' : ''
  if (interrupt.exitCode !== null)
    progress.note(`Interrupted: what was measured until then is in ${out}.${goOn}`)
  else if (!quiet) progress.note(`The result is in ${out}.`)
  if (interrupt.exitCode !== null) return interrupt.exitCode
  for (const file of await keepResult(result, keep)) if (!quiet) progress.note(`Kept as ${file}.`)
  return result.cells.some(({ error }) => error !== null) ? 1 : 0
}
