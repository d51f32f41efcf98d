/** poolifier as the scenarios see it; its processes are those of `node:cluster`. */

import { fileURLToPath } from 'node:url'
import { FixedClusterPool, FixedThreadPool } from 'poolifier'

const fileOf = (name) => fileURLToPath(new URL(name, import.meta.url))

export const open = (kind, workers, { serialization = 'advanced', ...settings } = {}) => {
  // A queue, as the others have; without it, a worker gets everything at once.
  const options = { enableTasksQueue: true, ...settings }
  const pool =
    kind === 'processes'
      ? new FixedClusterPool(workers, fileOf('poolifier-process.cjs'), {
          ...options,
          settings: { serialization },
        })
      : new FixedThreadPool(workers, fileOf('poolifier-thread.mjs'), options)
  // Unheard, its reports of a worker's errors would be thrown.
  pool.emitter?.on('error', () => {})
  return {
    takesSignals: true,
    run: (task, input, signal) => pool.execute(input, task, signal),
    runInline: async (inline, input) => {
      await pool.addTaskFunction('inline', inline)
      return pool.execute(input, 'inline')
    },
    close: () => pool.destroy(),
  }
}
