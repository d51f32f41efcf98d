/** The other side of `raw.mjs`. */

import { Socket } from 'node:net'
import { serialize } from 'node:v8'
import { parentPort } from 'node:worker_threads'
import { frame, readFrames } from './raw-frames.mjs'
import * as allTasks from './tasks.mjs'

const tasks = { ...allTasks }

const answer = ([id, task, input]) => [id, tasks[task](input)]

const via = process.argv[2]
if (via === 'port') parentPort.on('message', (message) => parentPort.postMessage(answer(message), []))
else if (via === 'fork') process.on('message', (message) => process.send(answer(message)))
else {
  const socket = new Socket({ fd: 3, readable: true, writable: true })
  readFrames(socket, (message) => socket.write(frame(serialize(answer(message)))))
  socket.on('end', () => process.exit())
}
