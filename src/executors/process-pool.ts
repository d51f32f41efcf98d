/** Child processes: how they are started, fed, watched and reaped. */

import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { Channel, decodeBody, encodeFrame, headerBytes } from './channel.ts'
import { inheritableExecArgv } from './exec-argv.ts'
import type { PoolExecutorOptions, WorkerInfo } from './executor.ts'
import { LastLines } from './last-lines.ts'
import { PoolExecutor } from './pool.ts'
import type { ConnectionListener, WorkerConnection } from './pool-worker.ts'
import type { Reply, Request } from './protocol.ts'

const entry = fileURLToPath(new URL('./entry/process.js', import.meta.url))

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
    const child = spawn(process.execPath, [...execArgv, entry], {
      // Our messages go over the fourth; nothing goes over the fifth, whose closing tells of our death.
      stdio: ['ignore', 'inherit', 'pipe', 'pipe', 'pipe'],
      ...(env === undefined ? {} : { env }),
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

  clone(): void {}
  send(): void {}
  hold(): void {}
  kill(): void {}
}

/** A request larger than this may have been half written when its reader died; that task is lost. */
const maxReturnedBytes = 65_536

class ProcessConnection implements WorkerConnection {
  readonly info: WorkerInfo
  readonly #child: ChildProcess
  readonly #socket: Socket
  readonly #stderr: Socket
  readonly #lifeline: Socket
  readonly #channel: Channel
  readonly #lastLines = new LastLines()
  #lastFrame: Buffer | undefined
  #isUnread = false
  #cause: unknown

  constructor(child: ChildProcess, pid: number, listener: ConnectionListener) {
    this.info = Object.freeze({ pid, threadId: 0 })
    this.#child = child
    this.#stderr = child.stderr as Socket
    this.#socket = child.stdio[3] as Socket
    this.#lifeline = child.stdio[4] as Socket
    this.#channel = new Channel(this.#socket, {
      onMessage: (reply) => listener.onReply(reply as Reply),
      onEnd: (isUnread) => {
        this.#isUnread = isUnread
      },
      onMalformed: (error) => {
        this.#cause = error
        this.kill()
      },
    })
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

  clone(value: unknown): void {
    encodeFrame(value)
  }

  send(request: Request): void {
    const frame = this.#channel.send(request)
    this.#lastFrame = frame.length <= maxReturnedBytes ? frame : undefined
  }

  hold(isHeld: boolean): void {
    for (const handle of [this.#child, this.#socket, this.#stderr])
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
    await Promise.all([ended(this.#socket), ended(this.#stderr)])
    for (const socket of [this.#socket, this.#stderr, this.#lifeline]) socket.destroy()
    const exit = { exitCode, signal, stderr: this.#lastLines.toString(), cause: this.#cause }
    const frame = this.#isUnread ? this.#lastFrame : undefined
    if (frame === undefined) listener.onExit(exit)
    else listener.onExit({ ...exit, unread: decodeBody(frame.subarray(headerBytes)) as Request })
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
