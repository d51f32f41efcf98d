/** `boundby report`: any report of a stored result, of versions in turns that of `compare`; nothing is measured again. */

import { realpath } from 'node:fs/promises'
import { compareInTurns } from '../analysis/comparison/in-turns.ts'
import { UsageError } from '../errors.ts'
import { comparisonReporters } from '../reporters/comparison/index.ts'
import { checkWritable, readResult } from '../results/file.ts'
import { deliver, deliverReport } from './report-target.ts'
import type { Terminal } from './terminal.ts'

export interface ReportArguments {
  /** The path of a result file. */
  readonly result: string
  /** The id of a reporter. */
  readonly format: string
  /** Null: stdout. */
  readonly out: string | null
  /** Whether the call asks for ASCII. */
  readonly isAscii?: boolean
}

const realPathOf = (path: string): Promise<string | null> => realpath(path).catch(() => null)

/**
 * Runs the command and returns the exit code, which is 0 whatever the result says.
 * @throws ResultFileError for a result that cannot be read, or a file that cannot be written.
 * @throws UsageError if the report would replace the result.
 */
export async function reportCommand(
  { result: path, format, out, isAscii = false }: ReportArguments,
  { stdout }: Terminal,
): Promise<number> {
  const result = await readResult(path)
  if (out !== null) {
    await checkWritable(out, 'report')
    const target = await realPathOf(out)
    if (target !== null && target === (await realPathOf(path)))
      throw new UsageError(`--out: ${out} is the result itself; name another file for the report.`)
  }
  const { against } = result.options
  const ofVersions = against === undefined ? undefined : comparisonReporters[format]
  if (ofVersions === undefined) await deliverReport({ reporter: format, file: out }, result, stdout, isAscii)
  else {
    const comparison = compareInTurns(result, ['slower'])
    await deliver(out, stdout, isAscii, (options) => ofVersions.render(comparison, options))
  }
  return 0
}
