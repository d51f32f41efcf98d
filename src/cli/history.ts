/** `boundby history`: every cell over the results of a folder, with its steps. */

import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { historyOf } from '../analysis/history.ts'
import { UsageError } from '../errors.ts'
import { escapeJson } from '../reporters/escape.ts'
import { renderHistoryPage } from '../reporters/history/html.ts'
import { renderHistory } from '../reporters/history/table.ts'
import { readResult } from '../results/file.ts'
import type { Terminal } from './terminal.ts'
import { looksOf } from './terminal.ts'

export interface HistoryArguments {
  readonly folder: string
  readonly margin: number
  readonly format: 'text' | 'html' | 'json'
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

/** Prints the history; the exit code is 0. Throws ResultFileError for a file that is no result. */
export async function historyCommand(
  { folder, margin, format }: HistoryArguments,
  { stdout }: Terminal,
): Promise<number> {
  const results = []
  for (const file of await resultFiles(folder)) results.push(await readResult(file))
  const history = historyOf(results, margin)
  if (format === 'json') stdout.write(escapeJson(`${JSON.stringify(history, null, 2)}\n`))
  else if (format === 'html') stdout.write(renderHistoryPage(history))
  else stdout.write(renderHistory(history, looksOf(stdout, false)))
  return 0
}
