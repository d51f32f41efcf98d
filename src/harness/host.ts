/** The parent's end of a host process: asks, waits no longer than it should, and knows how it ended. */

import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { HostCommand, HostCommands, HostMessage, HostRequest, RemoteError } from './protocol.ts'

const entry = fileURLToPath(new URL('./entry/host.js', import.meta.url))
const keptStderrBytes = 4096
const drainDeadlineMs = 200
/** A host that does not answer `close` or `teardown` is ended after this. */
const closeDeadlineMs = 10_000

/** What went wrong in a host: an error of the workload's code, or the end of the host itself. */
export class HostError extends Error {
  override readonly name = 'HostError'
  readonly remote: RemoteError
  /** Whether the host is gone and has to be replaced. */
  readonly hostLost: boolean

  constructor(remote: RemoteError, hostLost: boolean) {
    super(remote.message)
    this.remote = remote
    this.hostLost = hostLost
  }
}

export interface CallOptions {
  /** The host is ended if it shows no sign of life (an answer, or the end of a task) for so long. */
  readonly silenceMs?: number
  /** What has then taken too long, for the message. */
  readonly waitingFor?: string
}

interface PendingCall {
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: HostError) => void
  readonly restartTimer: () => void
  readonly stopTimer: () => void
}

export class Host {
  readonly #child: ChildProcess
  readonly #pending = new Map<number, PendingCall>()
  readonly #ended: Promise<void>
  #nextId = 0
  #stderr = ''
  #end: HostError | undefined

  /** @param environment the host's variables, its own temporary folder among them. */
  constructor(environment: NodeJS.ProcessEnv) {
    this.#child = fork(entry, [], {
      serialization: 'advanced',
      env: environment,
      execArgv: ['--enable-source-maps'],
      // A task's console output would spoil the report, and reading it would disturb the measurement.
      // The last one is the lifeline that the host's watchdog listens on.
      stdio: ['ignore', 'ignore', 'pipe', 'ipc', 'pipe'],
    })
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-keptStderrBytes)
    })
    this.#child.on('message', (message) => this.#receive(message as HostMessage))
    this.#ended = new Promise((resolve) => {
      // Not `close`: after a disconnect it may never come (nodejs/node#65646).
      this.#child.on('exit', (exitCode, signal) => {
        resolve(this.#exited(signal === null ? `code ${String(exitCode)}` : `signal ${signal}`))
      })
      this.#child.on('error', (error) => {
        this.#fail(new HostError({ name: error.name, message: error.message, location: null }, true))
        resolve()
      })
    })
  }

  /**
   * Asks the host to do something and waits for its answer.
   * @throws HostError if it failed, ended, or kept silent for too long.
   */
  call<Command extends HostCommand>(
    command: Command,
    parameters: HostCommands[Command]['parameters'],
    { silenceMs, waitingFor = command }: CallOptions = {},
  ): Promise<HostCommands[Command]['answer']> {
    if (this.#end !== undefined) return Promise.reject(this.#end)
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined
      const stopTimer = (): void => clearTimeout(timer)
      const restartTimer = (): void => {
        stopTimer()
        if (silenceMs === undefined) return
        timer = setTimeout(() => {
          this.#fail(
            new HostError(
              {
                name: 'TimeoutError',
                message: `${waitingFor} took longer than ${silenceMs} ms`,
                location: null,
              },
              true,
            ),
          )
          this.kill()
        }, silenceMs)
      }
      this.#pending.set(id, {
        resolve,
        reject,
        restartTimer,
        stopTimer,
      })
      restartTimer()
      const request: HostRequest = { id, command, parameters }
      this.#child.send(request, (error) => {
        if (error !== null)
          this.#fail(new HostError({ name: error.name, message: error.message, location: null }, true))
      })
    })
  }

  /** Ends the host in good order, or by force if it does not answer. Never rejects. */
  async close(): Promise<void> {
    if (this.#end === undefined) {
      await this.call('close', {}, { silenceMs: closeDeadlineMs }).catch(() => {})
      if (this.#child.connected) this.#child.disconnect()
    }
    const timer = setTimeout(() => this.kill(), closeDeadlineMs)
    await this.#ended
    clearTimeout(timer)
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }

  async #exited(how: string): Promise<void> {
    await this.#drainStderr()
    const message = `the process exited with ${how}${this.#lastWords()}`
    this.#fail(new HostError({ name: 'ProcessExited', message, location: null }, true))
  }

  /** Waits for what the host wrote before it ended; not forever, since a child of its own may hold the pipe. */
  async #drainStderr(): Promise<void> {
    const { stderr } = this.#child
    if (stderr === null || stderr.readableEnded || stderr.destroyed) return
    await once(stderr, 'end', { signal: AbortSignal.timeout(drainDeadlineMs) }).catch(() => {})
  }

  #receive(message: HostMessage): void {
    // A task shares this channel and may send anything.
    if (typeof message !== 'object' || message === null) return
    if ('beat' in message) {
      for (const call of this.#pending.values()) call.restartTimer()
      return
    }
    const call = this.#pending.get(message.id)
    if (call === undefined) return
    this.#pending.delete(message.id)
    call.stopTimer()
    if ('error' in message) call.reject(new HostError(message.error, false))
    else call.resolve(message.answer)
  }

  #fail(error: HostError): void {
    this.#end ??= error
    for (const call of this.#pending.values()) {
      call.stopTimer()
      call.reject(this.#end)
    }
    this.#pending.clear()
  }

  /** The last thing the host said on stderr, which is where a crash explains itself. */
  #lastWords(): string {
    const text = this.#stderr.trim()
    return text === '' ? '' : `; its last words: ${text.split('\n').slice(-12).join(' | ').slice(-600)}`
  }
}
