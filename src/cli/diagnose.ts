/** `boundby diagnose`: one function, what bounds it, and which executor to use. */

import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { adviseOn } from '../analysis/advice.ts'
import { UsageError } from '../errors.ts'
import { CellFailure } from '../harness/cell-error.ts'
import type { DiagnoseRequest, diagnoseFunction } from '../harness/diagnose.ts'
import { diagnosisJson, renderDiagnosis } from '../reporters/diagnosis.ts'
import { escapeJson } from '../reporters/escape.ts'
import { describeError } from '../analysis/surprises.ts'
import { findModule } from '../workloads/find.ts'
import { listenForInterrupt } from './interrupt.ts'
import { createProgress } from './progress.ts'
import type { Terminal } from './terminal.ts'
import { looksOf } from './terminal.ts'

export interface DiagnoseArguments {
  /** `file` or `file#export`. */
  readonly target: string
  readonly options: Omit<DiagnoseRequest, 'file' | 'exportName'>
  readonly json: boolean
  readonly quiet: boolean
}

/** A file's name may hold a `#` itself. */
async function splitTarget(target: string): Promise<{ path: string; exportName: string | null }> {
  const hash = target.lastIndexOf('#')
  const isFile = await stat(resolve(target)).then(
    () => true,
    () => false,
  )
  if (hash <= 0 || isFile) return { path: target, exportName: null }
  const exportName = target.slice(hash + 1)
  if (exportName === '')
    throw new UsageError(`${target}: expected the name of an export after #, received nothing.`)
  return { path: target.slice(0, hash), exportName }
}

/**
 * Runs the command and returns the exit code: 0, 1 if the function fails, 130 or 143 if interrupted.
 * @param diagnoseIt the harness's; a test brings its own.
 * @throws UsageError for a mistake in the call.
 */
export async function diagnoseCommand(
  { target, options, json, quiet }: DiagnoseArguments,
  { stdout, stderr }: Terminal,
  diagnoseIt: typeof diagnoseFunction,
): Promise<number> {
  const { path, exportName } = await splitTarget(target)
  const file = await findModule(path)
  const progress = createProgress(stderr, quiet)
  using interrupt = listenForInterrupt((signal) => progress.note(`${signal}: stopping.`))
  const request = { ...options, file, exportName }
  try {
    const found = await diagnoseIt(request, { listener: progress.listener, signal: interrupt.signal })
    progress.end()
    if (interrupt.exitCode !== null) return interrupt.exitCode
    const advice = adviseOn({ ...found, source: found })
    const render = looksOf(stdout)
    stdout.write(json ? diagnosisJson(found, advice) : renderDiagnosis(found, advice, render))
    return 0
  } catch (error) {
    progress.end()
    if (interrupt.exitCode !== null) return interrupt.exitCode
    if (!(error instanceof CellFailure)) throw error
    const { cellError } = error
    if (json)
      stdout.write(
        `${escapeJson(JSON.stringify({ workload: exportName, file: path, error: cellError }, null, 2))}\n`,
      )
    const hint =
      options.inputs.every((input) => input === undefined) && cellError.location !== undefined
        ? ' It was called with undefined; --input JSON calls it with something else.'
        : ''
    progress.note(
      `${target} failed: ${describeError(cellError)}${/[.!?]$/u.test(cellError.message) ? '' : '.'}${hint}`,
    )
    return 1
  }
}
