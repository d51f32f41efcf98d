/** Child processes: how they are started, fed, watched and reaped. */

import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { Channel } from './channel.ts'
import { inheritableExecArgv } from './exec-argv.ts'
import type { PoolExecutorOptions, WorkerInfo } from './executor.ts'
import { FrameWriter } from './frame-writer.ts'
import { LastLines } from './last-lines.ts'
import { LifelineReader, lifelineWord } from './lifeline.ts'
import { endingWithParent } from './parent-death.ts'
import { PoolExecutor } from './pool.ts'
import type { ConnectionListener, WorkerConnection } from './worker-connection.ts'
import type { Reply, Request } from './protocol.ts'
import { warmMemory } from './warm-memory.ts'

/** One file, bundled by the build: what a child loads, it loads before its first task. */
const entry = fileURLToPath(new URL('./entry/process.cjs', import.meta.url))

/** Runs tasks in child processes. */
export class ProcessPoolExecutor extends PoolExecutor {
  readonly #options: PoolExecutorOptions

  /** @throws TypeError or RangeError for an option that is no option. */
  constructor(options: PoolExecutorOptions = {}) {
    super(options)
    this.#options = options
  }

  protected override connect(listener: ConnectionListener): WorkerConnection {
    const { env, execArgv = inheritableExecArgv(process.execArgv) } = this.#options
    const command = endingWithParent(process.execPath, [...execArgv, entry])
    const child = spawn(command.file, command.args, {
      // Requests, the lifeline, replies. The lifeline goes to a thread that listens while the main one computes; its
      // closing tells of our death.
      stdio: ['ignore', 'inherit', 'pipe', 'pipe', 'pipe', 'pipe'],
      env: { ...warmMemory, ...(env ?? process.env), ...command.env },
    })
    return child.pid === undefined
      ? new RefusedConnection(child, listener)
      : new ProcessConnection(child, child.pid, listener)
  }
}

/** Children alive, all of which end with this process. */
const children = new Set<ChildProcess>()

function killChildren(): void {
  for (const child of children) child.kill('SIGKILL')
}

function adopt(child: ChildProcess): void {
  if (children.size === 0) process.on('exit', killChildren)
  children.add(child)
}

function bury(child: ChildProcess): void {
  children.delete(child)
  if (children.size === 0) process.off('exit', killChildren)
}

/** A child that the OS did not start; the reason comes later. */
class RefusedConnection implements WorkerConnection {
  readonly info: WorkerInfo = { pid: 0, threadId: 0 }

  constructor(child: ChildProcess, listener: ConnectionListener) {
    child.once('error', (cause) =>
      listener.onExit({ exitCode: null, signal: null, stderr: '', cause, isRefused: true }),
    )
  }

  readonly canRecall = false
  readonly takesMore = false

  clone(): void {}
  send(): void {}
  flush(): void {}
  recall(): void {}
  hold(): void {}
  kill(): void {}
}

/** Nothing is sent to wait at a child that has so many bytes still to read. */
const maxWaitingBytes = 1_048_576

class ProcessConnection implements WorkerConnection {
  readonly info: WorkerInfo
  readonly #child: ChildProcess
  readonly #requests: Socket
  readonly #replies: Socket
  readonly #stderr: Socket
  readonly #lifeline: Socket
  readonly #channel: Channel
  readonly #lastLines = new LastLines()
  /** Whether the child's other thread has said that it is there. */
  #isListening = false
  #isUnread = false
  #cause: unknown

  constructor(child: ChildProcess, pid: number, listener: ConnectionListener) {
    this.info = Object.freeze({ pid, threadId: 0 })
    this.#child = child
    this.#stderr = child.stderr as Socket
    this.#requests = child.stdio[3] as Socket
    this.#lifeline = child.stdio[4] as Socket
    // Typed as if there could be no sixth.
    this.#replies = (child.stdio as readonly unknown[])[5] as Socket
    this.#channel = new Channel(this.#requests, this.#replies, {
      onMessage: (reply) => listener.onReply(reply as unknown as Reply),
      onEnd: (isUnread) => {
        this.#isUnread = isUnread
      },
      onMalformed: (error) => {
        this.#cause = error
        this.kill()
      },
    })
    const lifelineReader = new LifelineReader((id) => {
      if (this.#isListening) {
        listener.onRecalled(id)
        return
      }
      this.#isListening = true
      listener.onListening()
    })
    this.#lifeline.on('data', (bytes: Buffer) => lifelineReader.read(bytes))
    this.#lifeline.on('error', () => {})
    this.#lifeline.unref()
    this.#stderr.on('data', (bytes: Buffer) => {
      this.#lastLines.add(bytes)
      process.stderr.write(bytes)
    })
    child.on('error', () => {})
    adopt(child)
    child.once('exit', (exitCode, signal) => {
      bury(child)
      void this.#onExit(listener, exitCode, signal)
    })
  }

  get canRecall(): boolean {
    return this.#isListening
  }

  get takesMore(): boolean {
    return this.#channel.waitingBytes < maxWaitingBytes
  }

  clone(value: unknown): void {
    new FrameWriter().add([value])
  }

  send(request: Request): void {
    this.#channel.send(request)
  }

  flush(): void {
    this.#channel.flush()
  }

  recall(id: number): void {
    this.#lifeline.write(lifelineWord(id))
  }

  hold(isHeld: boolean): void {
    for (const handle of [this.#child, this.#requests, this.#replies, this.#stderr])
      if (isHeld) handle.ref()
      else handle.unref()
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }

  /** Results that were sent before the end count, and so do its last words. */
  async #onExit(
    listener: ConnectionListener,
    exitCode: number | null,
    signal: NodeJS.Signals | null,
  ): Promise<void> {
    const sockets = [this.#requests, this.#replies, this.#stderr]
    await Promise.all(sockets.map(ended))
    for (const socket of [...sockets, this.#lifeline]) socket.destroy()
    const exit = { exitCode, signal, stderr: this.#lastLines.toString(), cause: this.#cause }
    if (this.#isUnread)
      listener.onExit({ ...exit, unread: this.#channel.lastMessages() as unknown as Request[] })
    else listener.onExit(exit)
  }
}

/** A grandchild that inherited the descriptor could keep it open for ever. */
const drainTimeoutMs = 500

function ended(socket: Socket): Promise<void> {
  if (socket.readableEnded || socket.destroyed) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, drainTimeoutMs)
    const done = (): void => {
      clearTimeout(timer)
      resolve()
    }
    socket.once('end', done)
    socket.once('close', done)
  })
}
