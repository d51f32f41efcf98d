/** Step: the pool belongs to a block, and ends with it. */

import type { Step } from './step.ts'
import { performTwins } from './twins.ts'

/** `await using` is part of the language from Node 24 on. */
const hasAwaitUsing = Number(process.versions.node.split('.')[0]) >= 24

/** The last line tells how many workers outlived the block. */
export function readBlock(lines: readonly string[]): string {
  const alive = /alive after the block: (\d+)/u.exec(lines.at(-1) ?? '')?.[1]
  const outputs = lines.length - 1
  if (alive === undefined) return 'not what was expected: the last line is missing.'
  return `${outputs} results in the order of their inputs, and ${alive === '0' ? 'no worker' : alive} left after the block.`
}

const form = hasAwaitUsing
  ? 'Node has await using for it; where that is missing, try and finally do the same.'
  : `This is Node ${process.versions.node}, where try and finally do it; from Node 24 on, and in TypeScript, "await using pool = …" says the same in one line.`

export const block: Step = {
  title: 'A pool that ends with its block',
  about: [
    'A pool that is forgotten keeps its processes. In Python a with block owns the pool: however the block ends, by its last line or by an error, the pool waits for its tasks and is shut down.',
    `${form} map runs the task on every input; results come in the order of the inputs, whichever is done first.`,
  ],
  perform: (stage) =>
    performTwins(stage, {
      node: hasAwaitUsing ? 'await-using.mjs' : 'try-finally.mjs',
      python: 'with_block.py',
      expect: 'three results in order, and no worker left afterwards.',
      read: readBlock,
    }),
}
