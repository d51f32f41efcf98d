/**
 * Which of the tasks sent to a worker it may begin: one word of shared memory, so that a task is either begun by the
 * worker or taken back from it, and never both.
 */

/** Tasks are numbered modulo this; far more than a worker ever has. */
const span = 0x4000
const mask = span - 1
const limitShift = 14
const limited = 1 << 28

/** `bits: [limited][limit][begun]`: the number of the next task to begin, and the one that must not begin any more. */
export class Claims {
  readonly memory: SharedArrayBuffer
  readonly #word: Int32Array

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) {
    this.memory = memory
    this.#word = new Int32Array(memory)
  }

  /** The worker's: whether it may begin this task, the next in turn; it has begun it then. */
  begin(id: number): boolean {
    for (;;) {
      const word = Atomics.load(this.#word, 0)
      const begun = word & mask
      if (begun !== (id & mask)) return false
      if ((word & limited) !== 0 && ((word >> limitShift) & mask) === begun) return false
      const next = (word & ~mask) | ((begun + 1) & mask)
      if (Atomics.compareExchange(this.#word, 0, word, next) === word) return true
    }
  }

  /** The other side's: from `id` on, nothing that the worker has not begun will begin. Returns the first such task. */
  recall(id: number): number {
    for (;;) {
      const word = Atomics.load(this.#word, 0)
      const begun = word & mask
      // How far the worker is beyond `id`, if it is.
      const beyond = (begun - id) & mask
      const limit = beyond < span / 2 ? id + beyond : id
      const next = limited | ((limit & mask) << limitShift) | begun
      if (Atomics.compareExchange(this.#word, 0, word, next) === word) return limit
    }
  }

  /** The worker's: what was taken back is gone, and `id` is next. */
  resume(id: number): void {
    Atomics.store(this.#word, 0, id & mask)
  }
}
