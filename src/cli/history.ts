/** `boundby history`: every cell over the results of a folder, with its steps. */

import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { historyOf } from '../analysis/history.ts'
import type { History } from '../analysis/history.ts'
import { formatCount } from '../analysis/quantities.ts'
import { ResultFileError, UsageError } from '../errors.ts'
import type { RenderOptions } from '../reporters/reporter.ts'
import { escapeJson, escapeText } from '../reporters/escape.ts'
import { renderHistoryPage } from '../reporters/history/html.ts'
import { renderHistory } from '../reporters/history/table.ts'
import { checkWritable, readResult } from '../results/file.ts'
import type { Result } from '../results/schema.ts'
import { deliver } from './report-target.ts'
import type { Terminal } from './terminal.ts'
import type { ReportTarget } from './values.ts'

export interface HistoryArguments {
  readonly folder: string
  readonly margin: number
  readonly report: ReportTarget
}

/** The latest so many: more would take long to read, and no line is as wide. */
const mostResults = 1000

/** File names begin with the time of their run, so that their order is that of the runs. */
async function resultFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw new UsageError(
      `history: expected a folder of result files, received ${folder}, which cannot be read (${String((error as NodeJS.ErrnoException).code)}). \`boundby run --save-history\` makes results/history.`,
      { cause: error },
    )
  })
  const files = names.filter((name) => name.endsWith('.json')).toSorted()
  if (files.length === 0)
    throw new UsageError(
      `history: there is no result file in ${folder}. \`boundby run --save-history\` adds one to results/history.`,
    )
  return files.slice(-mostResults).map((name) => join(folder, name))
}

/** The forms that a history comes in. */
const forms: Readonly<Record<string, (history: History, options: RenderOptions) => string>> = {
  text: renderHistory,
  html: renderHistoryPage,
  json: (history) => escapeJson(`${JSON.stringify(history, null, 2)}\n`),
}

/**
 * The results of a folder; each file that is none is told, and the others count.
 * @throws UsageError if none is.
 */
async function readResults(
  folder: string,
  tell: (message: string) => void,
): Promise<{ readonly results: readonly Result[]; readonly unreadable: number }> {
  const files = await resultFiles(folder)
  const results: Result[] = []
  for (const path of files)
    try {
      results.push(await readResult(path))
    } catch (error) {
      if (!(error instanceof ResultFileError)) throw error
      tell(`Left out: ${error.message}`)
    }
  if (results.length === 0)
    throw new UsageError(
      `history: expected result files in ${folder}, and could read none of ${formatCount(files.length, 'file')}. Name another folder.`,
    )
  return { results, unreadable: files.length - results.length }
}

/** Reports the history; the exit code is 0, or 1 if a file is left out since it is no result. */
export async function historyCommand(
  { folder, margin, report: { reporter, file } }: HistoryArguments,
  { stdout, stderr }: Terminal,
): Promise<number> {
  const render = forms[reporter]
  if (render === undefined) throw new UsageError(`--reporter: there is no ${reporter}.`)
  if (file !== null) await checkWritable(file, 'report')
  const { results, unreadable } = await readResults(folder, (message) =>
    stderr.write(`${escapeText(message)}\n`),
  )
  const history = historyOf(results, margin)
  await deliver(file, stdout, false, (options) => render(history, options))
  return unreadable > 0 ? 1 : 0
}
