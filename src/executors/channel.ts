/** Messages to and from a child: many in a write, many in a read, large buffers uncopied. */

import type { Duplex } from 'node:stream'
import { FrameReader } from './frame-reader.ts'
import { FrameWriter } from './frame-writer.ts'
import type { Message } from './message.ts'

export interface ChannelListener {
  onMessage(message: unknown[]): void
  /** Nothing more is read there. `isUnread`: the other side died without having read all that was sent. */
  onEnd(isUnread: boolean): void
  /** The bytes are no messages, or `onMessage` threw; nothing more is read. */
  onMalformed(error: unknown): void
}

/** More may have been half written when its reader died. */
const maxWholeBytes = 65_536

/**
 * The parent's end. Requests and replies have a stream each: a request that finds no reader must not take along the
 * replies that are still to be read.
 */
export class Channel {
  readonly #requests: Duplex
  readonly #writer = new FrameWriter()
  #lastFlush: Buffer | undefined

  constructor(requests: Duplex, replies: Duplex, listener: ChannelListener) {
    this.#requests = requests
    const reader = new FrameReader((message) => listener.onMessage(message))
    const onData = (bytes: Buffer): void => {
      try {
        reader.read(bytes)
      } catch (error) {
        replies.off('data', onData)
        listener.onMalformed(error)
      }
    }
    replies.on('data', onData)
    replies.on('error', () => {})
    requests.on('data', () => listener.onMalformed(new Error('A worker wrote where it has to read.')))
    requests.once('end', () => listener.onEnd(false))
    // Linux tells a socket pair's survivor that bytes were left unread (unix(7), ECONNRESET; EPIPE for later ones).
    requests.once('error', () => listener.onEnd(true))
  }

  /** What was written last, if it is so little that it was written as a whole or not at all. */
  lastMessages(): unknown[][] {
    const messages: unknown[][] = []
    if (this.#lastFlush !== undefined)
      new FrameReader((message) => messages.push(message)).read(this.#lastFlush)
    return messages
  }

  /** Bytes that wait for the other side to read. */
  get waitingBytes(): number {
    return this.#requests.writableLength
  }

  /**
   * Gathers a message until `flush`; what is large is written at once, so that its reader can begin while the next one
   * is encoded. Large buffers are not copied: they must not change until they have been written.
   * @throws Error if the message cannot be cloned; nothing is sent then.
   */
  send(message: Message): void {
    this.#writer.add(message)
    if (this.#writer.isFull) this.flush()
  }

  /** Writes what was gathered. Never blocks. */
  flush(): void {
    const parts = this.#writer.take()
    if (parts.length === 0) return
    const stream = this.#requests
    const bytes = parts.reduce((sum, { length }) => sum + length, 0)
    this.#lastFlush = bytes > maxWholeBytes ? undefined : Buffer.concat(parts, bytes)
    if (parts.length > 1) stream.cork()
    for (const part of parts) stream.write(part)
    if (parts.length > 1) stream.uncork()
    this.#writer.reuse(stream.writableLength === 0)
  }
}
