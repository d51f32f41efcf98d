/** piscina as the scenarios see it; threads only. */

import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'

const filename = fileURLToPath(new URL('tasks.mjs', import.meta.url))

export const open = (_kind, workers, settings = {}) => {
  const pool = new Piscina({ filename, minThreads: workers, maxThreads: workers, ...settings })
  // Unheard, its reports of a worker's errors would be thrown.
  pool.on('error', () => {})
  return {
    takesSignals: true,
    run: (task, input, signal) => pool.run(input, { name: task, signal }),
    runInline: undefined,
    close: () => pool.close(),
  }
}
