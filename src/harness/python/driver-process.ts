/** The host's end of `driver.py`: starts it, asks, and checks every line that comes back. */

import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { LastLines } from '../../executors/last-lines.ts'
import { CellFailure } from '../cell-error.ts'
import type { PythonExecutorKind } from './executors.ts'
import { Lines } from './lines.ts'
import { decodeValue, encodeValue } from './wire.ts'

const driver = fileURLToPath(new URL('driver.py', import.meta.url))
const mostOutputs = 10_000_000
const closeDeadlineMs = 5000

const messageSchema = z.union([
  z.object({ beat: z.literal(true) }),
  z.object({ id: z.int(), answer: z.unknown() }),
  z.object({
    id: z.int(),
    error: z.object({
      name: z.string().max(200),
      message: z.string().max(10_000),
      location: z.string().max(200).exactOptional(),
    }),
    lost: z.boolean(),
  }),
])

const preparedSchema = z.object({ tasks: z.int().positive() })
const measuredSchema = z.object({
  makespanNs: z.int().nonnegative(),
  longestNs: z.int().nonnegative(),
  processes: z.int().nonnegative().nullable(),
  outputs: z.int().positive().max(mostOutputs),
})

/** Which twin runs, on what, under which of CPython's executors. */
export interface TwinTarget {
  /** Of the interpreter. */
  readonly python: string
  /** Absolute path of the twin. */
  readonly twin: string
  /** Names that the twin's function may have, the first that is there counts. */
  readonly functions: readonly string[]
  readonly kind: PythonExecutorKind
  readonly workers: number
}

export interface PythonMeasurement {
  readonly makespanMs: number
  /** Of the longest task; 0 where nobody watched. */
  readonly longestMs: number
  /** Processes beside the driver's own that ran tasks; null where nobody watched. */
  readonly workerProcesses: number | null
  readonly outputs: unknown[]
}

/** One life of the driver, and so of its pool. */
export class DriverProcess {
  readonly #child: ChildProcess
  readonly #commands: Writable
  readonly #lines: Lines
  readonly #onBeat: () => void
  readonly #stderr = new LastLines()
  /** How it ended, in words. */
  readonly #ended: Promise<string>
  #hasEnded = false
  #nextId = 1

  /** @param onBeat called, now and then, when a task of a watched measurement has ended. */
  private constructor(python: string, onBeat: () => void) {
    // -B: nothing is written beside the twin.
    this.#child = spawn(python, ['-B', driver], {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
      windowsHide: true,
    })
    // Its types know of five.
    const [, , , commands, answers, lifeline] = this.#child.stdio as (Readable | Writable | null)[]
    this.#commands = commands as Writable
    // What it says of a driver that died, its exit says better; the lifeline only has to stay open.
    for (const stream of [commands, lifeline]) stream?.on('error', () => {})
    this.#lines = new Lines(answers as Readable)
    this.#onBeat = onBeat
    this.#child.stderr?.on('data', (bytes: Buffer) => this.#stderr.add(bytes))
    this.#ended = new Promise((resolve) => {
      const end = (how: string): void => {
        this.#hasEnded = true
        resolve(how)
      }
      this.#child.on('exit', (code, signal) =>
        end(`exited with ${signal === null ? `code ${code}` : `signal ${signal}`}`),
      )
      this.#child.on('error', ({ message }) => end(`cannot be started: ${message}`))
    })
  }

  /**
   * Starts an interpreter, loads the twin, and starts all its workers.
   * @throws CellFailure if one of them fails.
   */
  static async open(target: TwinTarget, onBeat: () => void): Promise<DriverProcess> {
    const { python, ...parameters } = target
    const started = new DriverProcess(python, onBeat)
    await started.#call('open', parameters)
    return started
  }

  /** Hands over the inputs of a size, one a task. */
  async prepare(inputs: readonly unknown[]): Promise<void> {
    const lines = inputs.map((input, index) => {
      try {
        return encodeValue(input)
      } catch (error) {
        throw new TypeError(`the input of task ${index} holds ${(error as Error).message}`, { cause: error })
      }
    })
    const { tasks } = preparedSchema.parse(await this.#call('prepare', { tasks: inputs.length }, lines))
    if (tasks !== inputs.length) throw new Error(`Python took ${tasks} of ${inputs.length} inputs`)
  }

  /** One makespan, timed inside Python. */
  async measure(watched: boolean): Promise<PythonMeasurement> {
    const answer = await this.#call('measure', { watched })
    const measured = measuredSchema.safeParse(answer)
    if (!measured.success) throw this.#noAnswer()
    const { makespanNs, longestNs, processes: workerProcesses, outputs: count } = measured.data
    const outputs: unknown[] = []
    for (let index = 0; index < count; index++) outputs.push(decodeValue(await this.#line()))
    return { makespanMs: Math.max(1, makespanNs) / 1e6, longestMs: longestNs / 1e6, workerProcesses, outputs }
  }

  /** Ends it in good order, or by force. Never rejects. */
  async close(): Promise<void> {
    if (this.#hasEnded) return
    this.#commands.end()
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), closeDeadlineMs)
    await this.#ended
    clearTimeout(timer)
  }

  async #call(command: string, parameters: object, values: readonly string[] = []): Promise<unknown> {
    const id = this.#nextId++
    this.#commands.write(`${JSON.stringify({ id, do: command, with: parameters })}\n`)
    for (const value of values)
      if (!this.#commands.write(value))
        await Promise.race([once(this.#commands, 'drain').catch(() => {}), this.#ended])
    for (;;) {
      const message = this.#parse(await this.#line())
      if ('beat' in message) this.#onBeat()
      else if (message.id !== id) throw this.#noAnswer()
      else if ('error' in message) throw new CellFailure(message.error, message.lost)
      else return message.answer
    }
  }

  #parse(line: string): z.infer<typeof messageSchema> {
    try {
      return messageSchema.parse(JSON.parse(line))
    } catch {
      throw this.#noAnswer()
    }
  }

  /** The next line, for as long as there is one. */
  async #line(): Promise<string> {
    const line = await this.#lines.next()
    if (line !== null) return line
    // It has closed its end, or said what is too long.
    if (!this.#hasEnded) setTimeout(() => this.#child.kill('SIGKILL'), closeDeadlineMs).unref()
    const how = await this.#ended
    const words = this.#stderr.toString().split('\n').slice(-6).join(' | ').slice(-600)
    const said = words === '' ? '' : `; its last words: ${words}`
    throw new CellFailure({ name: 'ProcessExited', message: `Python ${how}${said}` }, true)
  }

  #noAnswer(): CellFailure {
    this.#child.kill('SIGKILL')
    return new CellFailure({ name: 'Error', message: 'Python gave no answer that can be read' }, true)
  }
}
