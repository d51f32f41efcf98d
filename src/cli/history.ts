/** `boundby history`: every cell over the results of a folder, with its steps. */

import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { historyOf } from '../analysis/history.ts'
import type { History } from '../analysis/history.ts'
import { UsageError } from '../errors.ts'
import type { RenderOptions } from '../reporters/reporter.ts'
import { escapeJson } from '../reporters/escape.ts'
import { renderHistoryPage } from '../reporters/history/html.ts'
import { renderHistory } from '../reporters/history/table.ts'
import { checkWritable, readResult } from '../results/file.ts'
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

/** Reports the history; the exit code is 0. Throws ResultFileError for a file that is no result. */
export async function historyCommand(
  { folder, margin, report: { reporter, file } }: HistoryArguments,
  { stdout }: Terminal,
): Promise<number> {
  const render = forms[reporter]
  if (render === undefined) throw new UsageError(`--reporter: there is no ${reporter}.`)
  if (file !== null) await checkWritable(file, 'report')
  const results = []
  for (const path of await resultFiles(folder)) results.push(await readResult(path))
  const history = historyOf(results, margin)
  await deliver(file, stdout, false, (options) => render(history, options))
  return 0
}
