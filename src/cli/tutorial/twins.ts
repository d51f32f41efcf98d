/** A program in Node and its twin in Python: shown, run, and read for what was seen. */

import type { Ended } from './program.ts'
import type { Page } from './page.ts'
import type { Stage } from './step.ts'

export interface Twins {
  /** Names of programs. */
  readonly node: string
  readonly python: string
  /** What to expect of both, before they run. */
  readonly expect: string
  /** What the lines that were printed show, in a sentence; nothing that they do not say. */
  readonly read: (lines: readonly string[]) => string
}

/** @returns whether each program that was run ended well. */
export async function performTwins(stage: Stage, { node, python, expect, read }: Twins): Promise<boolean> {
  const { page, signal } = stage
  await page.program(node)
  page.labelled('Expect', expect)
  const isFine = tell(page, `Node ${process.version}`, await stage.runNode(node), read)
  if (signal.aborted) return false
  page.write('')
  if (stage.python === null) {
    page.paragraph('The same in CPython is left out here: no Python was found.')
    return isFine
  }
  await page.program(python)
  return tell(page, stage.python.name, await stage.runPython(python, stage.python), read) && isFine
}

function tell(page: Page, who: string, { lines, failure }: Ended, read: Twins['read']): boolean {
  if (lines.length > 0) page.printed(who, lines)
  if (failure === null) page.labelled('Seen', read(lines))
  else page.labelled('Failed', `${who} did not end well: ${failure}`)
  return failure === null
}
