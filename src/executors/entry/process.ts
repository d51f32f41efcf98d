/** The main module of a child process: serves its parent over the sockets that it has inherited. */

import { Worker } from 'node:worker_threads'
import { Claims } from '../claims.ts'
import { FrameWriter } from '../frame-writer.ts'
import type { Request } from '../protocol.ts'
import { warmMemory } from '../warm-memory.ts'
import { serve } from './serve.ts'
import { WorkerChannel } from './worker-channel.ts'

/** As the pool lays them out; the one between them is the lifeline. */
const requestsFd = 3
const repliesFd = 5

// They were for the allocator of this process alone, which has read them.
for (const [name, value] of Object.entries(warmMemory))
  if (process.env[name] === value) delete process.env[name]

// The terminal sends Ctrl-C to the whole group; the parent decides what ends when.
process.on('SIGINT', () => {})

const claims = new Claims()
const channel: WorkerChannel = new WorkerChannel(
  requestsFd,
  repliesFd,
  (message) => handle(message as unknown as Request),
  () => process.exit(),
)
const handle = serve({
  post: (reply) => channel.post(reply),
  clone: (value) => new FrameWriter().add([value]),
  claims,
  // Only then, so that no task waits for it; before the first one starts.
  onReady: () =>
    new Worker(new URL('./watchdog.js', import.meta.url), {
      execArgv: [],
      env: {},
      argv: [],
      workerData: claims.memory,
    }).unref(),
})
