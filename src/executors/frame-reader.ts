/**
 * Cuts a stream of bytes into messages, and checks that it is made of them:
 * `[u32 length of the body, highest bit: buffers follow] [body] [buffers]`, the body of a message with buffers
 * beginning with their number and lengths, `u32` each.
 */

import { maxBuffers } from './large-buffers.ts'
import { readMessage } from './message.ts'

/** Length of the length field. */
export const headerBytes = 4
export const withBuffers = 0x8000_0000
/** What a frame's length field can say. */
export const maxBodyBytes = 0x7fff_ffff
export const maxBufferBytes = 0xffff_ffff

/** Memory that is written from the front. */
interface Filling {
  readonly bytes: Buffer
  filled: number
}

/** A body that says it is longer gets its memory as its bytes come: who only claims them costs nothing. */
const firstBytes = 1_048_576
/** What reading a shorter message takes is not worth a look at the clock. */
const minTimedBytes = 1024

export class FrameReader {
  readonly #onMessage: (message: unknown[]) => void
  readonly #header: Filling = { bytes: Buffer.alloc(headerBytes), filled: 0 }
  /** What is being filled, unless it is a header. */
  #current: Filling | undefined
  #bodyBytes = 0
  #hasBuffers = false
  /** The body that waits for its buffers. */
  #body: Buffer | undefined
  #buffers: Filling[] = []
  /** Lengths of the buffers that are still to come, the last one first. */
  #lengths: number[] = []
  /** When the message began to come; 0 if it is not timed. */
  #begunAtMs = 0
  #readingMs = 0

  constructor(onMessage: (message: unknown[]) => void) {
    this.#onMessage = onMessage
  }

  /** What is still missing of a large part, so that it can be read to where it belongs; `filled` must follow. */
  get destination(): Buffer | undefined {
    const current = this.#current
    if (current === undefined || current.bytes.length - current.filled < headerBytes) return undefined
    return current.bytes.subarray(current.filled)
  }

  /** How long it has been at messages since it was asked this last, waiting for their ends included; in milliseconds. */
  takeReadingMs(): number {
    const taken = this.#readingMs
    this.#readingMs = 0
    return taken
  }

  /**
   * So many bytes of the destination have been read.
   * @throws Error if they are no message, or what `onMessage` throws.
   */
  filled(bytes: number): void {
    if (this.#current === undefined) return
    this.#current.filled += bytes
    this.#advance()
  }

  /**
   * Takes the next bytes of the stream; they may be overwritten afterwards.
   * @throws Error if they are no message, or what `onMessage` throws.
   */
  read(bytes: Buffer): void {
    let at = 0
    while (at < bytes.length) {
      if (this.#current === undefined && this.#header.filled === 0 && bytes.length - at >= headerBytes) {
        const length = bytes.readUInt32LE(at)
        const end = at + headerBytes + length
        // Most come whole: no copy then.
        if (length < withBuffers && end <= bytes.length) {
          if (length >= minTimedBytes) this.#begunAtMs = performance.now()
          this.#deliver(bytes.subarray(at + headerBytes, end))
          at = end
          continue
        }
      }
      const filling = this.#current ?? this.#header
      const copied = bytes.copy(filling.bytes, filling.filled, at)
      filling.filled += copied
      at += copied
      this.#advance()
    }
  }

  /** Goes on to the next part where one is full. */
  #advance(): void {
    for (;;) {
      const filling = this.#current ?? this.#header
      if (filling.filled < filling.bytes.length) return
      if (filling === this.#header) this.#beginBody()
      else if (this.#body === undefined && filling.filled < this.#bodyBytes) this.#growBody(filling)
      else if (this.#body === undefined && this.#hasBuffers) this.#readLengths(filling.bytes)
      else if (this.#body === undefined || this.#lengths.length === 0) this.#end(filling.bytes)
      else this.#beginBuffer(this.#lengths.pop() ?? 0)
      if (this.#current === undefined) return
    }
  }

  #beginBody(): void {
    const length = this.#header.bytes.readUInt32LE(0)
    this.#header.filled = 0
    this.#begunAtMs = performance.now()
    this.#hasBuffers = length >= withBuffers
    this.#bodyBytes = length % withBuffers
    this.#current = { bytes: Buffer.allocUnsafeSlow(Math.min(this.#bodyBytes, firstBytes)), filled: 0 }
  }

  #growBody({ bytes, filled }: Filling): void {
    const larger = Buffer.allocUnsafeSlow(Math.min(this.#bodyBytes, 2 * bytes.length))
    bytes.copy(larger, 0, 0, filled)
    this.#current = { bytes: larger, filled }
  }

  #readLengths(body: Buffer): void {
    const count = body.readUInt32LE(0)
    if (count === 0 || count > maxBuffers) throw new RangeError(`A message claims ${count} buffers.`)
    for (let index = count - 1; index >= 0; index--) this.#lengths.push(body.readUInt32LE(4 + 4 * index))
    this.#body = body.subarray(4 + 4 * count)
    this.#beginBuffer(this.#lengths.pop() ?? 0)
  }

  #beginBuffer(length: number): void {
    this.#current = { bytes: Buffer.allocUnsafeSlow(length), filled: 0 }
    this.#buffers.push(this.#current)
  }

  #end(last: Buffer): void {
    const body = this.#body ?? last
    const buffers = this.#buffers.map(({ bytes }) => bytes.buffer as ArrayBuffer)
    this.#current = undefined
    this.#body = undefined
    this.#buffers = []
    this.#deliver(body, buffers)
  }

  #deliver(body: Buffer, buffers?: readonly ArrayBuffer[]): void {
    const message = readMessage(body, buffers)
    if (this.#begunAtMs > 0) this.#readingMs += performance.now() - this.#begunAtMs
    this.#begunAtMs = 0
    this.#onMessage(message)
  }
}
