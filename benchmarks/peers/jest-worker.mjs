/** jest-worker as the scenarios see it. */

import { fileURLToPath } from 'node:url'
import { Worker } from 'jest-worker'
import * as tasks from './tasks.mjs'

const file = fileURLToPath(new URL('tasks.mjs', import.meta.url))

export const open = (kind, workers) => {
  const pool = new Worker(file, {
    numWorkers: workers,
    enableWorkerThreads: kind === 'threads',
    exposedMethods: [...Object.keys(tasks), 'missing'],
  })
  pool.getStdout().pipe(process.stdout)
  pool.getStderr().pipe(process.stderr)
  return {
    takesSignals: false,
    run: (task, input) => pool[task](input),
    runInline: undefined,
    close: () => pool.end(),
  }
}
