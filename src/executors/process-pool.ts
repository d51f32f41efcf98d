/** Child processes: how they are started, fed, watched and reaped. */

import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { Channel, encodeFrame } from './channel.ts'
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
    const { env, execArgv = inheritedExecArgv() } = this.#options
    const child = spawn(process.execPath, [...execArgv, entry], {
      stdio: ['ignore', 'inherit', 'pipe', 'pipe'],
      ...(env === undefined ? {} : { env }),
    })
    return new ProcessConnection(child, listener)
  }
}

/** This process's Node options, but for those that would fight over a port. */
function inheritedExecArgv(): string[] {
  return process.execArgv.filter((argument) => !argument.startsWith('--inspect'))
}

/** Children alive, all of which end with this process. */
const children = new Set<ChildProcess>()

function killChildren(): void {
  for (const child of children) child.kill('SIGKILL')
}

class ProcessConnection implements WorkerConnection {
  readonly info: WorkerInfo
  readonly #child: ChildProcess
  readonly #socket: Socket
  readonly #channel: Channel
  readonly #lastLines = new LastLines()
  #cause: unknown

  constructor(child: ChildProcess, listener: ConnectionListener) {
    this.#child = child
    this.info = Object.freeze({ pid: child.pid ?? 0, threadId: 0 })
    this.#socket = child.stdio[3] as Socket
    this.#channel = new Channel(this.#socket, {
      onMessage: (reply) => listener.onReply(reply as Reply),
      onMalformed: (error) => {
        this.#cause = error
        this.kill()
      },
    })
    // The child's end shows on the child itself.
    this.#socket.on('error', () => {})
    child.stderr?.on('data', (bytes: Buffer) => {
      this.#lastLines.add(bytes)
      process.stderr.write(bytes)
    })
    if (child.pid === undefined) {
      child.once('error', (cause) =>
        listener.onExit({ exitCode: null, signal: null, stderr: '', cause, isRefused: true }),
      )
      return
    }
    child.on('error', () => {})
    if (children.size === 0) process.on('exit', killChildren)
    children.add(child)
    child.once('exit', (exitCode, signal) => {
      children.delete(child)
      if (children.size === 0) process.off('exit', killChildren)
      void this.#drain().then(() => {
        const stderr = this.#lastLines.toString()
        listener.onExit({ exitCode, signal, stderr, cause: this.#cause })
      })
    })
  }

  readonly clone = (value: unknown): void => {
    encodeFrame(value)
  }

  send(request: Request): void {
    this.#channel.send(request)
  }

  hold(isHeld: boolean): void {
    const stderr = this.#child.stderr as Socket | null
    for (const handle of [this.#child, this.#socket, stderr])
      if (isHeld) handle?.ref()
      else handle?.unref()
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }

  /** Results that were sent before the end count, and so do its last words. */
  async #drain(): Promise<void> {
    const stderr = this.#child.stderr as Socket | null
    await Promise.all([ended(this.#socket), ended(stderr)])
    this.#socket.destroy()
    stderr?.destroy()
  }
}

/** A grandchild that inherited the descriptor could keep it open for ever. */
const drainTimeoutMs = 500

function ended(socket: Socket | null): Promise<void> {
  if (socket === null || socket.readableEnded || socket.destroyed) return Promise.resolve()
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
