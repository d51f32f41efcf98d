/** What a pool needs of a transport: how a worker is started, spoken to, and how its end is told. */

import { WorkerLostError } from '../errors.ts'
import type { WorkerExit } from '../errors.ts'
import type { WorkerInfo } from './executor.ts'
import type { Reply, Request } from './protocol.ts'
import type { Submission } from './submission.ts'
import type { Clone } from './transfer-path.ts'

/** How a worker's life ended; `cause` is what its runtime said, for example that memory ran out. */
export interface ConnectionExit extends WorkerExit {
  readonly cause?: unknown
  /** The OS would not start it at all. */
  readonly isRefused?: boolean
  /** The last requests, if it is certain that the worker had not read them. */
  readonly unread?: readonly Request[]
}

/** The transport's side of a worker: a thread or a process that runs `entry/serve.ts`. */
export interface WorkerConnection {
  readonly info: WorkerInfo
  readonly clone: Clone
  /** Whether it can take back what the worker has not begun; a worker has to get ready for that (`requestKind.listen`). */
  readonly canRecall: boolean
  /** Whether more can be sent to wait there now. */
  readonly takesMore: boolean
  /** Gathers the request until `flush`. Throws if it cannot be cloned; nothing is sent then. */
  send(request: Request, transfer?: Submission['transfer']): void
  /** Sends what was gathered. */
  flush(): void
  /** From this one on, no request begins that has not begun; `onRecalled` follows, at once or later. */
  recall(id: number): void
  /** Whether this worker keeps the program alive; it does until it is told otherwise. */
  hold(isHeld: boolean): void
  /** Ends it now. */
  kill(): void
}

/** What the transport tells; `onExit` comes once, last, and when the worker is really dead. */
export interface ConnectionListener {
  onReply(reply: Reply): void
  /** From now on it can take back what the worker has not begun. */
  onListening(): void
  /** The first request that has not begun, and now never will. */
  onRecalled(id: number): void
  onExit(exit: ConnectionExit): void
}

/** Starts a worker; throws if the OS refuses. */
export type Connect = (listener: ConnectionListener) => WorkerConnection

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
