/** One call of a task function, and whose the errors are that come later. */

import { AsyncLocalStorage } from 'node:async_hooks'
import { encodeRejection, outcomeKind } from '../protocol.ts'
import type { EncodedOutcome } from '../protocol.ts'
import type { TaskImplementation } from '../resolve.ts'
import type { ReplyPort } from './reply-port.ts'

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

/** Rejects the call that an error belongs to, if it is still in flight; returns whether it is. */
export function chargeLateError(error: unknown): boolean {
  return owner.getStore()?.rejectLate(error) ?? false
}

/** Calls a task once; what it gave or threw, ready to be sent. */
export function call(
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
