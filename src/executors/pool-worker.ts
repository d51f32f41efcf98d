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
  /** The last request, if it is certain that the worker had not read it. */
  readonly unread?: Request
}

/** The transport's side of a worker: a thread or a process that runs `entry/serve.ts`. */
export interface WorkerConnection {
  readonly info: WorkerInfo
  readonly clone: Clone
  /** Throws if the request cannot be cloned; nothing is sent then. */
  send(request: Request, transfer?: Submission['transfer']): void
  /** Whether this worker keeps the program alive; it does until it is told otherwise. */
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
  /** After an error that belongs to no task in flight, or to one that is rejected with it (`error` undefined). */
  onLateError(worker: PoolWorker, error: Outcome | undefined): void
  /** `unstarted`: a submission that went back, since it is certain that the worker had not begun it. */
  onExit(
    worker: PoolWorker,
    exit: ConnectionExit,
    lost: readonly Submission[],
    unstarted: Submission | undefined,
  ): void
}

/** `leaving`: told to end, or killed. */
type WorkerState = 'starting' | 'ready' | 'leaving'

/** A worker that was told to leave and does not, for example since a forgotten timer spins, is killed. */
const leaveTimeoutMs = 5000

export class PoolWorker implements ConnectionListener {
  state: WorkerState = 'starting'
  /** Takes no more, and leaves when what it has in flight has settled. */
  isRetiring = false
  /** Is among the pool's workers with room. */
  isFree = false
  /** Inputs given to it so far. */
  inputs = 0
  readonly #listener: PoolWorkerListener
  readonly #connection: WorkerConnection
  readonly #inFlight = new Map<number, Submission>()
  #nextId = 0
  #leaveTimer: NodeJS.Timeout | undefined

  /** Throws if the OS refuses a worker. */
  constructor(connect: Connect, listener: PoolWorkerListener) {
    this.#listener = listener
    this.#connection = connect(this)
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

  /** Whether somebody still waits for what it has in flight. */
  get isAwaited(): boolean {
    for (const { state } of this.#inFlight.values()) if (state !== 'settled') return true
    return false
  }

  submissions(): Iterable<Submission> {
    return this.#inFlight.values()
  }

  /** Must come first. Throws if the input cannot be cloned. */
  start(initializer: TaskReference<never, unknown> | undefined, input: unknown): void {
    const reference = initializer && { url: initializer.url, exportName: initializer.exportName }
    this.#connection.send([requestKind.start, reference ?? null, input])
  }

  /** Sends a submission. Throws if its input cannot be cloned; nothing has changed then. */
  run(submission: Submission, isTraced: boolean): void {
    const { url, exportName } = submission.reference
    const id = this.#nextId
    const request: Request = [requestKind.run, id, url, exportName, submission.inputs, isTraced]
    this.#connection.send(request, submission.transfer)
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
    this.#leaveTimer = setTimeout(() => this.#connection.kill(), leaveTimeoutMs)
  }

  kill(): void {
    this.state = 'leaving'
    this.#connection.hold(true)
    this.#connection.kill()
  }

  onReply(reply: Reply): void {
    if (reply[0] === replyKind.result) this.#onResult(reply[1], reply[2], reply[3])
    else if (reply[0] === replyKind.ready) this.#onReady()
    else if (reply[0] === replyKind.failed) this.#onFailed(reply[1])
    else if (reply[0] === replyKind.lateError) this.#onLateError(reply[1])
    else this.kill()
  }

  onExit(exit: ConnectionExit): void {
    clearTimeout(this.#leaveTimer)
    const unstarted = this.#takeBack(exit.unread)
    const lost = [...this.#inFlight.values()]
    this.#inFlight.clear()
    this.#listener.onExit(this, exit, lost, unstarted)
  }

  #onReady(): void {
    if (this.state !== 'starting') return
    this.state = 'ready'
    this.#connection.hold(false)
    this.#listener.onReady(this)
  }

  #onFailed(outcome: EncodedOutcome): void {
    const failure = this.#decode(outcome)?.[0]
    if (this.state === 'starting' && failure !== undefined) this.#listener.onStartFailed(this, failure.value)
  }

  #onResult(
    id: number,
    encoded: readonly unknown[],
    encodedTimes: readonly (bigint | null)[] | undefined,
  ): void {
    const submission = this.#inFlight.get(id)
    const outcomes = this.#decode(encoded)
    if (submission === undefined || outcomes === undefined) return
    const times = encodedTimes && decodeTimes(encodedTimes)
    this.#inFlight.delete(id)
    if (this.#inFlight.size === 0) this.#connection.hold(false)
    this.#listener.onSettled(this, submission, outcomes, times)
  }

  #onLateError(outcome: EncodedOutcome | null): void {
    if (outcome === null) this.#listener.onLateError(this, undefined)
    else {
      const error = this.#decode(outcome)?.[0]
      if (error !== undefined) this.#listener.onLateError(this, error)
    }
  }

  /** Not what a worker sends: only this worker is not to be trusted any more. */
  #decode(encoded: readonly unknown[]): Outcome[] | undefined {
    try {
      const outcomes: Outcome[] = []
      for (let index = 0; index < encoded.length; index += 2)
        outcomes.push(decodeOutcome(encoded[index], encoded[index + 1]))
      return outcomes
    } catch {
      this.kill()
      return undefined
    }
  }

  /** Gives a submission its inputs again that the worker died without having read; once, lest it kills each. */
  #takeBack(unread: Request | undefined): Submission | undefined {
    if (unread?.[0] !== requestKind.run) return undefined
    const submission = this.#inFlight.get(unread[1])
    if (submission === undefined || submission.state !== 'running' || submission.wasReturned) return undefined
    this.#inFlight.delete(unread[1])
    submission.inputs = unread[4]
    submission.wasReturned = true
    return submission
  }
}

function decodeTimes(encoded: readonly (bigint | null)[]): TaskTimes[] {
  const times: TaskTimes[] = []
  for (let index = 0; index + 3 < encoded.length; index += 4) {
    const [startedAtNs, endedAtNs, cpuNs, runQueueNs] = encoded.slice(index, index + 4)
    times.push({
      startedAtNs: startedAtNs ?? 0n,
      endedAtNs: endedAtNs ?? 0n,
      cpuNs: cpuNs ?? null,
      runQueueNs: runQueueNs ?? null,
    })
  }
  return times
}

/** What the tasks of a dead worker are rejected with. */
export function lostError(exit: ConnectionExit, info: WorkerInfo): WorkerLostError {
  const { exitCode, signal, stderr, cause } = exit
  const how = signal === null ? `exit code ${exitCode ?? 'unknown'}` : `signal ${signal}`
  return new WorkerLostError(
    `The worker (pid ${info.pid}, thread ${info.threadId}) ended before its task did: ${how}.`,
    { exitCode, signal, stderr },
    cause === undefined ? undefined : { cause },
  )
}
