/** The main module of a child process: serves its parent over the socket on file descriptor 3. */

import { Socket } from 'node:net'
import { Worker } from 'node:worker_threads'
import { Channel, encodeFrame } from '../channel.ts'
import type { Request } from '../protocol.ts'
import { serve } from './serve.ts'

const channelFd = 3

const leaveWithParent = (): never => process.exit()

// The terminal sends Ctrl-C to the whole group; the parent decides what ends when.
process.on('SIGINT', () => {})

const channel: Channel = new Channel(new Socket({ fd: channelFd, readable: true, writable: true }), {
  onMessage: (message) => handle(message as Request),
  onEnd: leaveWithParent,
  onMalformed: leaveWithParent,
})
const handle = serve({
  post: (reply) => channel.send(reply),
  clone: (value) => {
    encodeFrame(value)
  },
  // Only then, so that no task waits for it; before the first one starts.
  onReady: () =>
    new Worker(new URL('./watchdog.js', import.meta.url), { execArgv: [], env: {}, argv: [] }).unref(),
})
