/**
 * How far the taking back of what was sent ahead to a worker has come: one recall at a time, and after it nothing is
 * sent ahead until the worker is known to have gone on.
 */

import { requestKind } from './protocol.ts'
import type { ResumeRequest } from './protocol.ts'

/**
 * A worker that is asked for what it has not begun, and does not answer, is given up: not before a thread could have
 * started on the busiest machine.
 */
const recallTimeoutMs = 30_000

export class Recalls {
  readonly #onSilence: () => void
  #isUnderWay = false
  /** What was taken back last begins with this request; the worker is yet to be told that it goes on. */
  #takenBackFrom: number | undefined
  /** The first request since then. */
  #resumedWith = 0
  #hasResumed = true
  #timer: NodeJS.Timeout | undefined

  /** `onSilence`: the worker does not answer. */
  constructor(onSilence: () => void) {
    this.#onSilence = onSilence
  }

  /** Whether the worker has been asked and has not answered: what it has begun is not certain. */
  get isUnderWay(): boolean {
    return this.#isUnderWay
  }

  /** Whether what is sent ahead now could be taken back. */
  get canFollow(): boolean {
    return !this.#isUnderWay && this.#hasResumed
  }

  begin(): void {
    this.#isUnderWay = true
    this.#timer = setTimeout(this.#onSilence, recallTimeoutMs)
  }

  /** The worker has answered: it begins nothing from this request on. */
  end(takenBackFrom: number): void {
    this.stop()
    this.#isUnderWay = false
    this.#takenBackFrom = takenBackFrom
    this.#hasResumed = false
  }

  /** What the worker must be told before it is sent this request, if anything. */
  resume(id: number): ResumeRequest | undefined {
    if (this.#takenBackFrom === undefined) return undefined
    const request: ResumeRequest = [requestKind.resume, this.#takenBackFrom, id]
    this.#takenBackFrom = undefined
    this.#resumedWith = id
    return request
  }

  /** The worker has answered this request. */
  note(id: number): void {
    if (this.#takenBackFrom === undefined && id >= this.#resumedWith) this.#hasResumed = true
  }

  /** Waits no longer. */
  stop(): void {
    clearTimeout(this.#timer)
  }
}
