/** Framed messages over a byte stream: `[u32 length, little endian][body]`, the body in V8's structured-clone format. */

import type { Duplex } from 'node:stream'
import { Deserializer, Serializer } from 'node:v8'

/** Length of the length field. */
export const headerBytes = 4
const emptyHeader = Buffer.alloc(headerBytes)
/** What a frame's length field can say. */
const maxBodyBytes = 0xffff_ffff

/**
 * The frame of a message.
 * @throws Error if it cannot be cloned, or is too large.
 */
export function encodeFrame(message: unknown): Buffer {
  const serializer = new Serializer()
  serializer.writeRawBytes(emptyHeader)
  serializer.writeHeader()
  serializer.writeValue(message)
  const frame = serializer.releaseBuffer()
  const bodyBytes = frame.length - headerBytes
  if (bodyBytes > maxBodyBytes) throw new RangeError(`A message of ${bodyBytes} bytes is too large.`)
  frame.writeUInt32LE(bodyBytes, 0)
  return frame
}

/**
 * The message in a frame's body.
 * @throws Error if the bytes are no message.
 */
export function decodeBody(body: Buffer): unknown {
  const deserializer = new Deserializer(body)
  deserializer.readHeader()
  return deserializer.readValue()
}

/** Cuts a stream of bytes into frame bodies, whatever the sizes in which it arrives. */
export class FrameReader {
  readonly #header = Buffer.alloc(headerBytes)
  #headerFilled = 0
  #body: Buffer | undefined
  #bodyFilled = 0

  /** Calls `onBody` for each frame that is complete. */
  read(bytes: Buffer, onBody: (body: Buffer) => void): void {
    let position = 0
    while (position < bytes.length) {
      if (this.#body === undefined) {
        if (this.#headerFilled === 0 && bytes.length - position >= headerBytes) {
          const start = position + headerBytes
          const end = start + bytes.readUInt32LE(position)
          // Most frames arrive whole: no copy then.
          if (end <= bytes.length) {
            onBody(bytes.subarray(start, end))
            position = end
            continue
          }
        }
        const copied = bytes.copy(this.#header, this.#headerFilled, position)
        this.#headerFilled += copied
        position += copied
        if (this.#headerFilled < headerBytes) return
        this.#body = Buffer.allocUnsafeSlow(this.#header.readUInt32LE(0))
        this.#headerFilled = 0
        this.#bodyFilled = 0
      }
      const copied = bytes.copy(this.#body, this.#bodyFilled, position)
      this.#bodyFilled += copied
      position += copied
      if (this.#bodyFilled < this.#body.length) return
      const body = this.#body
      this.#body = undefined
      onBody(body)
    }
  }
}

export interface ChannelListener {
  onMessage(message: unknown): void
  /** Nothing more will come. `isUnread`: the other side died without having read all that was sent. */
  onEnd(isUnread: boolean): void
  /** The bytes are no frames; nothing more is read. */
  onMalformed(error: unknown): void
}

/** Messages both ways over one stream. */
export class Channel {
  readonly #stream: Duplex

  constructor(stream: Duplex, listener: ChannelListener) {
    this.#stream = stream
    const reader = new FrameReader()
    const onBody = (body: Buffer): void => listener.onMessage(decodeBody(body))
    const onData = (bytes: Buffer): void => {
      try {
        reader.read(bytes, onBody)
      } catch (error) {
        stream.off('data', onData)
        listener.onMalformed(error)
      }
    }
    stream.on('data', onData)
    stream.once('end', () => listener.onEnd(false))
    // Linux tells a socket pair's survivor that bytes were left unread (unix(7), ECONNRESET; EPIPE for later ones).
    stream.once('error', () => listener.onEnd(true))
  }

  /** Throws if the message cannot be cloned; nothing is sent then. Never blocks. Returns what was sent. */
  send(message: unknown): Buffer {
    const frame = encodeFrame(message)
    this.#stream.write(frame)
    return frame
  }
}
