/** Worker threads, provided by piscina: it starts, bounds and ends them; tasks go over ports of our own. */

import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads'
import type { MessagePort, ResourceLimits, Worker } from 'node:worker_threads'
import type { Piscina } from 'piscina'
import type { HandOver } from './entry/thread.ts'
import type { PoolExecutorOptions, WorkerInfo } from './executor.ts'
import { PoolExecutor } from './pool.ts'
import type { ConnectionListener, WorkerConnection } from './pool-worker.ts'
import type { Reply, Request } from './protocol.ts'
import { LastLines } from './last-lines.ts'
import type { Submission } from './submission.ts'

export interface ThreadPoolExecutorOptions extends PoolExecutorOptions {
  /** What a thread's heap and stack may take; a thread that needs more is lost, and its task with it. */
  readonly resourceLimits?: ResourceLimits
}

const require = createRequire(import.meta.url)
const entry = fileURLToPath(new URL('./entry/thread.js', import.meta.url))

/** Runs tasks in worker threads of this process. */
export class ThreadPoolExecutor extends PoolExecutor {
  readonly #options: ThreadPoolExecutorOptions
  #piscina: Piscina | undefined

  /** @throws TypeError or RangeError for an option that is no option. */
  constructor(options: ThreadPoolExecutorOptions = {}) {
    super(options)
    this.#options = options
  }

  protected override connect(listener: ConnectionListener): WorkerConnection {
    this.#piscina ??= createPiscina(this.#options, this.maxWorkers)
    return new ThreadConnection(this.#piscina, listener)
  }
}

/** Which thread a hand-over is for; none until it has been started. */
interface Seat {
  thread: Worker | undefined
}

function createPiscina(options: ThreadPoolExecutorOptions, maxThreads: number): Piscina {
  // Only now, since it takes longer to load than all of ours together.
  const piscina = require('piscina') as typeof import('piscina')
  const pool = new piscina.Piscina({
    filename: entry,
    minThreads: 0,
    maxThreads,
    idleTimeout: Infinity,
    concurrentTasksPerWorker: 1,
    atomics: 'disabled',
    recordTiming: false,
    argv: [],
    ...(options.env === undefined ? {} : { env: options.env }),
    ...(options.execArgv === undefined ? {} : { execArgv: [...options.execArgv] }),
    ...(options.resourceLimits === undefined ? {} : { resourceLimits: options.resourceLimits }),
    // A hand-over goes to the thread that was started for it, and to no other.
    loadBalancer: (task, threads) => {
      const seat = task[piscina.queueOptionsSymbol] as Seat | null
      const threadId = seat?.thread?.threadId
      return threads.find(({ id }) => id === threadId) ?? null
    },
  })
  // A thread's death is seen on the thread itself; unheard, piscina's report would be thrown.
  pool.on('error', () => {})
  return pool
}

class ThreadConnection implements WorkerConnection {
  readonly info: WorkerInfo
  readonly #port: MessagePort
  readonly #thread: Worker
  readonly #lastLines = new LastLines()
  #cause: unknown

  constructor(piscina: Piscina, listener: ConnectionListener) {
    const { queueOptionsSymbol } = require('piscina') as typeof import('piscina')
    const { port1, port2 } = new MessageChannel()
    const known = new Set(piscina.threads)
    const seat: Seat = { thread: undefined }
    const abandon = new AbortController()
    const handOver: HandOver = { port: port2 }
    try {
      const claimed = piscina.run(
        { ...handOver, [queueOptionsSymbol]: seat },
        { transferList: [port2], signal: abandon.signal },
      )
      // What can go wrong with it ends the thread, which is seen below.
      claimed.catch(() => {})
      seat.thread = piscina.threads.find((thread) => !known.has(thread))
      if (seat.thread === undefined) throw new Error('No thread was started.')
    } catch (error) {
      abandon.abort()
      port1.close()
      throw error
    }
    this.#port = port1
    this.#thread = seat.thread
    this.info = Object.freeze({ pid: process.pid, threadId: this.#thread.threadId })
    port1.on('message', (reply: Reply) => listener.onReply(reply))
    port1.on('messageerror', () => this.kill())
    this.#thread.stderr.on('data', (bytes: Buffer) => this.#lastLines.add(bytes))
    this.#thread.once('error', (error) => {
      this.#cause = error
    })
    this.#thread.once('exit', (exitCode) => {
      abandon.abort()
      // Results that were posted before the end count.
      for (let next = receiveMessageOnPort(port1); next !== undefined; next = receiveMessageOnPort(port1))
        listener.onReply(next.message as Reply)
      port1.close()
      const stderr = this.#lastLines.toString()
      listener.onExit({ exitCode, signal: null, stderr, cause: this.#cause })
    })
  }

  readonly clone = (value: unknown): void => {
    structuredClone(value)
  }

  send(request: Request, transfer: Submission['transfer']): void {
    if (transfer === undefined) this.#port.postMessage(request)
    else this.#port.postMessage(request, transfer)
  }

  hold(isHeld: boolean): void {
    if (isHeld) this.#port.ref()
    else this.#port.unref()
  }

  kill(): void {
    void this.#thread.terminate()
  }
}
