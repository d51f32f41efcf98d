/** Step: what a bottleneck is, on two functions that are diagnosed here. */

import { formatDuration } from '../../analysis/quantities.ts'
import { CellFailure } from '../../harness/cell-error.ts'
import { diagnoseFunction } from '../../harness/diagnose.ts'
import { describeError } from '../../analysis/surprises.ts'
import { boundWords, renderShares } from '../../reporters/diagnosis.ts'
import { programPath } from './program.ts'
import type { Stage, Step } from './step.ts'

const program = 'bottleneck.mjs'

/** So little that nothing is raced: a look at single calls is all that this step needs. */
const budgetMs = 800

async function diagnose({ page, signal }: Stage, exportName: string): Promise<boolean> {
  const request = {
    file: programPath(program),
    exportName,
    inputs: [undefined],
    executors: ['serial'],
    maxWorkers: null,
    timeoutMs: 30_000,
    budgetMs,
    confidence: 0.95,
    margin: 0.05,
    seed: 1,
  }
  try {
    const { diagnosis } = await diagnoseFunction(request, { listener() {}, signal })
    const { bound, taskMs = 0 } = diagnosis
    page.write(`${exportName}(), ${formatDuration(taskMs)} a call`)
    for (const line of renderShares(diagnosis)) page.write(line)
    page.labelled('Seen', `it is ${boundWords[bound]}.`)
    return true
  } catch (error) {
    if (!(error instanceof CellFailure)) throw error
    page.labelled('Failed', `${exportName}: ${describeError(error.cellError)}`)
    return false
  }
}

export const bottleneck: Step = {
  title: 'What a bottleneck is',
  about: [
    'A program is as fast as what it needs most. Some wait, for a disk, a server or a clock: I/O-bound. Others calculate, and need a core for all of their time: CPU-bound. Which of both it is decides what helps.',
  ],
  async perform(stage) {
    const { page } = stage
    await page.program(program)
    page.labelled('Expect', 'the time of waits to go by off the CPU, and that of works on it.')
    const first = await diagnose(stage, 'waits')
    if (stage.signal.aborted) return false
    return (await diagnose(stage, 'works')) && first
  },
}
