/** Step: the caution about cheap tasks, measured here and now. */

import type { Step } from './step.ts'
import { performTwins } from './twins.ts'

/** The last line has the factor. */
export function readFactor(lines: readonly string[]): string {
  const factor = Number(/took (\d+) times as long/u.exec(lines.at(-1) ?? '')?.[1])
  if (!Number.isFinite(factor)) return 'not what was expected: the factor is missing.'
  return factor > 1
    ? `for these tasks the pool was ${factor.toLocaleString('en-US')} times slower than no pool at all.`
    : 'for once the pool was not slower than the loop.'
}

export const cheapTasks: Step = {
  title: 'The caution: cheap tasks',
  about: [
    'Handing a task over costs something: writing the input, waking a worker, reading the result. A task that takes less than that is better done at once, on the thread that has it. The pool below is warm, so that its start is not even counted.',
  ],
  perform: (stage) =>
    performTwins(stage, {
      node: 'cheap.mjs',
      python: 'cheap.py',
      expect: 'the plain loop to win, and by far.',
      read: readFactor,
    }),
}
