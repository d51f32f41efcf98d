/** Worker threads, provided by piscina: it starts, bounds and ends them; tasks go over ports of our own. */

import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads'
import type { MessagePort, ResourceLimits, Worker } from 'node:worker_threads'
import type * as piscinaModule from 'piscina'
import type { Piscina } from 'piscina'
import type { HandOver } from './entry/thread.ts'
import type { PoolExecutorOptions, Transferable, WorkerInfo } from './executor.ts'
import { LastLines } from './last-lines.ts'
import { PoolExecutor } from './pool.ts'
import type { ConnectionListener, WorkerConnection } from './pool-worker.ts'
import type { Reply, Request } from './protocol.ts'
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
  #threads: ThreadProvider | undefined

  /** @throws TypeError or RangeError for an option that is no option. */
  constructor(options: ThreadPoolExecutorOptions = {}) {
    super(options)
    this.#options = options
  }

  protected override connect(listener: ConnectionListener): WorkerConnection {
    this.#threads ??= new ThreadProvider(this.#options, this.maxWorkers)
    return new ThreadConnection(this.#threads, listener)
  }
}

/** Which thread a hand-over is for; none until it has been started. */
interface Seat {
  thread: Worker | undefined
}

/**
 * Threads by piscina, one hand-over each. Its own queue, close() and error reports are not used: as of 5.3.2 close()
 * can end a running task, a late error fails the next task, and an output that cannot be cloned ends the thread.
 */
class ThreadProvider {
  readonly #piscina: Piscina
  readonly #module: typeof piscinaModule

  constructor(options: ThreadPoolExecutorOptions, maxThreads: number) {
    // Only now, since it takes longer to load than all of ours together.
    const piscina = require('piscina') as typeof piscinaModule
    this.#module = piscina
    this.#piscina = new piscina.Piscina({
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
      // A hand-over goes to the thread that was started for it; null makes piscina start one.
      loadBalancer: (task, threads) => {
        const seat = task[piscina.queueOptionsSymbol] as Seat | null
        const threadId = seat?.thread?.threadId
        return threads.find(({ id }) => id === threadId) ?? null
      },
    })
    // A thread's death is seen on the thread itself; unheard, piscina's report would be thrown.
    this.#piscina.on('error', () => {})
  }

  /**
   * Starts a thread that will serve `port`, until `abandoned`.
   * @throws Error if the OS refuses.
   */
  start(port: MessagePort, abandoned: AbortSignal): Worker {
    const known = new Set(this.#piscina.threads)
    const seat: Seat = { thread: undefined }
    const handOver: HandOver = { port }
    const claimed = this.#piscina.run(
      { ...handOver, [this.#module.queueOptionsSymbol]: seat },
      { transferList: [port], signal: abandoned },
    ) as Promise<void>
    // It can only fail with its thread, whose end is seen on the thread.
    claimed.catch(() => {})
    seat.thread = this.#piscina.threads.find((thread) => !known.has(thread))
    if (seat.thread === undefined) throw new Error('No thread was started.')
    return seat.thread
  }
}

const nothing: readonly Transferable[] = []

class ThreadConnection implements WorkerConnection {
  readonly info: WorkerInfo
  readonly #thread: Worker
  readonly #port: MessagePort
  readonly #handOver = new AbortController()
  readonly #lastLines = new LastLines()
  #cause: unknown

  constructor(threads: ThreadProvider, listener: ConnectionListener) {
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    try {
      this.#thread = threads.start(port2, this.#handOver.signal)
    } catch (error) {
      this.#handOver.abort()
      port1.close()
      throw error
    }
    this.info = Object.freeze({ pid: process.pid, threadId: this.#thread.threadId })
    port1.on('message', (reply: Reply) => listener.onReply(reply))
    port1.on('messageerror', (error) => {
      this.#cause = error
      this.kill()
    })
    this.#thread.stderr.on('data', (bytes: Buffer) => this.#lastLines.add(bytes))
    this.#thread.once('error', (error) => {
      this.#cause = error
    })
    this.#thread.once('exit', (exitCode) => this.#onExit(listener, exitCode))
  }

  clone(value: unknown): void {
    structuredClone(value)
  }

  send(request: Request, transfer: Submission['transfer'] = nothing): void {
    this.#port.postMessage(request, transfer)
  }

  hold(isHeld: boolean): void {
    if (isHeld) this.#port.ref()
    else this.#port.unref()
  }

  kill(): void {
    void this.#thread.terminate()
  }

  #onExit(listener: ConnectionListener, exitCode: number): void {
    this.#handOver.abort()
    // Results that were posted before the end count.
    for (
      let next = receiveMessageOnPort(this.#port);
      next !== undefined;
      next = receiveMessageOnPort(this.#port)
    )
      listener.onReply(next.message as Reply)
    this.#port.close()
    listener.onExit({ exitCode, signal: null, stderr: this.#lastLines.toString(), cause: this.#cause })
  }
}
