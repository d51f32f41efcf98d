/**
 * Messages as bytes: flat tuples whose primitive values, and bytes at the end, take a tag and a few bytes; the other
 * values follow together in V8's structured-clone format, with large buffers beside it, uncopied.
 *
 * `[u32 count] ([tag] [bytes])* [V8's bytes]`
 */

import { types } from 'node:util'
import { Deserializer, Serializer } from 'node:v8'
import { findLargeBuffers } from './large-buffers.ts'

export type Message = readonly unknown[]

const tag = {
  undefined: 0,
  null: 1,
  false: 2,
  true: 3,
  int: 4,
  float: 5,
  text: 6,
  cloned: 7,
  bytes: 8,
} as const

/** Longer texts are V8's to write: it does so at once, and this letter by letter. */
const maxTextLength = 64
/** Longer bytes are better not copied. */
const maxBytesLength = 8192
/** What one element takes at most, cloned ones aside. */
const maxTextBytes = 2 + maxTextLength
const maxOtherBytes = 1 + Float64Array.BYTES_PER_ELEMENT

const noBuffers: readonly ArrayBuffer[] = []

/** The room that the plain part of a message needs at most. */
export function plainBytes(message: Message): number {
  let bytes = 4
  for (const value of message) bytes += typeof value === 'string' ? maxTextBytes : maxOtherBytes
  const last = message.at(-1)
  return isPlainBytes(last) ? bytes + 4 + last.length : bytes
}

/**
 * Writes the plain part of a message to where there is room, and adds to `cloned` what belongs behind it in V8's
 * format. Returns where it ends.
 */
export function writePlain(buffer: Buffer, start: number, message: Message, cloned: unknown[]): number {
  let at = buffer.writeUInt32LE(message.length, start)
  let index = 0
  for (const value of message) {
    index++
    if (value === undefined) buffer[at++] = tag.undefined
    else if (value === null) buffer[at++] = tag.null
    else if (value === false) buffer[at++] = tag.false
    else if (value === true) buffer[at++] = tag.true
    else if (typeof value === 'number') at = writeNumber(buffer, at, value)
    // As the only object in a message it can be no part of another one.
    else if (index === message.length && cloned.length === 0 && isPlainBytes(value))
      at = writeBytes(buffer, at, value)
    else {
      const after = typeof value === 'string' ? writeText(buffer, at, value) : at
      if (after > at) at = after
      else {
        buffer[at++] = tag.cloned
        cloned.push(value)
      }
    }
  }
  return at
}

function writeNumber(buffer: Buffer, at: number, value: number): number {
  if ((value | 0) === value && !Object.is(value, -0)) {
    buffer[at] = tag.int
    return buffer.writeInt32LE(value, at + 1)
  }
  buffer[at] = tag.float
  return buffer.writeDoubleLE(value, at + 1)
}

/** Whether it is a few bytes, with memory of their own: V8 takes longer to begin and to end than to copy them. */
function isPlainBytes(value: unknown): value is Uint8Array {
  if (!types.isUint8Array(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Uint8Array.prototype && prototype !== Buffer.prototype) return false
  const { buffer, length } = value
  if (length === 0 || length > maxBytesLength || buffer.byteLength !== length) return false
  return buffer instanceof ArrayBuffer && (buffer as { resizable?: boolean }).resizable !== true
}

function writeBytes(buffer: Buffer, at: number, bytes: Uint8Array): number {
  buffer[at] = tag.bytes
  // Whatever they call their length, no other memory of this process is sent.
  const all = new Uint8Array(bytes.buffer)
  const start = buffer.writeUInt32LE(all.length, at + 1)
  buffer.set(all, start)
  return start + all.length
}

/** Returns `at` for a text that is not short, or not of Latin letters alone. */
function writeText(buffer: Buffer, at: number, text: string): number {
  if (text.length > maxTextLength) return at
  let next = at
  buffer[next++] = tag.text
  buffer[next++] = text.length
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code > 0xff) return at
    buffer[next++] = code
  }
  return next
}

/**
 * Values in V8's format, and the buffers that it leaves out.
 * @throws Error if one cannot be cloned.
 */
export function cloneValues(values: readonly unknown[]): {
  readonly bytes: Buffer
  readonly buffers: readonly ArrayBuffer[]
} {
  const serializer = new Serializer()
  serializer.writeHeader()
  const buffers = findLargeBuffers(values)
  for (const [id, buffer] of buffers.entries()) serializer.transferArrayBuffer(id, buffer)
  serializer.writeValue(values)
  return { bytes: serializer.releaseBuffer(), buffers }
}

/**
 * The message in these bytes.
 * @throws Error if they are no message.
 */
export function readMessage(bytes: Buffer, buffers: readonly ArrayBuffer[] = noBuffers): unknown[] {
  const count = bytes.readUInt32LE(0)
  if (count > bytes.length) throw new RangeError('A message claims more elements than it has bytes.')
  const message: unknown[] = []
  const cloned: number[] = []
  let at = 4
  for (let index = 0; index < count; index++) {
    const kind = bytes.readUInt8(at++)
    if (kind === tag.int) {
      message.push(bytes.readInt32LE(at))
      at += 4
    } else if (kind === tag.undefined) message.push(undefined)
    else if (kind === tag.cloned) {
      cloned.push(index)
      message.push(undefined)
    } else if (kind === tag.float) {
      message.push(bytes.readDoubleLE(at))
      at += 8
    } else if (kind === tag.text) {
      const end = at + 1 + bytes.readUInt8(at)
      if (end > bytes.length) throw new RangeError('A text is longer than its message.')
      message.push(bytes.toString('latin1', at + 1, end))
      at = end
    } else if (kind === tag.bytes) {
      const start = at + 4
      const end = start + bytes.readUInt32LE(at)
      if (end > bytes.length) throw new RangeError('There are fewer bytes than a message says.')
      message.push(new Uint8Array(bytes.subarray(start, end)))
      at = end
    } else if (kind === tag.null) message.push(null)
    else if (kind === tag.false) message.push(false)
    else if (kind === tag.true) message.push(true)
    else throw new TypeError(`A message has an element of the unknown kind ${kind}.`)
  }
  if (cloned.length === 0) {
    if (at !== bytes.length || buffers.length > 0) throw new RangeError('A message is longer than it says.')
    return message
  }
  const values = readCloned(bytes.subarray(at), buffers)
  if (!Array.isArray(values) || values.length !== cloned.length)
    throw new TypeError('A message has not as many values as it says.')
  for (const [index, position] of cloned.entries()) message[position] = values[index]
  return message
}

function readCloned(bytes: Buffer, buffers: readonly ArrayBuffer[]): unknown {
  const deserializer = new Deserializer(bytes)
  for (const [id, buffer] of buffers.entries()) deserializer.transferArrayBuffer(id, buffer)
  deserializer.readHeader()
  return deserializer.readValue()
}
