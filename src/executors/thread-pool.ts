/** Worker threads, provided by piscina: it starts, bounds and ends them; tasks go over ports of our own. */

import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads'
import type { MessagePort, ResourceLimits, Worker } from 'node:worker_threads'
import type * as piscinaModule from 'piscina'
import type { Piscina } from 'piscina'
import { Claims } from './claims.ts'
import type { PoolExecutorOptions, Transferable, WorkerInfo } from './executor.ts'
import { LastLines } from './last-lines.ts'
import { PoolExecutor } from './pool.ts'
import type { ConnectionListener, WorkerConnection } from './worker-connection.ts'
import type { Reply, Request } from './protocol.ts'
import type { Submission } from './submission.ts'

export interface ThreadPoolExecutorOptions extends PoolExecutorOptions {
  /** What a thread's heap and stack may take; a thread that needs more is lost, and its task with it. */
  readonly resourceLimits?: ResourceLimits
}

const require = createRequire(import.meta.url)
const entry = fileURLToPath(new URL('./entry/piscina.cjs', import.meta.url))

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
 * Threads by piscina, one hand-over each. Its close() and its reports of errors are not used: as of 5.3.2 close() can
 * end a running task, a late error fails the next task, and an output that cannot be cloned ends the thread.
 */
class ThreadProvider {
  readonly #module: typeof piscinaModule
  readonly #handOvers: piscinaModule.ArrayTaskQueue
  readonly #piscina: Piscina

  constructor(options: ThreadPoolExecutorOptions, maxThreads: number) {
    // Only now, since it takes longer to load than all of ours together.
    const piscina = require('piscina') as typeof piscinaModule
    this.#module = piscina
    this.#handOvers = new piscina.ArrayTaskQueue()
    this.#piscina = new piscina.Piscina({
      filename: entry,
      minThreads: 0,
      maxThreads,
      idleTimeout: Infinity,
      concurrentTasksPerWorker: 1,
      atomics: 'disabled',
      recordTiming: false,
      argv: [],
      taskQueue: this.#handOvers,
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
   * Starts a thread that will serve `port`, with claims in `memory`.
   * @throws Error if the OS refuses.
   */
  start(port: MessagePort, memory: SharedArrayBuffer): Worker {
    const known = new Set(this.#piscina.threads)
    const seat: Seat = { thread: undefined }
    const handOver = { port, memory, [this.#module.queueOptionsSymbol]: seat }
    try {
      const taken = this.#piscina.run(handOver, { transferList: [port] }) as Promise<void>
      // It can only fail with its thread, whose end is seen on the thread.
      taken.catch(() => {})
    } catch (error) {
      this.#forget(seat)
      throw error
    }
    const thread = this.#piscina.threads.find((candidate) => !known.has(candidate))
    if (thread === undefined) throw new Error('piscina has not started a thread.')
    thread.once('exit', () => this.#forget(seat))
    seat.thread = thread
    return thread
  }

  /** Left in the queue, a hand-over without a thread would make piscina start another. */
  #forget(seat: Seat): void {
    const waiting = this.#handOvers.tasks.find((task) => task[this.#module.queueOptionsSymbol] === seat)
    if (waiting !== undefined) this.#handOvers.remove(waiting)
  }
}

/** Whether it is certain that the request can be cloned, so that it can wait for others. */
function isPlain(request: Request): boolean {
  for (const value of request)
    if (
      value !== null &&
      (typeof value === 'object' || typeof value === 'function' || typeof value === 'symbol')
    )
      return false
  return true
}

const nothing: readonly Transferable[] = []

class ThreadConnection implements WorkerConnection {
  readonly info: WorkerInfo
  readonly #thread: Worker
  readonly #port: MessagePort
  readonly #lastLines = new LastLines()
  readonly #listener: ConnectionListener
  readonly #claims = new Claims()
  /** A thread takes tasks back at once. */
  readonly canRecall = true
  readonly takesMore = true
  /** What goes out with this turn of the event loop. */
  #gathered: Request[] = []
  #cause: unknown

  constructor(threads: ThreadProvider, listener: ConnectionListener) {
    this.#listener = listener
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    try {
      this.#thread = threads.start(port2, this.#claims.memory)
    } catch (error) {
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
    if (transfer.length > 0 || !isPlain(request)) {
      this.flush()
      this.#port.postMessage([request], transfer)
    } else this.#gathered.push(request)
  }

  flush(): void {
    if (this.#gathered.length === 0) return
    this.#port.postMessage(this.#gathered, nothing)
    this.#gathered = []
  }

  recall(id: number): void {
    this.#listener.onRecalled(this.#claims.recall(id))
  }

  hold(isHeld: boolean): void {
    if (isHeld) this.#port.ref()
    else this.#port.unref()
  }

  kill(): void {
    void this.#thread.terminate()
  }

  #onExit(listener: ConnectionListener, exitCode: number): void {
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
