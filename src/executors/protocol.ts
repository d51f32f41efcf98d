/** What a pool and a worker tell each other: flat tuples, so that a task costs few bytes and few allocations. */

import { TaskNotFoundError, TaskTransferError } from '../errors.ts'
import { outcomesOf } from './outcomes.ts'
import { decodeThrown, encodeThrown } from './remote-error.ts'
import type { EncodedThrown } from './remote-error.ts'
import type { TaskTimes } from './observable-executor.ts'
import type { Outcome, Outcomes } from './outcomes.ts'
import { describeUncloneable } from './transfer-path.ts'
import type { Clone } from './transfer-path.ts'

export const requestKind = {
  start: 0,
  define: 1,
  run: 2,
  resume: 3,
  leave: 4,
  lent: 5,
  forget: 6,
  listen: 7,
} as const
export const replyKind = { ready: 0, failed: 1, result: 2, lateError: 3, lent: 4, forgotten: 5 } as const
export const outcomeKind = { fulfilled: 0, threw: 1, notFound: 2, notTransferred: 3 } as const

/** Comes first; without an initializer, `url` and `exportName` are null. */
export type StartRequest = readonly [
  kind: typeof requestKind.start,
  /** Tasks that may be in flight in the worker; what is sent beyond waits there. */
  slots: number,
  url: string | null,
  exportName: string | null,
  initializerInput: unknown,
]
/** Gives a task a number, by which it is then run. */
export type DefineRequest = readonly [
  kind: typeof requestKind.define,
  task: number,
  url: string,
  exportName: string,
]
export type RunRequest = readonly [
  kind: typeof requestKind.run,
  /** One more than that of the request before. */
  id: number,
  task: number,
  isTraced: boolean,
  ...inputs: unknown[],
]
/** What was sent from `takenBackFrom` on was taken back; `id` comes next. */
export type ResumeRequest = readonly [kind: typeof requestKind.resume, takenBackFrom: number, id: number]
/** Leave once the output is flushed; sent only to a worker that has nothing in flight. */
export type LeaveRequest = readonly [kind: typeof requestKind.leave]
/** Get ready to have tasks taken back. */
export type ListenRequest = readonly [kind: typeof requestKind.listen]
export type PlainRequest = StartRequest | RunRequest
/** A request with `SharedBytes` in it, and the secret by which their descriptions are told from data. */
export type LentRequest = readonly [kind: typeof requestKind.lent, secret: string, request: PlainRequest]
/** `SharedBytes` are released; to be answered by `forgotten`. */
export type ForgetRequest = readonly [kind: typeof requestKind.forget, id: string]
export type Request =
  PlainRequest | DefineRequest | ResumeRequest | LeaveRequest | LentRequest | ForgetRequest | ListenRequest

/** Where the inputs begin in a `RunRequest`. */
export const firstInput = 4

/** How one task ended, as data: an outcome kind and what belongs to it. */
export type EncodedOutcome = readonly [kind: number, value: unknown]

export type ReadyReply = readonly [kind: typeof replyKind.ready]
export type FailedReply = readonly [kind: typeof replyKind.failed, ...outcome: EncodedOutcome]
export type ResultReply = readonly [
  kind: typeof replyKind.result,
  id: number,
  /**
   * How long the worker was at it, without the import of its module; in milliseconds. In a process the reading of the
   * request counts, and, in place of the writing of this reply, that of the one before.
   */
  elapsedMs: number,
  /** Start, end, CPU time and wait for a core of each input in turn, in nanoseconds; only if asked for. */
  times: readonly (bigint | null)[] | undefined,
  /** The kind of each input's outcome in turn; null if all are fulfilled. */
  kinds: readonly number[] | null,
  /** The value of each. */
  ...values: unknown[],
]
/** Where the values begin in a `ResultReply`. */
const firstValue = 5
/**
 * An error after its task's time: the worker is to be replaced. There is no outcome where the error rejects a task
 * that is still in flight, whose result follows.
 */
export type LateErrorReply = readonly [kind: typeof replyKind.lateError, ...outcome: EncodedOutcome | []]
/** A result with `SharedBytes` in it, and the secret by which their descriptions are told from data. */
export type LentReply = readonly [kind: typeof replyKind.lent, secret: string, reply: ResultReply]
/** No task here uses these `SharedBytes` any more. */
export type ForgottenReply = readonly [kind: typeof replyKind.forgotten, id: string]
export type Reply = ReadyReply | FailedReply | ResultReply | LateErrorReply | LentReply | ForgottenReply

/** What a task threw, whatever it is; never one of our own errors, not even if a task throws one. */
export function encodeRejection(thrown: unknown, clone: Clone): EncodedOutcome {
  try {
    return [outcomeKind.threw, encodeThrown(thrown, clone)]
  } catch (error) {
    return encodeNotTransferred(describeUncloneable(thrown, 'error', clone, error))
  }
}

export function encodeNotTransferred({ message, phase, path }: TaskTransferError): EncodedOutcome {
  return [outcomeKind.notTransferred, [message, phase, path]]
}

export function encodeNotFound({ message, cause }: TaskNotFoundError, clone: Clone): EncodedOutcome {
  return [outcomeKind.notFound, [message, cause === undefined ? null : encodeRejection(cause, clone)]]
}

/** @throws TypeError if it is no outcome: a worker sent what a worker does not send. */
export function decodeOutcome(kind: unknown, value: unknown): Outcome {
  if (kind === outcomeKind.fulfilled) return { ok: true, value }
  if (kind === outcomeKind.threw) return { ok: false, value: decodeThrown(value as EncodedThrown) }
  if (kind === outcomeKind.notFound) {
    const [message, cause] = value as [string, EncodedOutcome | null]
    const options = cause === null ? undefined : { cause: decodeOutcome(...cause).value }
    return { ok: false, value: new TaskNotFoundError(message, options) }
  }
  if (kind === outcomeKind.notTransferred) {
    const [message, phase, path] = value as [string, 'result' | 'error', string]
    return { ok: false, value: new TaskTransferError(message, phase, path) }
  }
  throw new TypeError('A worker sent an outcome of an unknown kind.')
}

/** @throws TypeError if they are no outcomes. */
export function decodeOutcomes(reply: ResultReply): Outcomes {
  const kinds: unknown = reply[4]
  const values = reply.slice(firstValue)
  if (kinds === null) return { values, areOk: null }
  if (!Array.isArray(kinds) || kinds.length !== values.length)
    throw new TypeError('A worker sent not as many kinds of outcomes as values.')
  return outcomesOf(kinds.map((kind, index) => decodeOutcome(kind, values[index])))
}

/** One a task. */
export function decodeTimes(encoded: readonly (bigint | null)[]): TaskTimes[] {
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
