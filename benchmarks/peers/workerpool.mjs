/** workerpool as the scenarios see it. */

import { fileURLToPath } from 'node:url'
import workerpool from 'workerpool'

const script = fileURLToPath(new URL('workerpool-worker.mjs', import.meta.url))

export const open = (kind, workers, { serialization = 'advanced' } = {}) => {
  const pool = workerpool.pool(script, {
    workerType: kind === 'processes' ? 'process' : 'thread',
    minWorkers: workers,
    maxWorkers: workers,
    forkOpts: { serialization },
  })
  return {
    takesSignals: true,
    run: (task, input, signal) => {
      const promise = pool.exec(task, [input])
      // Its promises are cancelled by a method. Nothing is returned: a listener's promise must not reject.
      signal?.addEventListener('abort', () => void promise.cancel())
      return promise
    },
    runInline: (inline, input) => pool.exec(inline, [input]),
    close: () => pool.terminate(),
  }
}
