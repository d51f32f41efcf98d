/** `boundby tutorial`: the steps of the tutorial on process pools, executed live, Node beside CPython. */

import { Style } from '../reporters/style.ts'
import { listenForInterrupt } from './interrupt.ts'
import { createProgress } from './progress.ts'
import type { Terminal } from './terminal.ts'
import { hasColor, widthOf } from './terminal.ts'
import { parseInteger } from './values.ts'
import { block } from './tutorial/block.ts'
import { bottleneck } from './tutorial/bottleneck.ts'
import { cheapTasks } from './tutorial/cheap-tasks.ts'
import { Page } from './tutorial/page.ts'
import { pool } from './tutorial/pool.ts'
import { programPath, runProgram } from './tutorial/program.ts'
import { rule } from './tutorial/rule.ts'
import type { FoundPython } from './tutorial/python.ts'
import type { Step } from './tutorial/step.ts'

const steps: readonly Step[] = [bottleneck, pool, block, cheapTasks, rule]

/** Code stands in the file as it is shown; wider than this nobody reads a page of text. */
const widest = 80

/**
 * Performs the steps in order and returns the exit code: 0, 1 if a program of it failed, 130 or 143 if interrupted.
 * @param given the number of the one step that is asked for, as text; null: all.
 * @param findPython a test brings its own.
 * @throws UsageError if there is no such step.
 */
export async function tutorialCommand(
  given: string | null,
  { stdout, stderr }: Terminal,
  findPython: () => Promise<FoundPython>,
): Promise<number> {
  const only = given === null ? null : parseInteger('--step', given, 1, steps.length)
  const style = new Style({ color: hasColor(stdout), width: Math.min(widest, widthOf(stdout)) })
  const page = new Page(stdout, style)
  const { python, missing } = await findPython()
  using interrupt = listenForInterrupt((name) => stderr.write(`${name}: stopping.\n`))
  const { signal } = interrupt
  if (missing !== null) page.paragraph(`CPython is left out: ${missing}.\n`)
  let exitCode = 0
  for (const [index, { title, about, perform }] of steps.entries()) {
    if (only !== null && only !== index + 1) continue
    page.heading(`Step ${index + 1} of ${steps.length}: ${title}`)
    for (const paragraph of about) page.paragraph(paragraph)
    page.write('')
    const isFine = await perform({
      page,
      python,
      signal,
      // A line for each cell would be more than there is to read.
      startProgress: () => createProgress(stderr, stderr.isTTY !== true),
      runNode: (name) => runProgram(process.execPath, [programPath(name)], signal),
      // Without files of compiled code beside the programs.
      runPython: (name, { path }) => runProgram(path, ['-B', programPath(name)], signal),
    })
    if (interrupt.exitCode !== null) return interrupt.exitCode
    if (!isFine) exitCode = 1
    page.write('')
  }
  return exitCode
}
