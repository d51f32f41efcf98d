/** A stream's lines, one at a time when asked for; a line that is too long ends it. */

import type { Readable } from 'node:stream'

/** More than the output of any task that a benchmark would want. */
const longestLineBytes = 2 ** 28
const lineFeed = 0x0a

export class Lines {
  readonly #lines: AsyncGenerator<string, void>

  constructor(stream: Readable) {
    this.#lines = linesOf(stream)
  }

  /** Null once the stream has ended, has failed, or has given a line that is too long. */
  async next(): Promise<string | null> {
    const { value, done } = await this.#lines.next()
    return done === true ? null : value
  }
}

async function* linesOf(stream: Readable): AsyncGenerator<string, void> {
  let parts: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      let start = 0
      for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, start)) {
        parts.push(chunk.subarray(start, end))
        yield Buffer.concat(parts).toString('utf8')
        parts = []
        bytes = 0
        start = end + 1
      }
      parts.push(chunk.subarray(start))
      bytes += chunk.length - start
      if (bytes > longestLineBytes) return
    }
  } catch {
    // A pipe that broke has no more lines; how the process ended is asked of the process.
  }
}
