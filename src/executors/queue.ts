/** First in, first out, with removal from the middle in constant time: a doubly linked list of submissions. */

import type { Submission } from './submission.ts'

export class SubmissionQueue {
  #first: Submission | undefined
  #last: Submission | undefined
  #size = 0

  /** Inputs that are still to be cut count as many chunks, of one input each where their size has not been said. */
  get size(): number {
    return this.#size
  }

  get first(): Submission | undefined {
    return this.#first
  }

  push(submission: Submission): void {
    submission.previous = this.#last
    if (this.#last === undefined) this.#first = submission
    else this.#last.next = submission
    this.#last = submission
    this.#size += sizeOf(submission)
  }

  unshift(submission: Submission): void {
    submission.next = this.#first
    if (this.#first === undefined) this.#last = submission
    else this.#first.previous = submission
    this.#first = submission
    this.#size += sizeOf(submission)
  }

  shift(): Submission | undefined {
    const first = this.#first
    if (first !== undefined) this.remove(first)
    return first
  }

  /** Removes a submission that is in this queue. */
  remove(submission: Submission): void {
    const { previous, next } = submission
    if (previous === undefined) this.#first = next
    else previous.next = next
    if (next === undefined) this.#last = previous
    else next.previous = previous
    submission.previous = undefined
    submission.next = undefined
    this.#size -= sizeOf(submission)
  }

  /** Takes a chunk of the first submission, whose inputs are still to be cut; the last one takes its place. */
  cutFirst(first: Submission, size: number): Submission {
    const before = sizeOf(first)
    if (size >= first.left) {
      this.remove(first)
      return first.cut(size)
    }
    const chunk = first.cut(size)
    this.#size -= before - sizeOf(first)
    return chunk
  }
}

function sizeOf({ onCut, left, chunkSize = 1 }: Submission): number {
  return onCut === undefined ? 1 : Math.ceil(left / chunkSize)
}
