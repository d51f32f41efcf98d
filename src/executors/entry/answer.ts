/** What a worker answers to a request: the outcomes of its inputs, run one after the other. */

import { encodeNotTransferred, firstInput, outcomeKind, replyKind } from '../protocol.ts'
import type { EncodedOutcome, ResultReply, RunRequest } from '../protocol.ts'
import type { TaskImplementation } from '../resolve.ts'
import { describeUncloneable } from '../transfer-path.ts'
import type { Clone } from '../transfer-path.ts'
import { isUnexpectedSharedBytes } from '../unexpected-shared-bytes.ts'
import type { Borrower } from './borrower.ts'
import { call } from './call.ts'
import type { LendingPort, ReplyPort } from './reply-port.ts'
import { startTask } from './task-times.ts'

/** Answers a request whose task cannot be called. */
export function rejectAll(
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
export class Answer {
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
      performance.now() - this.#startedAtMs + (this.#port.takeTransferMs?.() ?? 0),
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
