/** One worker of a pool, from its start to its death: what it is told, what it answers, and what state that leaves it in. */

import type { WorkerInfo } from './executor.ts'
import { Lender } from './lender.ts'
import { Outbox } from './outbox.ts'
import { allowingSharedBytes } from './passing.ts'
import { decodeOutcome, decodeOutcomes, decodeTimes, firstInput, replyKind, requestKind } from './protocol.ts'
import type { Reply, Request, ResultReply } from './protocol.ts'
import type { TaskTimes } from './observable-executor.ts'
import type { Outcome, Outcomes } from './outcomes.ts'
import { Recalls } from './recalls.ts'
import { SentBook } from './sent-book.ts'
import type { Submission } from './submission.ts'
import type { TaskProfile } from './task-profile.ts'
import type { TaskReference } from './task.ts'
import type { Clone } from './transfer-path.ts'
import type { Connect, ConnectionExit, ConnectionListener, WorkerConnection } from './worker-connection.ts'

/** What the worker tells its pool. */
export interface PoolWorkerListener {
  onReady(worker: PoolWorker): void
  onStartFailed(worker: PoolWorker, error: unknown): void
  onSettled(
    worker: PoolWorker,
    submission: Submission,
    outcomes: Outcomes,
    times: readonly TaskTimes[] | undefined,
  ): void
  /** The worker has begun a submission that was sent ahead, or is about to. */
  onBegun(submission: Submission): void
  /** What was sent ahead is back; the first is to be the next. */
  onReturned(worker: PoolWorker, unstarted: readonly Submission[]): void
  /** After an error that belongs to no task in flight, or to one that is rejected with it (`error` undefined). */
  onLateError(worker: PoolWorker, error: Outcome | undefined): void
  /** `unstarted`: what goes back, since it is certain that the worker had not begun it. */
  onExit(
    worker: PoolWorker,
    exit: ConnectionExit,
    lost: readonly Submission[],
    unstarted: readonly Submission[],
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
  /** When it last began something or settled something; `performance.now()`. */
  movedAtMs = 0
  /** Has been at one task for so long that nothing is sent to wait behind it. */
  isStuck = false
  readonly #listener: PoolWorkerListener
  readonly #connection: WorkerConnection
  readonly #lender: Lender
  readonly #outbox: Outbox
  readonly #slots: number
  readonly #book: SentBook
  readonly #recalls = new Recalls(() => this.kill())
  /** Whether it is ready only when tasks can be taken back from it. */
  #isToWarmUp = false
  /** Whether it has been told to get ready for that. */
  #isToListen = false
  #leaveTimer: NodeJS.Timeout | undefined

  /** `slots`: what it may have in flight at once. Throws if the OS refuses a worker. */
  constructor(connect: Connect, listener: PoolWorkerListener, slots: number) {
    this.#listener = listener
    this.#slots = slots
    this.#book = new SentBook(slots)
    this.#connection = connect(this)
    this.#lender = new Lender(this.#connection)
    this.#outbox = new Outbox(this.#connection, this.#lender, slots)
  }

  get info(): WorkerInfo {
    return this.#connection.info
  }

  get clone(): Clone {
    return allowingSharedBytes((value) => this.#connection.clone(value))
  }

  /** Inputs given to it so far. */
  get inputs(): number {
    return this.#book.inputs
  }

  /** How long it will be at what it has been given, if all goes as before. */
  get expectedMs(): number {
    return this.#book.expectedMs
  }

  /** Begun, or about to be. */
  get load(): number {
    return this.#book.runningCount
  }

  get aheadCount(): number {
    return this.#book.aheadCount
  }

  /** Whether a slot is free. While it is not certain what has begun, none is. */
  get hasRoom(): boolean {
    return this.state === 'ready' && !this.#recalls.isUnderWay && this.#book.hasSlot
  }

  /** Whether something can be sent to wait there; a worker that could not give it back yet is told to get ready. */
  takeAhead(): boolean {
    if (this.state !== 'ready' || this.isRetiring) return false
    if (!this.#connection.canRecall) {
      this.#listen()
      return false
    }
    return !this.isStuck && this.#recalls.canFollow && this.#connection.takesMore
  }

  /** Whether somebody still waits for what it has begun. */
  get isAwaited(): boolean {
    return this.#book.isAwaited
  }

  submissions(): Iterable<Submission> {
    return this.#book.submissions()
  }

  /** Must come first; `isToWarmUp`: all that it may need is started at once. Throws if the input cannot be cloned. */
  start(initializer: TaskReference<never, unknown> | undefined, input: unknown, isToWarmUp: boolean): void {
    this.#isToWarmUp = isToWarmUp
    const { url = null, exportName = null } = initializer ?? {}
    this.#outbox.addValues([requestKind.start, this.#slots, url, exportName, input])
    this.#outbox.flush()
  }

  /** Sends a submission; it waits there if no slot is free. Throws if its input cannot be cloned; nothing has changed then. */
  run(submission: Submission, profile: TaskProfile, isTraced: boolean): void {
    const id = this.#book.nextId
    this.#resume(id)
    this.#outbox.addRun(id, submission, profile, isTraced)
    if (this.#book.runningCount === 0) {
      this.#connection.hold(true)
      this.movedAtMs = performance.now()
    }
    this.#book.add(submission, profile)
    this.#outbox.considerFlush(this.#book.count)
  }

  /** Takes back what was sent ahead and has not begun; `onReturned` follows. */
  recall(): void {
    const first = this.#book.firstAhead
    if (this.#recalls.isUnderWay || first === undefined) return
    this.#recalls.begin()
    this.#outbox.flush()
    this.#connection.recall(first.id)
  }

  /** Lets the worker end by itself, its output flushed. It must be ready and have nothing in flight. */
  leave(): void {
    this.state = 'leaving'
    this.#connection.hold(true)
    this.#outbox.add([requestKind.leave])
    this.#outbox.flush()
    this.#leaveTimer = setTimeout(() => this.#connection.kill(), leaveTimeoutMs)
  }

  kill(): void {
    this.state = 'leaving'
    this.#connection.hold(true)
    this.#connection.kill()
  }

  onReply(reply: Reply): void {
    if (reply[0] === replyKind.result) this.#onResult(reply)
    else if (reply[0] === replyKind.ready) this.#onReady()
    else if (reply[0] === replyKind.failed) this.#onFailed(reply.slice(1))
    else if (reply[0] === replyKind.lateError) this.#onLateError(reply.slice(1))
    else if (reply[0] === replyKind.lent) this.#onLent(reply[1], reply[2])
    else if (reply[0] === replyKind.forgotten) this.#decode(() => this.#lender.onForgotten(reply[1]))
    else this.kill()
  }

  onListening(): void {
    if (this.#isToListen && this.#isToWarmUp) this.#hasStarted()
  }

  onRecalled(first: number): void {
    const book = this.#book
    if (!this.#recalls.isUnderWay || !(first <= book.nextId) || !(first >= (book.firstAhead?.id ?? 0))) {
      this.kill()
      return
    }
    this.#recalls.end(first)
    // Otherwise it would keep what was lent to it with them.
    if (this.#lender.isLending) {
      this.#resume(book.nextId)
      this.#outbox.flush()
    }
    const unstarted = book.takeBackFrom(first)
    for (const submission of book.submissionsAhead()) this.#listener.onBegun(submission)
    for (let sent = book.firstAhead; sent !== undefined; sent = book.firstAhead) book.begin(sent)
    this.#listener.onReturned(this, unstarted)
  }

  onExit(exit: ConnectionExit): void {
    clearTimeout(this.#leaveTimer)
    this.#recalls.stop()
    const unread = this.#takeBack(exit.unread)
    this.#lender.end()
    // What it had begun while it was asked for the rest is not known: what comes next in turn may have been.
    if (this.#recalls.isUnderWay) while (this.#beginNext());
    const { lost, unstarted } = this.#book.close()
    this.#listener.onExit(this, exit, lost, [...unread, ...unstarted])
  }

  /** Tells the worker to go on with this request, if something was taken back. */
  #resume(id: number): void {
    const request = this.#recalls.resume(id)
    if (request !== undefined) this.#outbox.add(request)
  }

  #listen(): void {
    if (this.#isToListen) return
    this.#isToListen = true
    this.#outbox.add([requestKind.listen])
    this.#outbox.flush()
  }

  #onReady(): void {
    if (this.#isToWarmUp && !this.#connection.canRecall) this.#listen()
    else this.#hasStarted()
  }

  #hasStarted(): void {
    if (this.state !== 'starting') return
    this.state = 'ready'
    this.#connection.hold(false)
    this.#listener.onReady(this)
  }

  #onFailed(outcome: readonly unknown[]): void {
    const failure = this.#decode(() => decodeOutcome(outcome[0], outcome[1]))
    if (this.state === 'starting' && failure !== undefined) this.#listener.onStartFailed(this, failure.value)
  }

  #onLent(secret: unknown, reply: unknown): void {
    const result = this.#decode(() => this.#lender.receive(secret, reply))
    if (result?.[0] === replyKind.result) this.#onResult(result)
    else this.kill()
  }

  #onResult(reply: ResultReply): void {
    const [, id, elapsedMs, encodedTimes] = reply
    const sent = this.#book.find(id)
    const outcomes = this.#decode(() => decodeOutcomes(reply))
    if (outcomes === undefined) return
    // What nobody has asked for, or is not the whole of it, no worker of ours sends.
    const { length } = outcomes.values
    if (sent?.inputs !== length) {
      this.kill()
      return
    }
    const { submission, profile } = sent
    profile.note(elapsedMs / length)
    this.movedAtMs = performance.now()
    this.isStuck = false
    this.#recalls.note(id)
    if (submission.state === 'ahead') this.#listener.onBegun(submission)
    this.#book.settle(sent)
    // Which of them have begun is about to be told; until then all keep their inputs.
    if (!this.#recalls.isUnderWay) this.#beginNext()
    this.#outbox.considerFlush(this.#book.count)
    if (this.#book.count === 0) this.#connection.hold(false)
    this.#listener.onSettled(this, submission, outcomes, encodedTimes && decodeTimes(encodedTimes))
  }

  /** If a slot is free there, the next in turn begins; returns whether one did. */
  #beginNext(): boolean {
    const next = this.#book.hasSlot ? this.#book.firstAhead : undefined
    if (next === undefined) return false
    this.#listener.onBegun(next.submission)
    this.#book.begin(next)
    return true
  }

  #onLateError(encoded: readonly unknown[]): void {
    if (encoded.length === 0) this.#listener.onLateError(this, undefined)
    else {
      const error = this.#decode(() => decodeOutcome(encoded[0], encoded[1]))
      if (error !== undefined) this.#listener.onLateError(this, error)
    }
  }

  /** Where it fails, it is not what a worker sends: only this worker is not to be trusted any more. */
  #decode<Decoded>(decode: () => Decoded): Decoded | undefined {
    try {
      return decode()
    } catch {
      this.kill()
      return undefined
    }
  }

  /** Gives submissions their inputs again that the worker died without having read. */
  #takeBack(unread: readonly Request[] = []): Submission[] {
    return unread.flatMap((each) => {
      const request = each[0] === requestKind.lent ? this.#lender.takeBack(each[1], each[2]) : each
      if (request[0] !== requestKind.run) return []
      return this.#book.returnUnread(request[1], request.slice(firstInput)) ?? []
    })
  }
}
