/** Misuse made visible: the task is far shorter than the way to a worker. */

import { defineWorkload } from 'boundby'

/** The id of the process that it runs in, which is what tutorials print to show that a pool is at work. */
export function processId(_index: number): number {
  return process.pid
}

export default defineWorkload({
  name: 'tiny',
  summary: 'Returns the process id: next to no work, so that a pool only costs',
  source: 'The first example of many tutorials on ProcessPoolExecutor (`os.getpid`)',
  expects: 'cpu',
  module: import.meta.url,
  task: processId,
  sizes: [1, 10, 100, 1000, 10_000],
  defaultSizes: [1, 100, 1000],
  inputs: (size) => Array.from({ length: size }, (_, index) => index),
  // Which processes answered differs by executor; that each task did must not.
  checksum: (pids) => `${pids.filter((pid) => Number.isInteger(pid)).length} process ids`,
})
