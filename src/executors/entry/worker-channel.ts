/** The child's end of its sockets: reads large buffers to where they belong, and writes what must not get lost at once. */

import { writeSync, writevSync } from 'node:fs'
import { Socket } from 'node:net'
import type { SocketConstructorOpts } from 'node:net'
import { FrameReader } from '../frame-reader.ts'
import { FrameWriter } from '../frame-writer.ts'
import type { Message } from '../message.ts'
import { giveBack, IdleWatch } from './give-back.ts'

const stagingBytes = 65_536

/** What @types/node leaves out of the constructor's options. */
interface ReadingOptions extends SocketConstructorOpts {
  readonly onread: {
    readonly buffer: () => Uint8Array
    readonly callback: (bytesRead: number) => boolean
  }
}

export class WorkerChannel {
  readonly #repliesFd: number
  readonly #reader: FrameReader
  readonly #writer = new FrameWriter()
  readonly #replies: Socket
  readonly #staging = Buffer.allocUnsafeSlow(stagingBytes)
  readonly #idleWatch = new IdleWatch(giveBack)
  /** Whether the bytes that come are read to where they belong. */
  #isDirect = false
  #writingMs = 0

  /** `onEnd`: nothing more will come, or what comes is no message. */
  constructor(
    requestsFd: number,
    repliesFd: number,
    onMessage: (message: unknown[]) => void,
    onEnd: () => void,
  ) {
    this.#repliesFd = repliesFd
    this.#reader = new FrameReader(onMessage)
    const options: ReadingOptions = {
      fd: requestsFd,
      readable: true,
      writable: false,
      onread: {
        buffer: () => this.#destination(),
        callback: (bytesRead) => {
          try {
            if (this.#isDirect) this.#reader.filled(bytesRead)
            else this.#reader.read(this.#staging.subarray(0, bytesRead))
          } catch {
            onEnd()
          }
          return true
        },
      },
    }
    const requests = new Socket(options)
    requests.on('end', onEnd)
    requests.on('error', onEnd)
    this.#replies = new Socket({ fd: repliesFd, readable: false, writable: true })
    this.#replies.on('error', onEnd)
  }

  /** How long it has been at reading and writing since it was asked this last, in milliseconds. */
  takeTransferMs(): number {
    const taken = this.#writingMs + this.#reader.takeReadingMs()
    this.#writingMs = 0
    return taken
  }

  /**
   * Writes before it returns, as far as the other side reads; returns what to wait for if that was not all.
   * @throws Error if the message cannot be cloned; nothing is sent then.
   */
  post(message: Message): Promise<void> | undefined {
    const startMs = performance.now()
    this.#writer.add(message)
    const parts = this.#writer.take()
    const rest = this.#replies.writableLength === 0 ? this.#write(parts) : parts
    this.#writingMs += performance.now() - startMs
    for (const { length } of rest) this.#idleWatch.note(length)
    this.#writer.reuse(rest.length === 0)
    if (rest.length === 0) return undefined
    return new Promise((resolve) => {
      this.#replies.cork()
      for (const part of rest.slice(0, -1)) this.#replies.write(part)
      this.#replies.write(rest.at(-1) ?? '', () => resolve())
      this.#replies.uncork()
    })
  }

  #destination(): Uint8Array {
    const destination = this.#reader.destination
    this.#isDirect = destination !== undefined && destination.length >= stagingBytes
    if (destination !== undefined) this.#idleWatch.note(destination.length)
    return this.#isDirect && destination !== undefined ? destination : this.#staging
  }

  /** Returns what is left to write. */
  #write(parts: readonly Buffer[]): Buffer[] {
    let written = 0
    try {
      const only = parts.length === 1 ? parts[0] : undefined
      written = only === undefined ? writevSync(this.#repliesFd, parts) : writeSync(this.#repliesFd, only)
    } catch (error) {
      // Without a reader there is nothing to be written any more: the end comes by itself.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return []
    }
    const rest: Buffer[] = []
    for (const part of parts) {
      if (written < part.length) rest.push(written === 0 ? part : part.subarray(written))
      written = Math.max(0, written - part.length)
    }
    return rest
  }
}
