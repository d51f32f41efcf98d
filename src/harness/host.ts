/** The parent's end of a host process: asks, waits no longer than it should, and knows how it ended. */

import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { endingWithParent } from '../executors/parent-death.ts'
import { CellFailure } from './cell-error.ts'
import type { HostCommand, HostCommands, HostRequest } from './commands.ts'
import { parseAnswer, parseMessage } from './host-message.ts'

const entry = fileURLToPath(new URL('./entry/host.js', import.meta.url))
const keptStderrBytes = 4096
const drainDeadlineMs = 200
/** A host that does not answer `close`, or does not end when told to, is ended after this. */
const closeDeadlineMs = 10_000

export interface CallOptions {
  /** The host is ended if it shows no sign of life (an answer, or the end of a task) for so long. */
  readonly silenceMs?: number
  /** What is then wrong, in words: `setup took longer than 60000 ms`. */
  readonly tooLong?: string
}

interface PendingCall {
  readonly settle: (answer: unknown) => void
  readonly reject: (failure: CellFailure) => void
  readonly restartTimer: () => void
  readonly stopTimer: () => void
}

export class Host {
  readonly #child: ChildProcess
  readonly #pending = new Map<number, PendingCall>()
  readonly #ended: Promise<void>
  // Not to be guessed by accident: a task may use the same channel for messages of its own.
  #nextId = randomInt(2 ** 40)
  #stderr = ''
  #end: CellFailure | undefined

  /**
   * @param environment the host's variables, its own temporary folder among them.
   * @param owesTeardown it lives on for a moment when the harness has died, to tear down what it has set up.
   */
  constructor(environment: NodeJS.ProcessEnv, { owesTeardown = false } = {}) {
    const [file, args] = [process.execPath, ['--enable-source-maps']]
    const command = owesTeardown ? { file, args, env: {} } : endingWithParent(file, args)
    this.#child = fork(entry, [], {
      serialization: 'advanced',
      env: { ...environment, ...command.env },
      execPath: command.file,
      execArgv: [...command.args],
      // Ctrl-C in the terminal is for the harness, which decides what ends when.
      detached: true,
      // A task's console output would spoil the report, and reading it would disturb the measurement.
      // The last one is the lifeline that the host's watchdog listens on.
      stdio: ['ignore', 'ignore', 'pipe', 'ipc', 'pipe'],
    })
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-keptStderrBytes)
    })
    this.#child.on('message', (message) => this.#receive(message))
    this.#ended = new Promise((resolve) => {
      // Not `close`: after a disconnect it may never come (nodejs/node#65646).
      this.#child.on('exit', (exitCode, signal) => {
        resolve(this.#exited(signal === null ? `code ${String(exitCode)}` : `signal ${signal}`))
      })
      this.#child.on('error', ({ name, message }) => {
        this.#fail({ name, message })
        resolve()
      })
    })
  }

  /**
   * Asks the host to do something and waits for its answer.
   * @throws CellFailure if it failed, ended, kept silent for too long, or answered what is no answer.
   */
  call<Command extends HostCommand>(
    command: Command,
    parameters: HostCommands[Command]['parameters'],
    { silenceMs, tooLong = `${command} took longer than ${silenceMs} ms` }: CallOptions = {},
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
          this.#fail({ name: 'TimeoutError', message: tooLong })
          this.kill()
        }, silenceMs)
      }
      const settle = (received: unknown): void => {
        const parsed = parseAnswer(command, received)
        if (parsed === undefined)
          reject(
            new CellFailure({ name: 'Error', message: `the process gave no answer to ${command}` }, false),
          )
        else resolve(parsed.answer)
      }
      this.#pending.set(id, { settle, reject, restartTimer, stopTimer })
      restartTimer()
      const request: HostRequest = { id, command, parameters }
      this.#child.send(request, (error) => {
        if (error !== null) this.#fail({ name: error.name, message: error.message })
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
    this.#fail({ name: 'ProcessExited', message: `the process exited with ${how}${this.#lastWords()}` })
  }

  /** Waits for what the host wrote before it ended; not forever, since a child of its own may hold the pipe. */
  async #drainStderr(): Promise<void> {
    const { stderr } = this.#child
    if (stderr === null || stderr.readableEnded || stderr.destroyed) return
    await once(stderr, 'end', { signal: AbortSignal.timeout(drainDeadlineMs) }).catch(() => {})
  }

  #receive(received: unknown): void {
    const message = parseMessage(received)
    if (message === undefined) return
    if ('beat' in message) {
      for (const call of this.#pending.values()) call.restartTimer()
      return
    }
    const call = this.#pending.get(message.id)
    if (call === undefined) return
    this.#pending.delete(message.id)
    call.stopTimer()
    if ('error' in message) call.reject(new CellFailure(message.error, message.lost))
    else call.settle(message.answer)
  }

  #fail(cellError: CellFailure['cellError']): void {
    this.#end ??= new CellFailure(cellError, true)
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
