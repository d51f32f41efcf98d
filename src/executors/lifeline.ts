/** What goes over a child's second socket, besides its closing: task numbers as `f64`, both ways. */

export const lifelineFd = 4

const wordBytes = 8

export function lifelineWord(id: number): Buffer {
  const word = Buffer.allocUnsafe(wordBytes)
  word.writeDoubleLE(id)
  return word
}

/** Finds the words wherever the stream is cut. */
export class LifelineReader {
  readonly #onWord: (id: number) => void
  #rest: Buffer = Buffer.alloc(0)

  constructor(onWord: (id: number) => void) {
    this.#onWord = onWord
  }

  read(bytes: Buffer): void {
    let all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    for (; all.length >= wordBytes; all = all.subarray(wordBytes)) this.#onWord(all.readDoubleLE(0))
    this.#rest = all
  }
}
