/** The worker's side of a pool, whatever the transport: imports tasks, runs them in turn, answers. */

import { AsyncLocalStorage } from 'node:async_hooks'
import { TaskTransferError } from '../../errors.ts'
import type { TaskNotFoundError } from '../../errors.ts'
import type { Claims } from '../claims.ts'
import {
  encodeNotFound,
  encodeNotTransferred,
  encodeRejection,
  firstInput,
  outcomeKind,
  replyKind,
  requestKind,
} from '../protocol.ts'
import type { EncodedOutcome, Reply, Request, ResultReply, RunRequest, StartRequest } from '../protocol.ts'
import { importTask, lookUpTask } from '../resolve.ts'
import type { TaskImplementation } from '../resolve.ts'
import { describeUncloneable } from '../transfer-path.ts'
import { isUnexpectedSharedBytes } from '../unexpected-shared-bytes.ts'
import type { Clone } from '../transfer-path.ts'
import type { Borrower } from './borrower.ts'
import { Borrowings } from './borrowings.ts'
import { startTask } from './task-times.ts'

/** The way back to the pool. */
export interface ReplyPort {
  /**
   * Sends at once, so that no later death of this worker takes it along; returns what to wait for if that is not
   * possible. Throws if the reply cannot be cloned; nothing is sent then.
   */
  post(reply: Reply): Promise<void> | undefined
  readonly clone: Clone
  /** What of the requests sent to this worker it may begin. */
  readonly claims: Claims
  /** The pool has been told that this worker is ready. */
  onReady?(): void
  /** A module of the user's is being read; none of its code runs before this returns. */
  onImport?(): void
}

interface LendingPort extends ReplyPort {
  readonly borrowings: Borrowings
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
    void port.post([replyKind.lateError, ...(isCharged ? ([] as const) : encodeRejection(error, port.clone))])
  }
  process.on('uncaughtException', onLateError)
  process.on('unhandledRejection', onLateError)

  const borrowings = new Borrowings((reply) => port.post(reply))
  const requests = new Requests({ ...port, borrowings })
  const begin = (request: StartRequest): void => {
    requests.slots = request[1]
    void start(port, request)
  }
  return (request) => {
    if (request[0] === requestKind.run) requests.add(request)
    else if (request[0] === requestKind.define)
      requests.define(request[1], { url: request[2], exportName: request[3] })
    else if (request[0] === requestKind.resume) requests.resume(request[1], request[2])
    else if (request[0] === requestKind.start) begin(request)
    else if (request[0] === requestKind.forget) borrowings.forget(request[1])
    else if (request[0] === requestKind.leave) void leave()
    else if (request[2][0] === requestKind.run) {
      borrowings.note(request[2][1], request[1])
      requests.add(request[2])
    } else void openAndBegin(port, borrowings, request[2], request[1], begin)
  }
}

async function openAndBegin(
  port: ReplyPort,
  borrowings: Borrowings,
  request: StartRequest,
  secret: string,
  begin: (request: StartRequest) => void,
): Promise<void> {
  const failure = open(await borrowings.load(), request, secret)
  if (failure === undefined) begin(request)
  else void port.post([replyKind.failed, ...failure])
}

/** Opens the `SharedBytes` of a request; returns what keeps them from being opened here, if anything does. */
function open(borrower: Borrower, request: Request, secret: string): EncodedOutcome | undefined {
  try {
    borrower.open(request, secret)
    return undefined
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const message = `SharedBytes of the input cannot be opened in the worker: ${reason}`
    return encodeNotTransferred(new TaskTransferError(message, 'input', 'input'))
  }
}

async function start(port: ReplyPort, [, , url, exportName, initializerInput]: StartRequest): Promise<void> {
  if (url !== null && exportName !== null) {
    const outcome = await initialize(port, { url, exportName }, initializerInput)
    if (outcome[0] !== outcomeKind.fulfilled) {
      void port.post([replyKind.failed, ...outcome])
      return
    }
  }
  void port.post([replyKind.ready])
  port.onReady?.()
}

async function initialize(
  port: ReplyPort,
  { url, exportName }: Named,
  input: unknown,
): Promise<EncodedOutcome> {
  try {
    return await call(port, await importFor(port, { url, exportName }), input)
  } catch (error) {
    return encodeNotFound(error as TaskNotFoundError, port.clone)
  }
}

function importFor(port: ReplyPort, { url, exportName }: Named): Promise<TaskImplementation> {
  const imported = importTask(url, exportName)
  port.onImport?.()
  return imported
}

/** What was sent and not begun yet, and what is in flight. */
class Requests {
  slots = 1
  readonly #port: LendingPort
  readonly #tasks = new Map<number, Named>()
  #waiting: RunRequest[] = []
  /** Of those waiting, the next one. */
  #next = 0
  /** So many of those waiting need no claim. */
  #certain = 0
  #inFlight = 0
  #isBeginning = false

  constructor(port: LendingPort) {
    this.#port = port
  }

  define(number: number, task: Named): void {
    this.#tasks.set(number, task)
  }

  add(request: RunRequest): void {
    this.#waiting.push(request)
    this.#begin()
  }

  /** What was not taken back will begin, whatever comes. */
  resume(takenBackFrom: number, id: number): void {
    this.#waiting = this.#waiting.slice(this.#next).filter((request) => request[1] < takenBackFrom)
    this.#next = 0
    this.#certain = this.#waiting.length
    this.#port.borrowings.closeFrom(takenBackFrom)
    this.#port.claims.resume(id)
  }

  #begin(): void {
    if (this.#isBeginning) return
    this.#isBeginning = true
    while (this.#inFlight < this.slots && this.#next < this.#waiting.length) {
      const request = this.#waiting[this.#next] as RunRequest
      // Taken back; what comes next is `resume`.
      if (this.#certain > 0) this.#certain--
      else if (!this.#port.claims.begin(request[1])) break
      this.#next++
      if (this.#next === this.#waiting.length) {
        this.#waiting = []
        this.#next = 0
      }
      this.#inFlight++
      const pending = this.#port.borrowings.areAny
        ? this.#runBorrowing(request)
        : run(this.#port, request, this.#tasks.get(request[2]))
      if (pending === undefined) this.#inFlight--
      else void pending.then(this.#onSettled)
    }
    this.#isBeginning = false
  }

  /** What a request has of `SharedBytes` is opened only now, and used until it has settled. */
  #runBorrowing(request: RunRequest): Promise<void> | undefined {
    const { borrowings } = this.#port
    const id = request[1]
    const secret = borrowings.secretOf(id)
    if (secret === undefined) return run(this.#port, request, this.#tasks.get(request[2]))
    const { borrower } = borrowings
    const pending =
      borrower === undefined
        ? borrowings.load().then((loaded) => this.#runOpened(loaded, request, secret))
        : this.#runOpened(borrower, request, secret)
    if (pending !== undefined) return pending.then(() => borrowings.close(id))
    borrowings.close(id)
    return undefined
  }

  #runOpened(borrower: Borrower, request: RunRequest, secret: string): Promise<void> | undefined {
    const failure = open(borrower, request, secret)
    if (failure !== undefined) return rejectAll(this.#port, request, failure)
    return run(this.#port, request, this.#tasks.get(request[2]))
  }

  readonly #onSettled = (): void => {
    this.#inFlight--
    this.#begin()
  }
}

const unknownTask: Named = { url: 'unknown:', exportName: 'unknown' }

/** Returns what to wait for, if anything. */
function run(port: LendingPort, request: RunRequest, task: Named = unknownTask): Promise<void> | undefined {
  const implementation = lookUpTask(task.url, task.exportName)
  if (implementation === undefined) return importAndRun(port, request, task)
  return new Answer(port, request, implementation).run()
}

async function importAndRun(port: LendingPort, request: RunRequest, task: Named): Promise<void> {
  let implementation: TaskImplementation
  try {
    implementation = await importFor(port, task)
  } catch (error) {
    return rejectAll(port, request, encodeNotFound(error as TaskNotFoundError, port.clone))
  }
  return new Answer(port, request, implementation).run()
}

/** Answers a request whose task cannot be called. */
function rejectAll(
  port: ReplyPort,
  request: RunRequest,
  [kind, value]: EncodedOutcome,
): Promise<void> | undefined {
  const inputs = request.slice(firstInput)
  const times = request[3] ? [] : undefined
  const kinds = inputs.map(() => kind)
  return port.post([replyKind.result, request[1], 0, times, kinds, ...inputs.map(() => value)])
}

type ResultHead = readonly [kind: ResultReply[0], id: number, elapsedMs: number, times: ResultReply[3]]

/** Runs the inputs of a request one after the other, without a turn of the event loop where no task asks for one. */
class Answer {
  readonly #port: LendingPort
  readonly #request: RunRequest
  readonly #implementation: TaskImplementation
  readonly #values: unknown[] = []
  /** Null while all are fulfilled. */
  #kinds: number[] | null = null
  readonly #times: (bigint | null)[] | undefined
  readonly #startedAtMs = performance.now()
  #next: number = firstInput

  constructor(port: LendingPort, request: RunRequest, implementation: TaskImplementation) {
    this.#port = port
    this.#request = request
    this.#implementation = implementation
    this.#times = request[3] ? [] : undefined
  }

  run(): Promise<void> | undefined {
    while (this.#next < this.#request.length) {
      const endTask = this.#times === undefined ? undefined : startTask()
      const outcome = call(this.#port, this.#implementation, this.#request[this.#next++])
      if (outcome instanceof Promise)
        return outcome.then((settled) => {
          this.#add(settled, endTask)
          return this.run()
        })
      this.#add(outcome, endTask)
    }
    return this.#post()
  }

  #add([kind, value]: EncodedOutcome, endTask: ReturnType<typeof startTask> | undefined): void {
    if (kind !== outcomeKind.fulfilled) this.#kinds ??= this.#values.map(() => outcomeKind.fulfilled)
    this.#kinds?.push(kind)
    this.#values.push(value)
    if (endTask !== undefined) this.#times?.push(...endTask())
  }

  #post(): Promise<void> | undefined {
    const head = [
      replyKind.result,
      this.#request[1],
      performance.now() - this.#startedAtMs,
      this.#times,
    ] as const
    try {
      return this.#port.post([...head, this.#kinds, ...this.#values])
    } catch (error) {
      const { borrowings } = this.#port
      if (!isUnexpectedSharedBytes(error)) return this.#postOthers(head, error, borrowings.borrower)
      if (borrowings.borrower !== undefined) return this.#postShared(head, borrowings.borrower)
      return borrowings.load().then((borrower) => this.#postShared(head, borrower))
    }
  }

  #postShared(head: ResultHead, borrower: Borrower): Promise<void> | undefined {
    try {
      return borrower.post([...head, this.#kinds, ...this.#values])
    } catch (error) {
      return this.#postOthers(head, error, borrower)
    }
  }

  /** Only the outputs that cannot be cloned become errors; the others of a chunk still arrive. */
  #postOthers(head: ResultHead, cause: unknown, borrower: Borrower | undefined): Promise<void> | undefined {
    if (borrower === undefined) {
      const { kinds, values } = this.#withoutUncloneable(cause, this.#port.clone)
      return this.#port.post([...head, kinds, ...values])
    }
    const { kinds, values } = this.#withoutUncloneable(cause, borrower.allow(this.#port.clone))
    return borrower.post([...head, kinds, ...values])
  }

  #withoutUncloneable(
    cause: unknown,
    clone: Clone,
  ): { readonly kinds: number[]; readonly values: unknown[] } {
    const kinds: number[] = []
    const values: unknown[] = []
    for (const [index, value] of this.#values.entries()) {
      let outcome: EncodedOutcome = [this.#kinds?.[index] ?? outcomeKind.fulfilled, value]
      try {
        clone(value)
      } catch {
        outcome = encodeNotTransferred(describeUncloneable(value, 'result', clone, cause))
      }
      kinds.push(outcome[0])
      values.push(outcome[1])
    }
    return { kinds, values }
  }
}

/** Calls a task once; what it gave or threw, ready to be sent. */
function call(
  port: ReplyPort,
  implementation: TaskImplementation,
  input: unknown,
): EncodedOutcome | Promise<EncodedOutcome> {
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

/** What was written must have arrived before the end, which is asynchronous for a thread's streams. */
async function leave(): Promise<never> {
  for (const stream of [process.stdout, process.stderr])
    await new Promise<void>((resolve) => {
      stream.write('', () => resolve())
    })
  process.exit(0)
}
