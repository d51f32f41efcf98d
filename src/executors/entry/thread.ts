/** Loaded by piscina in each thread: takes a port of ours once, over which all tasks then come. */

import { threadId } from 'node:worker_threads'
import type { MessagePort } from 'node:worker_threads'
import { serve } from './serve.ts'

/** What a thread is handed. */
export interface HandOver {
  readonly port: MessagePort
}

/** Returns at once, so that the thread counts as idle for piscina while our tasks run. */
export default function takePort({ port }: HandOver): number {
  const handle = serve({
    post: (reply) => port.postMessage(reply, []),
    clone: (value) => {
      structuredClone(value)
    },
  })
  port.on('message', handle)
  // A task that cannot be read cannot be answered: its thread ends, and so it is rejected.
  port.on('messageerror', () => process.exit(1))
  return threadId
}
