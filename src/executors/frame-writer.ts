/** Turns messages into the bytes that go out; `frame-reader.ts` says how they are laid out. */

import { headerBytes, maxBodyBytes, maxBufferBytes, withBuffers } from './frame-reader.ts'
import { cloneValues, plainBytes, writePlain } from './message.ts'
import type { Message } from './message.ts'

/** Where messages gather before they are written. */
const gatherBytes = 65_536
/** V8's bytes are written from where they are if there are more of them, and copied behind the others if not. */
const minSeparateBytes = 8192

export class FrameWriter {
  #buffer = Buffer.allocUnsafeSlow(gatherBytes)
  /** Where in the buffer begins what `#parts` has not yet, and where it ends. */
  #from = 0
  #end = 0
  #parts: Buffer[] = []

  /**
   * Adds a message. Large buffers are not copied: they must not change until they have been written.
   * @throws Error if it cannot be cloned, or is too large; nothing is added then.
   */
  add(message: Message): void {
    const cloned: unknown[] = []
    this.#reserve(headerBytes + plainBytes(message) + minSeparateBytes)
    const start = this.#end
    const end = writePlain(this.#buffer, start + headerBytes, message, cloned)
    if (cloned.length === 0) this.#close(start, end, end - start - headerBytes)
    else this.#addCloned(start, end, cloned)
  }

  #addCloned(start: number, end: number, values: readonly unknown[]): void {
    const { bytes, buffers } = cloneValues(values)
    const bodyBytes = end - start - headerBytes + bytes.length
    if (bodyBytes > maxBodyBytes) throw new RangeError(`A message of ${bodyBytes} bytes is too large.`)
    if (buffers.length > 0) this.#addWithBuffers(start, end, bytes, buffers)
    else if (bytes.length <= minSeparateBytes) {
      bytes.copy(this.#buffer, end)
      this.#close(start, end + bytes.length, bodyBytes)
    } else {
      this.#close(start, end, bodyBytes)
      this.#seal()
      this.#parts.push(bytes)
    }
  }

  #addWithBuffers(start: number, end: number, bytes: Buffer, buffers: readonly ArrayBuffer[]): void {
    const table = Buffer.allocUnsafeSlow(headerBytes + 4 + 4 * buffers.length)
    const bodyBytes = table.length - headerBytes + (end - start - headerBytes) + bytes.length
    table.writeUInt32LE(bodyBytes + withBuffers, 0)
    table.writeUInt32LE(buffers.length, headerBytes)
    for (const [index, { byteLength }] of buffers.entries()) {
      if (byteLength > maxBufferBytes) throw new RangeError(`A buffer of ${byteLength} bytes is too large.`)
      table.writeUInt32LE(byteLength, headerBytes + 4 + 4 * index)
    }
    this.#seal()
    this.#parts.push(table, this.#buffer.subarray(start + headerBytes, end), bytes)
    for (const buffer of buffers) this.#parts.push(Buffer.from(buffer))
    this.#from = end
    this.#end = end
  }

  /** Whether so much was added that it should not wait for what comes. */
  get isFull(): boolean {
    return this.#parts.length > 0
  }

  /** What was added, in order. */
  take(): Buffer[] {
    this.#seal()
    const parts = this.#parts
    this.#parts = []
    return parts
  }

  /** Whether all that was taken has been written; its memory is used again then. */
  reuse(isWritten: boolean): void {
    if (!isWritten || this.#buffer.length > gatherBytes) this.#buffer = Buffer.allocUnsafeSlow(gatherBytes)
    this.#from = 0
    this.#end = 0
  }

  #close(start: number, end: number, bodyBytes: number): void {
    this.#buffer.writeUInt32LE(bodyBytes, start)
    this.#end = end
  }

  #seal(): void {
    if (this.#end > this.#from) this.#parts.push(this.#buffer.subarray(this.#from, this.#end))
    this.#from = this.#end
  }

  #reserve(bytes: number): void {
    if (this.#buffer.length - this.#end >= bytes) return
    this.#seal()
    this.#buffer = Buffer.allocUnsafeSlow(Math.max(gatherBytes, bytes))
    this.#from = 0
    this.#end = 0
  }
}
