/** Where a result is kept besides `--out`: as the baseline, and in the history. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { checkWritable, writeResult } from '../results/file.ts'
import type { Result } from '../results/schema.ts'

export const baselineFile = 'results/baseline.json'
export const historyFolder = 'results/history'

export interface Keeping {
  readonly baseline: boolean
  readonly history: boolean
}

/** A name that sorts by time and that no system forbids; a history is only added to. */
function historyFile(startedAt: string | undefined): string {
  const name = (startedAt ?? new Date().toISOString()).replace(/[^\dTZ.-]/gu, '-')
  const free = ['', ...Array.from({ length: 99 }, (_, index) => `-${index + 2}`)].find(
    (suffix) => !existsSync(join(historyFolder, `${name}${suffix}.json`)),
  )
  return join(historyFolder, `${name}${free ?? '-more'}.json`)
}

/**
 * Makes the folders, and checks that files can be written there: worth knowing before measuring.
 * @throws ResultFileError if one cannot be.
 */
export async function checkKeeping({ baseline, history }: Keeping): Promise<void> {
  if (baseline) await checkWritable(baselineFile)
  if (history) await checkWritable(historyFile(undefined))
}

/**
 * Keeps a result; returns the files that were written.
 * @throws ResultFileError if one cannot be.
 */
export async function keepResult(result: Result, { baseline, history }: Keeping): Promise<string[]> {
  const files = [...(baseline ? [baselineFile] : []), ...(history ? [historyFile(result.startedAt)] : [])]
  for (const file of files) await writeResult(file, result)
  return files
}
