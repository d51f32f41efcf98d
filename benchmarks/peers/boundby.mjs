/** boundby's executors as the scenarios see them. */

import { createExecutor, SharedBytes, taskModule } from '../../dist/executors/index.js'

const tasks = taskModule(new URL('tasks.mjs', import.meta.url))

export const open = (kind, workers) => {
  const executor = createExecutor(kind, { maxWorkers: workers })
  return {
    takesSignals: true,
    map: (task, inputs, options) => executor.map(tasks[task], inputs, options),
    run: (task, input, signal) => executor.submit(tasks[task], input, signal && { signal }),
    runInline: (inline, input) => executor.submit(inline, input),
    share: (byteLength) => SharedBytes.allocate(byteLength),
    close: () => executor.shutdown(),
  }
}
