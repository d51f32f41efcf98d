/** The main module of a child process: serves its parent over the socket on file descriptor 3. */

import { Socket } from 'node:net'
import { Channel, encodeFrame } from '../channel.ts'
import type { Request } from '../protocol.ts'
import { serve } from './serve.ts'

/** Where the parent has put our end of the socket pair. */
export const channelFd = 3

const socket = new Socket({ fd: channelFd, readable: true, writable: true })

// The terminal sends Ctrl-C to the whole group; the parent decides what ends when.
process.on('SIGINT', () => {})

const leaveWithParent = (): never => process.exit(0)
socket.on('end', leaveWithParent)
socket.on('error', leaveWithParent)

const handle = serve({
  post: (reply) => channel.send(reply),
  clone: (value) => {
    encodeFrame(value)
  },
})
const channel: Channel = new Channel(socket, {
  onMessage: (message) => handle(message as Request),
  onMalformed: leaveWithParent,
})
