/** The worker's end of a thread: a port of ours, over which all tasks come. */

import type { MessagePort } from 'node:worker_threads'
import { serve } from './serve.ts'

export function takePort(port: MessagePort): void {
  const handle = serve({
    post: (reply) => port.postMessage(reply, []),
    clone: (value) => {
      structuredClone(value)
    },
  })
  port.on('message', handle)
  // A task that cannot be read cannot be answered: its thread ends, and so it is rejected.
  port.on('messageerror', () => process.exit(1))
}
