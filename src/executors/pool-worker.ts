/** One worker of a pool: what it has in flight, from its start to its death. */

import { WorkerLostError } from '../errors.ts'
import type { WorkerExit } from '../errors.ts'
import type { WorkerInfo } from './executor.ts'
import { decodeOutcome, replyKind, requestKind } from './protocol.ts'
import type { EncodedOutcome, Reply, Request } from './protocol.ts'
import type { TaskTimes } from './queueing-executor.ts'
import type { Outcome, Submission } from './submission.ts'
import type { TaskReference } from './task.ts'
import type { Clone } from './transfer-path.ts'

/** How a worker's life ended; `cause` is what its runtime said, for example that memory ran out. */
export interface ConnectionExit extends WorkerExit {
  readonly cause?: unknown
  /** The OS would not start it at all. */
  readonly isRefused?: boolean
}

/** The transport's side of a worker: a thread or a process that runs `entry/serve.ts`. */
export interface WorkerConnection {
  readonly info: WorkerInfo
  readonly clone: Clone
  /** Throws if the request cannot be cloned; nothing is sent then. */
  send(request: Request, transfer?: Submission['transfer']): void
  /** Whether this worker keeps the program alive. */
  hold(isHeld: boolean): void
  /** Ends it now. */
  kill(): void
}

/** What the transport tells; `onExit` comes once, last, and when the worker is really dead. */
export interface ConnectionListener {
  onReply(reply: Reply): void
  onExit(exit: ConnectionExit): void
}

/** Starts a worker; throws if the OS refuses. */
export type Connect = (listener: ConnectionListener) => WorkerConnection

/** What the worker tells its pool. */
export interface PoolWorkerListener {
  onReady(worker: PoolWorker): void
  onStartFailed(worker: PoolWorker, error: unknown): void
  onSettled(
    worker: PoolWorker,
    submission: Submission,
    outcomes: readonly Outcome[],
    times: readonly TaskTimes[] | undefined,
  ): void
  onLateError(worker: PoolWorker, error: unknown): void
  onExit(worker: PoolWorker, exit: ConnectionExit, lost: readonly Submission[]): void
}

type WorkerState = 'starting' | 'ready' | 'leaving' | 'dead'

export class PoolWorker implements ConnectionListener {
  state: WorkerState = 'starting'
  /** Takes no more, and leaves when what it has in flight has settled. */
  isRetiring = false
  /** Inputs given to it so far. */
  inputs = 0
  readonly #listener: PoolWorkerListener
  readonly #connection: WorkerConnection
  readonly #inFlight = new Map<number, Submission>()
  #nextId = 0

  /** Throws if the OS refuses a worker, or the initializer's input cannot be cloned. */
  constructor(
    connect: Connect,
    listener: PoolWorkerListener,
    initializer: TaskReference<never, unknown> | undefined,
    initializerInput: unknown,
  ) {
    this.#listener = listener
    this.#connection = connect(this)
    const named = initializer && { url: initializer.url, exportName: initializer.exportName }
    this.#connection.send([requestKind.start, named ?? null, initializerInput])
  }

  get info(): WorkerInfo {
    return this.#connection.info
  }

  get clone(): Clone {
    return this.#connection.clone
  }

  get load(): number {
    return this.#inFlight.size
  }

  submissions(): Iterable<Submission> {
    return this.#inFlight.values()
  }

  /** Sends a submission. Throws if its input cannot be cloned; nothing has changed then. */
  run(submission: Submission, isTraced: boolean): void {
    const { url, exportName } = submission.reference
    const id = this.#nextId
    this.#connection.send(
      [requestKind.run, id, url, exportName, submission.inputs, isTraced],
      submission.transfer,
    )
    this.#nextId++
    this.inputs += submission.inputs.length
    submission.takeInputs()
    if (this.#inFlight.size === 0) this.#connection.hold(true)
    this.#inFlight.set(id, submission)
  }

  /** Lets the worker end by itself, its output flushed. It must be ready and have nothing in flight. */
  leave(): void {
    this.state = 'leaving'
    this.#connection.hold(true)
    this.#connection.send([requestKind.leave])
  }

  kill(): void {
    if (this.state === 'dead') return
    this.state = 'leaving'
    this.#connection.hold(true)
    this.#connection.kill()
  }

  onReply(reply: Reply): void {
    try {
      if (reply[0] === replyKind.result) this.#onResult(reply[1], reply[2], reply[3])
      else if (reply[0] === replyKind.ready) this.#onReady()
      else if (reply[0] === replyKind.failed) this.#onFailed(reply[1])
      else if (reply[0] === replyKind.lateError) this.#onLateError(reply[1])
    } catch {
      // Not what a worker sends: only this worker is not to be trusted any more.
      this.kill()
    }
  }

  onExit(exit: ConnectionExit): void {
    if (this.state !== 'leaving') this.#connection.hold(false)
    const lost = [...this.#inFlight.values()]
    this.#inFlight.clear()
    this.#listener.onExit(this, exit, lost)
    this.state = 'dead'
  }

  #onReady(): void {
    if (this.state !== 'starting') return
    this.state = 'ready'
    this.#connection.hold(false)
    this.#listener.onReady(this)
  }

  #onFailed([kind, value]: EncodedOutcome): void {
    if (this.state !== 'starting') return
    this.#listener.onStartFailed(this, decodeOutcome(kind, value).value)
  }

  #onResult(id: number, encoded: readonly unknown[], encodedTimes: readonly bigint[] | undefined): void {
    const submission = this.#inFlight.get(id)
    if (submission === undefined) return
    const outcomes: Outcome[] = []
    for (let index = 0; index < encoded.length; index += 2)
      outcomes.push(decodeOutcome(encoded[index], encoded[index + 1]))
    const times = encodedTimes && pairs(encodedTimes)
    this.#inFlight.delete(id)
    if (this.#inFlight.size === 0) this.#connection.hold(false)
    this.#listener.onSettled(this, submission, outcomes, times)
  }

  #onLateError(outcome: EncodedOutcome | null): void {
    this.isRetiring = true
    if (outcome !== null) this.#listener.onLateError(this, decodeOutcome(outcome[0], outcome[1]).value)
  }
}

function pairs(times: readonly bigint[]): TaskTimes[] {
  const paired: TaskTimes[] = []
  for (let index = 0; index + 1 < times.length; index += 2)
    paired.push({ startedAtNs: times[index] ?? 0n, endedAtNs: times[index + 1] ?? 0n })
  return paired
}

/** What the tasks of a dead worker are rejected with. */
export function lostError(exit: ConnectionExit, info: WorkerInfo): WorkerLostError {
  const how = exit.signal === null ? `exit code ${exit.exitCode ?? 'unknown'}` : `signal ${exit.signal}`
  const options = exit.cause === undefined ? undefined : { cause: exit.cause }
  return new WorkerLostError(
    `The worker (pid ${info.pid}, thread ${info.threadId}) ended before its task did: ${how}.`,
    { exitCode: exit.exitCode, signal: exit.signal, stderr: exit.stderr },
    options,
  )
}
