/** Step: a pool of three processes and two tasks, which say in which process they ran. */

import { formatList } from '../../analysis/quantities.ts'
import type { Step } from './step.ts'
import { performTwins } from './twins.ts'

/** Of a pool's program: the first line names the process that submits, the others those that worked. */
export function readProcesses(lines: readonly string[]): string {
  const [parent, ...workers] = lines.map((line) => /process (\d+)/u.exec(line)?.[1])
  const distinct = [...new Set(workers)]
  if (parent === undefined || workers.length < 2 || workers.includes(undefined))
    return 'not what was expected: the process ids are missing.'
  if (workers.includes(parent)) return `a task ran in process ${parent}, the very one that submitted it.`
  const named = formatList(distinct.map(String))
  return distinct.length === 1
    ? `both tasks ran in process ${named}, which is not the one that submitted them (${parent}).`
    : `two tasks, two processes: ${named}; neither is the one that submitted them (${parent}).`
}

export const pool: Step = {
  title: 'A pool of processes, and two tasks',
  about: [
    'A pool keeps workers ready and hands tasks to them. submit gives a task away and returns at once, with a future: a promise of the result. Three workers may be at work at a time; the third has nothing to do here.',
    'A worker of this pool is a process: it has a memory of its own, so the task (a function by its name) and its input travel there, and the result travels back.',
  ],
  perform: (stage) =>
    performTwins(stage, {
      node: 'pool.mjs',
      python: 'pool.py',
      expect: 'three process ids, all different: of the program, and of the two workers that had a task.',
      read: readProcesses,
    }),
}
