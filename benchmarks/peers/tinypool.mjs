/** tinypool as the scenarios see it. */

import { fileURLToPath } from 'node:url'
import { Tinypool } from 'tinypool'

const filename = fileURLToPath(new URL('tasks.mjs', import.meta.url))

export const open = (kind, workers, settings = {}) => {
  const pool = new Tinypool({
    filename,
    runtime: kind === 'processes' ? 'child_process' : 'worker_threads',
    minThreads: workers,
    maxThreads: workers,
    serialization: 'advanced',
    ...settings,
  })
  // Unheard, its reports of a worker's errors would be thrown.
  pool.on('error', () => {})
  return {
    takesSignals: true,
    run: (task, input, signal) => pool.run(input, { name: task, signal }),
    runInline: undefined,
    // It has no other end than this one.
    close: () => pool.destroy(),
  }
}
