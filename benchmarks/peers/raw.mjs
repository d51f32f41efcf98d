/**
 * What Node itself gives, with the least around it: two workers, taken in turn, one message a task, no queue, no
 * errors, no cancellation. `via`: a fork's channel (json or advanced), a socket of our own, or a thread's port.
 */

import { fork, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { serialize } from 'node:v8'
import { Worker } from 'node:worker_threads'
import { frame, readFrames } from './raw-frames.mjs'

const worker = fileURLToPath(new URL('raw-worker.mjs', import.meta.url))

const connections = {
  json: (receive) => connectFork('json', receive),
  advanced: (receive) => connectFork('advanced', receive),
  socket: (receive) => {
    const child = spawn(process.execPath, [worker, 'socket'], {
      stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
    })
    const socket = child.stdio[3]
    readFrames(socket, receive)
    return { send: (message) => socket.write(frame(serialize(message))), end: () => child.kill() }
  },
  port: (receive) => {
    const thread = new Worker(worker, { argv: ['port'] })
    thread.on('message', receive)
    return { send: (message) => thread.postMessage(message, []), end: () => thread.terminate() }
  },
}

function connectFork(serialization, receive) {
  const child = fork(worker, ['fork'], { serialization })
  child.on('message', receive)
  return { send: (message) => child.send(message), end: () => child.kill() }
}

export const open = (kind, workers, { via = kind === 'threads' ? 'port' : 'socket' } = {}) => {
  const waiting = new Map()
  let nextId = 0
  const receive = ([id, output]) => {
    const resolve = waiting.get(id)
    waiting.delete(id)
    resolve(output)
  }
  const pool = Array.from({ length: workers }, () => connections[via](receive))
  return {
    run: (task, input) =>
      new Promise((resolve) => {
        const id = nextId++
        waiting.set(id, resolve)
        pool[id % workers].send([id, task, input])
      }),
    close: () => Promise.all(pool.map(({ end }) => end())),
  }
}
