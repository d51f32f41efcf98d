/** The worker's way back to its pool. */

import type { Claims } from '../claims.ts'
import type { Reply } from '../protocol.ts'
import type { Clone } from '../transfer-path.ts'
import type { Borrowings } from './borrowings.ts'

export interface ReplyPort {
  /**
   * Sends at once, so that no later death of this worker takes it along; returns what to wait for if that is not
   * possible. Throws if the reply cannot be cloned; nothing is sent then.
   */
  post(reply: Reply): Promise<void> | undefined
  /**
   * How long this worker has been at reading requests and writing replies since it was asked this last, in milliseconds;
   * missing where that is no reason not to send more ahead.
   */
  takeTransferMs?(): number
  readonly clone: Clone
  /** What of the requests sent to this worker it may begin. */
  readonly claims: Claims
  /** The pool has been told that this worker is ready. */
  onReady?(): void
  /** A module of the user's is being read; none of its code runs before this returns. */
  onImport?(): void
  /** An initializer is about to be read and run. */
  onInitializer?(): void
  /** Tasks are going to wait here, and may be taken back. */
  onListen?(): void
}

/** The same, and what of the requests has `SharedBytes`. */
export interface LendingPort extends ReplyPort {
  readonly borrowings: Borrowings
}
