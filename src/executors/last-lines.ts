/** Keeps the end of what a worker wrote to stderr, which often says why it died. */

/** Enough for a stack trace, and little for each of a thousand workers. */
const maxBytes = 4096

export class LastLines {
  #tail = Buffer.alloc(0)

  add(bytes: Buffer): void {
    const all = Buffer.concat([this.#tail, bytes])
    this.#tail = all.subarray(Math.max(0, all.length - maxBytes))
  }

  toString(): string {
    return this.#tail.toString('utf8').trimEnd()
  }
}
