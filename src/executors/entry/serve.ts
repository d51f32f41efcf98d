/** The worker's side of a pool, whatever the transport: imports tasks, runs them, answers. */

import { AsyncLocalStorage } from 'node:async_hooks'
import type { TaskNotFoundError } from '../../errors.ts'
import {
  encodeNotFound,
  encodeNotTransferred,
  encodeRejection,
  outcomeKind,
  replyKind,
  requestKind,
} from '../protocol.ts'
import type { EncodedOutcome, Reply, Request, RunRequest, StartRequest } from '../protocol.ts'
import { importTask, lookUpTask } from '../resolve.ts'
import type { TaskImplementation } from '../resolve.ts'
import { readWorkerTimes } from '../thread-times.ts'
import { describeUncloneable } from '../transfer-path.ts'
import type { Clone } from '../transfer-path.ts'

/** The way back to the pool. */
export interface ReplyPort {
  /** Throws if the reply cannot be cloned; nothing is sent then. */
  post(reply: Reply): void
  readonly clone: Clone
  /** The pool has been told that this worker is ready. */
  onReady?(): void
}

/** A task reference, as it came over the transport. */
interface Named {
  readonly url: string
  readonly exportName: string
}

/** One call of a task function: whose errors are its own, also after an await or in a timer. */
class Call {
  #reject: ((error: unknown) => void) | undefined
  #isOver = false

  /** The output, or a promise of it that a late error rejects. */
  run(implementation: TaskImplementation, input: unknown): unknown {
    const returned = owner.run(this, implementation, input)
    if (typeof returned !== 'object' || returned === null) return returned
    return new Promise((resolve, reject) => {
      this.#reject = reject
      Promise.resolve(returned).then(resolve, reject)
    })
  }

  end(): void {
    this.#isOver = true
  }

  /** Whether the call was still in flight, and so is rejected with the error. */
  rejectLate(error: unknown): boolean {
    if (this.#isOver || this.#reject === undefined) return false
    this.#reject(error)
    return true
  }
}

const owner = new AsyncLocalStorage<Call>()

/** Serves one pool through `port`; returns what handles its requests. */
export function serve(port: ReplyPort): (request: Request) => void {
  const onLateError = (error: unknown): void => {
    const isCharged = owner.getStore()?.rejectLate(error) ?? false
    port.post([replyKind.lateError, isCharged ? null : encodeRejection(error, port.clone)])
  }
  process.on('uncaughtException', onLateError)
  process.on('unhandledRejection', onLateError)

  return (request) => {
    if (request[0] === requestKind.run) void run(port, request)
    else if (request[0] === requestKind.start) void start(port, request)
    else void leave()
  }
}

async function start(port: ReplyPort, [, initializer, input]: StartRequest): Promise<void> {
  const outcome = initializer === null ? fulfilled : await call(port, initializer, input)
  if (outcome[0] !== outcomeKind.fulfilled) {
    port.post([replyKind.failed, outcome])
    return
  }
  port.post([replyKind.ready])
  port.onReady?.()
}

async function run(port: ReplyPort, [, id, url, exportName, inputs, isTraced]: RunRequest): Promise<void> {
  const outcomes: unknown[] = []
  const times: (bigint | null)[] | undefined = isTraced ? [] : undefined
  for (const input of inputs) {
    const endTask = isTraced ? startTask() : undefined
    const outcome = call(port, { url, exportName }, input)
    outcomes.push(...(outcome instanceof Promise ? await outcome : outcome))
    if (endTask !== undefined) times?.push(...endTask())
  }
  try {
    port.post([replyKind.result, id, outcomes, times])
  } catch (error) {
    port.post([replyKind.result, id, withoutUncloneable(outcomes, port.clone, error), times])
  }
}

const difference = (after: number | null, before: number | null): bigint | null =>
  after === null || before === null ? null : BigInt(Math.round(Math.max(0, after - before)))

/** Looks at the clocks, and returns what looks at them again: start, end, CPU time and wait for a core. */
function startTask(): () => (bigint | null)[] {
  const before = readWorkerTimes()
  const startedAtNs = process.hrtime.bigint()
  return () => {
    const endedAtNs = process.hrtime.bigint()
    const after = readWorkerTimes()
    return [
      startedAtNs,
      endedAtNs,
      difference(after.cpuNs, before.cpuNs),
      difference(after.runQueueNs, before.runQueueNs),
    ]
  }
}

const fulfilled: EncodedOutcome = [outcomeKind.fulfilled, undefined]

type Outcomes = EncodedOutcome | Promise<EncodedOutcome>

/** Calls a task once; what it gave or threw, ready to be sent. */
function call(port: ReplyPort, task: Named, input: unknown): Outcomes {
  const implementation = lookUpTask(task.url, task.exportName)
  if (implementation === undefined) return importAndCall(port, task, input)
  const made = new Call()
  try {
    const returned = made.run(implementation, input)
    if (returned instanceof Promise) return settlement(port, made, returned)
    made.end()
    return [outcomeKind.fulfilled, returned]
  } catch (error) {
    made.end()
    return encodeRejection(error, port.clone)
  }
}

async function settlement(port: ReplyPort, made: Call, output: Promise<unknown>): Promise<EncodedOutcome> {
  try {
    return [outcomeKind.fulfilled, await output]
  } catch (error) {
    return encodeRejection(error, port.clone)
  } finally {
    made.end()
  }
}

async function importAndCall(port: ReplyPort, task: Named, input: unknown): Promise<EncodedOutcome> {
  try {
    await importTask(task.url, task.exportName)
  } catch (error) {
    return encodeNotFound(error as TaskNotFoundError, port.clone)
  }
  return call(port, task, input)
}

/** Only the outputs that cannot be cloned become errors; the others of a chunk still arrive. */
function withoutUncloneable(outcomes: readonly unknown[], clone: Clone, cause: unknown): unknown[] {
  const sendable: unknown[] = []
  for (let index = 0; index < outcomes.length; index += 2) {
    let outcome: EncodedOutcome = [outcomes[index] as number, outcomes[index + 1]]
    try {
      clone(outcome[1])
    } catch {
      outcome = encodeNotTransferred(describeUncloneable(outcome[1], 'result', clone, cause))
    }
    sendable.push(...outcome)
  }
  return sendable
}

/** What was written must have arrived before the end, which is asynchronous for a thread's streams. */
async function leave(): Promise<never> {
  for (const stream of [process.stdout, process.stderr])
    await new Promise<void>((resolve) => {
      stream.write('', () => resolve())
    })
  process.exit(0)
}
