/** The worker's side of a pool, whatever the transport: imports tasks, runs them, answers. */

import { AsyncLocalStorage } from 'node:async_hooks'
import { encodeRejection, outcomeKind, replyKind, requestKind } from '../protocol.ts'
import type { EncodedOutcome, Reply, Request, RunRequest, StartRequest } from '../protocol.ts'
import { importTask, lookUpTask } from '../resolve.ts'
import type { TaskImplementation } from '../resolve.ts'
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
  try {
    if (initializer !== null) {
      const implementation = await importTask(initializer.url, initializer.exportName)
      await new Call().run(implementation, input)
    }
    port.post([replyKind.ready])
    port.onReady?.()
  } catch (error) {
    port.post([replyKind.failed, encodeRejection(error, port.clone)])
  }
}

async function run(port: ReplyPort, [, id, url, exportName, inputs, isTraced]: RunRequest): Promise<void> {
  const outcomes: unknown[] = []
  const times: bigint[] | undefined = isTraced ? [] : undefined
  let implementation = lookUpTask(url, exportName)
  for (const input of inputs) {
    if (times !== undefined) times.push(process.hrtime.bigint())
    const call = new Call()
    try {
      implementation ??= await importTask(url, exportName)
      const returned = call.run(implementation, input)
      outcomes.push(outcomeKind.fulfilled, returned instanceof Promise ? await returned : returned)
    } catch (error) {
      outcomes.push(...encodeRejection(error, port.clone))
    }
    call.end()
    if (times !== undefined) times.push(process.hrtime.bigint())
  }
  try {
    port.post([replyKind.result, id, outcomes, times])
  } catch (error) {
    port.post([replyKind.result, id, withoutUncloneable(outcomes, port.clone, error), times])
  }
}

/** Only the outputs that cannot be cloned become errors; the others of a chunk still arrive. */
function withoutUncloneable(outcomes: readonly unknown[], clone: Clone, cause: unknown): unknown[] {
  const sendable: unknown[] = []
  for (let index = 0; index < outcomes.length; index += 2) {
    let outcome: EncodedOutcome = [outcomes[index] as number, outcomes[index + 1]]
    try {
      clone(outcome[1])
    } catch {
      outcome = encodeRejection(describeUncloneable(outcome[1], 'result', clone, cause), clone)
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
