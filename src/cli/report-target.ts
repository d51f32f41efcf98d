/** Where a report goes, for every command that makes one: stdout, or a file. */

import { writeFile } from 'node:fs/promises'
import { UsageError } from '../errors.ts'
import { reporters } from '../reporters/index.ts'
import type { Result } from '../results/schema.ts'
import type { Output } from './terminal.ts'
import { looksOf } from './terminal.ts'
import type { ReportTarget } from './values.ts'

/** A file of a report is as wide as a page. */
export const fileWidth = 110

/**
 * Makes one report and puts it where it belongs.
 * @param isAscii whether the call asks for ASCII.
 * @throws UsageError if there is no such reporter.
 */
export async function deliverReport(
  { reporter, file }: ReportTarget,
  result: Result,
  stdout: Output,
  isAscii = false,
): Promise<void> {
  const chosen = reporters[reporter]
  if (chosen === undefined) throw new UsageError(`There is no reporter ${reporter}.`)
  if (file === null) stdout.write(chosen.render(result, looksOf(stdout, isAscii)))
  else await writeFile(file, chosen.render(result, { color: false, width: fileWidth, unicode: !isAscii }))
}
