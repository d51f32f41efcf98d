/** The worker's end of a thread: a port of ours, over which all tasks come. */

import type { MessagePort } from 'node:worker_threads'
import { Claims } from '../claims.ts'
import type { Request } from '../protocol.ts'
import { serve } from './serve.ts'

/** `memory`: of the claims, which the pool has as well. */
export function takePort(port: MessagePort, memory: SharedArrayBuffer): void {
  const handle = serve({
    post: (reply) => {
      port.postMessage(reply, [])
      return undefined
    },
    clone: (value) => {
      structuredClone(value)
    },
    claims: new Claims(memory),
  })
  port.on('message', (requests: readonly Request[]) => {
    for (const request of requests) handle(request)
  })
  // A task that cannot be read cannot be answered: its thread ends, and so it is rejected.
  port.on('messageerror', () => process.exit(1))
}
