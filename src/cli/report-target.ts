/** Where a report goes, for every command that makes one: stdout, or a file. */

import { UsageError } from '../errors.ts'
import { reporters } from '../reporters/index.ts'
import type { RenderOptions } from '../reporters/reporter.ts'
import { writeReport } from '../results/file.ts'
import type { Result } from '../results/schema.ts'
import type { Output } from './terminal.ts'
import { looksOf } from './terminal.ts'
import type { ReportTarget } from './values.ts'

/** A file of a report is as wide as a page. */
export const fileWidth = 110

/** Opened anew it would be cut short and written from its beginning, over what is there already. */
const stdoutFile = '/dev/stdout'

/** Puts a report where it belongs, drawn for that place. */
export async function deliver(
  file: string | null,
  stdout: Output,
  isAscii: boolean,
  render: (options: RenderOptions) => string,
): Promise<void> {
  if (file === null || file === stdoutFile) stdout.write(render(looksOf(stdout, isAscii)))
  else await writeReport(file, render({ color: false, width: fileWidth, unicode: !isAscii }))
}

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
  await deliver(file, stdout, isAscii, (options) => chosen.render(result, options))
}
