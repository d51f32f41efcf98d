/** The main module of a child process: serves its parent over the sockets that it has inherited. */

import { join } from 'node:path'
import { Claims } from '../claims.ts'
import { FrameWriter } from '../frame-writer.ts'
import { endsWithParent } from '../parent-death.ts'
import type { Request } from '../protocol.ts'
import { warmMemory } from '../warm-memory.ts'
import { serve } from './serve.ts'
import { WorkerChannel } from './worker-channel.ts'

/** A worker that is asked for nothing in so long uses the pause. */
const pauseMs = 5
/** As the pool lays them out; the one between them is the lifeline. */
const requestsFd = 3
const repliesFd = 5

const isBound = endsWithParent()

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
let pause: NodeJS.Timeout | undefined
const handle = serve({
  post: (reply) => channel.post(reply),
  takeTransferMs: () => channel.takeTransferMs(),
  clone: (value) => new FrameWriter().add([value]),
  claims,
  // A thread takes longer to start than all else here: while there is nothing to do, or when it is needed.
  onReady: () => {
    pause = setTimeout(watch, pauseMs).unref()
  },
  onImport: () => {
    if (isBound) clearTimeout(pause)
    else watch()
  },
  // It may well change whose process this is, and the kernel then forgets to end it.
  onInitializer: watch,
  onListen: watch,
})

let isWatching = false

/** Starts the thread that takes tasks back, and that ends this process when its parent has died. */
function watch(): void {
  if (isWatching) return
  isWatching = true
  try {
    // Loaded only now: the first result should not wait for it.
    const { Worker } = process.getBuiltinModule('node:worker_threads')
    new Worker(join(import.meta.dirname, 'watchdog.cjs'), {
      execArgv: [],
      env: {},
      argv: [],
      workerData: claims.memory,
    })
      .on('error', endUnwatched)
      .unref()
  } catch (error) {
    endUnwatched(error)
  }
}

/** Unwatched, a task that spins could outlive the parent for ever, and the pool waits for the thread to be there. */
function endUnwatched(error: unknown): void {
  process.stderr.write(
    `This worker ends, since no thread could be started to watch its parent: ${String(error)}\n`,
  )
  process.exit(1)
}
