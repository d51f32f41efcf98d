/** What a pool and a worker tell each other: flat tuples, so that a task costs few bytes and few allocations. */

import { TaskNotFoundError, TaskTransferError } from '../errors.ts'
import { decodeThrown, encodeThrown } from './remote-error.ts'
import type { EncodedThrown } from './remote-error.ts'
import type { Outcome } from './submission.ts'
import type { TaskReference } from './task.ts'
import { describeUncloneable } from './transfer-path.ts'
import type { Clone } from './transfer-path.ts'

export const requestKind = { start: 0, run: 1, leave: 2 } as const
export const replyKind = { ready: 0, failed: 1, result: 2, lateError: 3 } as const
export const outcomeKind = { fulfilled: 0, threw: 1, notFound: 2, notTransferred: 3 } as const

export type StartRequest = readonly [
  kind: typeof requestKind.start,
  initializer: TaskReference<never, unknown> | null,
  initializerInput: unknown,
]
export type RunRequest = readonly [
  kind: typeof requestKind.run,
  id: number,
  url: string,
  exportName: string,
  inputs: readonly unknown[],
  isTraced: boolean,
]
/** Leave once the output is flushed; sent only to a worker that has nothing in flight. */
export type LeaveRequest = readonly [kind: typeof requestKind.leave]
export type Request = StartRequest | RunRequest | LeaveRequest

/** How one task ended, as data: an outcome kind and what belongs to it. */
export type EncodedOutcome = readonly [kind: number, value: unknown]

export type ReadyReply = readonly [kind: typeof replyKind.ready]
export type FailedReply = readonly [kind: typeof replyKind.failed, outcome: EncodedOutcome]
export type ResultReply = readonly [
  kind: typeof replyKind.result,
  id: number,
  /** Kind and value of each input's outcome in turn. */
  outcomes: readonly unknown[],
  /** Start, end, CPU time and wait for a core of each input in turn, in nanoseconds; only if asked for. */
  times: readonly (bigint | null)[] | undefined,
]
/**
 * An error after its task's time: the worker is to be replaced. `outcome` is null where the error rejects a task
 * that is still in flight, whose result follows.
 */
export type LateErrorReply = readonly [kind: typeof replyKind.lateError, outcome: EncodedOutcome | null]
export type Reply = ReadyReply | FailedReply | ResultReply | LateErrorReply

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
