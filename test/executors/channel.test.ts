/** Messages as frames over a byte stream: any values, cut anywhere, and bytes that are no messages. */

import { Duplex, PassThrough } from 'node:stream'
import { isDeepStrictEqual } from 'node:util'
import * as fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { Channel } from '#dist/executors/channel.js'
import { FrameReader, headerBytes } from '#dist/executors/frame-reader.js'
import { FrameWriter } from '#dist/executors/frame-writer.js'

const anything = fc
  .anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
    withUnicodeString: true,
  })
  // Node's comparison calls two maps different that have an invalid date as a key.
  .filter((value) => isDeepStrictEqual(structuredClone(value), structuredClone(value)))

/** Large enough to travel beside the message. */
const large = fc
  .integer({ min: 32_768, max: 100_000 })
  .map((length) => new Uint8Array(length).fill(length % 251))

const messages = fc.array(
  fc.array(fc.oneof(anything, { arbitrary: large, weight: 1 }, fc.constant(-0)), { maxLength: 4 }),
  { maxLength: 6 },
)

function frames(all: readonly (readonly unknown[])[]): Buffer {
  const writer = new FrameWriter()
  for (const message of all) writer.add(message)
  return Buffer.concat(writer.take())
}

/** What the language of this project's target does not have yet. */
function growing(length: number, maxByteLength: number): ArrayBuffer {
  return Reflect.construct(ArrayBuffer, [length, { maxByteLength }]) as ArrayBuffer
}

const layout = ({ byteOffset, buffer }: Uint8Array): unknown[] => [
  byteOffset,
  buffer.byteLength,
  Reflect.get(buffer, 'resizable'),
]

class Boastful extends Uint8Array {
  override get length(): number {
    return 8
  }
}

function roundTrip(value: unknown): unknown {
  const read: unknown[][] = []
  new FrameReader((message) => read.push(message)).read(frames([[value]]))
  return read[0]?.[0]
}

describe('a message', () => {
  it('carries what structured clone carries, as it does', () => {
    fc.assert(
      fc.property(anything, (value) => {
        expect(isDeepStrictEqual(roundTrip(value), structuredClone(value))).toBe(true)
      }),
    )
  })

  it.each([0, -0, Number.NaN, 2 ** 31, -(2 ** 31), 0.1, Infinity, '', 'ünï', '😀', '\ud800', 'a'.repeat(65)])(
    'carries %o exactly',
    (value) => {
      expect(Object.is(roundTrip(value), value)).toBe(true)
    },
  )

  it('keeps circles, shared buffers and causes', () => {
    const map = new Map<unknown, unknown>()
    const buffer = new ArrayBuffer(8)
    map.set(map, new Set([map]))
    map.set('views', [new Uint8Array(buffer), new DataView(buffer, 4)])
    map.set('error', new RangeError('outer', { cause: new Error('inner') }))
    const copy = roundTrip(map) as typeof map
    expect([...(copy.get(copy) as Set<unknown>)][0]).toBe(copy)
    const [bytes, view] = copy.get('views') as [Uint8Array, DataView]
    expect(bytes.buffer).toBe(view.buffer)
    const error = copy.get('error') as Error
    expect(error).toBeInstanceOf(RangeError)
    expect(error.cause).toMatchObject({ message: 'inner' })
  })

  it('keeps views of one large buffer together, wherever they stand', () => {
    const buffer = new ArrayBuffer(70_000)
    const value = { whole: buffer, views: new Map([['end', new Uint8Array(buffer, 69_990)]]), own: [buffer] }
    new Uint8Array(buffer)[69_999] = 7
    const copy = roundTrip(value) as typeof value
    expect(copy.views.get('end')?.buffer).toBe(copy.whole)
    expect(copy.own[0]).toBe(copy.whole)
    expect(copy.views.get('end')?.[9]).toBe(7)
    expect(copy.whole.byteLength).toBe(70_000)
  })

  it.each<[string, () => Uint8Array]>([
    ['a few bytes', () => new Uint8Array([1, 2, 255])],
    ['as many as are copied at once', () => new Uint8Array(8192).fill(7)],
    ['more', () => new Uint8Array(8193).fill(7)],
    ['none', () => new Uint8Array()],
    ['a part of a buffer', () => new Uint8Array([1, 2, 3, 4]).subarray(1, 3)],
    ['bytes of a buffer that can grow', () => new Uint8Array(growing(4, 8))],
    ['a Buffer', () => Buffer.alloc(5, 1)],
    ['bytes that say they are more', () => new Boastful(new ArrayBuffer(8), 0, 2)],
    ['clamped bytes', () => new Uint8ClampedArray([1, 2]) as never],
  ])('carries %s as structured clone does', (_what, make) => {
    const copy = roundTrip(make()) as Uint8Array
    const expected = structuredClone(make())
    expect(copy).toStrictEqual(expected)
    expect(Object.getPrototypeOf(copy)).toBe(Object.getPrototypeOf(expected))
    expect(layout(copy)).toStrictEqual(layout(expected))
  })

  it('keeps bytes one that stand in it twice', () => {
    const bytes = new Uint8Array([1, 2, 3])
    const read: unknown[] = []
    new FrameReader((message) => read.push(...message)).read(frames([[bytes, { bytes }, bytes]]))
    expect(read[1]).toStrictEqual({ bytes })
    expect((read[1] as { bytes: unknown }).bytes).toBe(read[0])
    expect(read[2]).toBe(read[0])
  })

  it('takes nothing for bytes that only looks like them', () => {
    expect(roundTrip(Object.create(Uint8Array.prototype))).toStrictEqual({})
    const bytes = Object.defineProperty(new Uint8Array(new ArrayBuffer(8), 0, 2), 'length', { value: 8 })
    expect((roundTrip(bytes) as Uint8Array).every((byte) => byte === 0)).toBe(true)
  })

  it('runs no getter twice', () => {
    let reads = 0
    const value = {
      get bytes(): Uint8Array {
        reads++
        return new Uint8Array(40_000)
      },
    }
    expect((roundTrip(value) as { bytes: Uint8Array }).bytes).toHaveLength(40_000)
    expect(reads).toBe(1)
  })

  it.each([[() => {}], [Symbol('s')], [new WeakMap()], [new SharedArrayBuffer(8)]])(
    'refuses %o, as structured clone between processes must, and sends nothing of it',
    (value) => {
      const writer = new FrameWriter()
      writer.add([1])
      expect(() => writer.add([2, { value }])).toThrow('could not be cloned')
      writer.add([3])
      const read: unknown[] = []
      new FrameReader((message) => read.push(...message)).read(Buffer.concat(writer.take()))
      expect(read).toStrictEqual([1, 3])
    },
  )
})

describe('a reader', () => {
  it('finds the messages wherever the stream is cut, also when it reads to where they belong', () => {
    const cuts = fc.array(fc.oneof(fc.nat({ max: 40 }), fc.nat({ max: 50_000 })), { maxLength: 60 })
    fc.assert(
      fc.property(messages, cuts, (sent, lengths) => {
        const stream = frames(sent)
        const read: unknown[] = []
        const reader = new FrameReader((message) => read.push(message))
        let position = 0
        for (const length of [...lengths, Infinity]) {
          const bytes = stream.subarray(position, Math.min(stream.length, position + length))
          position += bytes.length
          const { destination } = reader
          if (destination !== undefined && destination.length >= bytes.length) {
            bytes.copy(destination)
            reader.filled(bytes.length)
          } else reader.read(bytes)
        }
        expect(isDeepStrictEqual(read, structuredClone(sent))).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  it('says of any bytes whether they are messages, and fails in no other way', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (garbage, isFramed) => {
        const header = Buffer.alloc(headerBytes)
        header.writeUInt32LE(garbage.length)
        const bytes = isFramed ? Buffer.concat([header, garbage]) : Buffer.from(garbage)
        try {
          new FrameReader(() => {}).read(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(Error)
        }
      }),
      { numRuns: 500 },
    )
  })

  it.each<[string, readonly number[]]>([
    ['more elements than bytes', [4, 255, 255, 255, 255]],
    ['a text beyond its end', [7, 1, 0, 0, 0, 6, 60, 97]],
    ['fewer bytes than it says', [10, 1, 0, 0, 0, 8, 2, 0, 0, 0, 1]],
    ['bytes behind its end', [6, 1, 0, 0, 0, 0, 0]],
    ['an unknown kind', [5, 1, 0, 0, 0, 99]],
    ['an empty body', [0]],
  ])('refuses %s', (_what, [length = 0, ...body]) => {
    const bytes = Buffer.from([length, 0, 0, 0, ...body])
    expect(() => new FrameReader(() => {}).read(bytes)).toThrow(Error)
  })

  it('tells how long it has been at messages that are worth a look at the clock', () => {
    const clock = vi.spyOn(performance, 'now')
    let nowMs = 1
    clock.mockImplementation(() => nowMs)
    const reader = new FrameReader(() => {
      nowMs += 100
    })
    const stream = frames([['a'.repeat(2000)]])
    reader.read(stream.subarray(0, 10))
    nowMs += 5
    reader.read(stream.subarray(10))
    expect(reader.takeReadingMs()).toBe(5)
    expect(reader.takeReadingMs()).toBe(0)
    clock.mockClear()
    reader.read(frames([[1], ['small']]))
    expect(clock).not.toHaveBeenCalled()
    clock.mockRestore()
  })

  it('refuses a flood of buffers', () => {
    const bytes = Buffer.alloc(12)
    bytes.writeUInt32LE(0x8000_0008, 0)
    bytes.writeUInt32LE(1_000_000, 4)
    expect(() => new FrameReader(() => {}).read(bytes)).toThrow('claims 1000000 buffers')
  })
})

describe('a channel', () => {
  const silent = { onMessage: () => {}, onMalformed: () => {}, onEnd: () => {} }

  it('writes all that was gathered at once', () => {
    const requests = new PassThrough()
    const chunks: Buffer[] = []
    requests.write = ((bytes: Buffer) => {
      chunks.push(Buffer.from(bytes))
      return true
    }) as never
    const channel = new Channel(requests, new PassThrough(), silent)
    for (let index = 0; index < 100; index++) channel.send([index])
    expect(chunks).toHaveLength(0)
    channel.flush()
    expect(chunks).toHaveLength(1)
    const read: unknown[] = []
    new FrameReader((message) => read.push(...message)).read(chunks[0] ?? Buffer.alloc(0))
    expect(read).toStrictEqual(Array.from({ length: 100 }, (_, index) => index))
    expect(channel.lastMessages().flat()).toStrictEqual(read)
  })

  it('writes what is large as soon as it is encoded, after what was gathered', () => {
    const requests = new PassThrough()
    const read: unknown[] = []
    const reader = new FrameReader((message) => read.push(...message))
    requests.write = ((bytes: Buffer) => {
      reader.read(bytes)
      return true
    }) as never
    const channel = new Channel(requests, new PassThrough(), silent)
    const records = Array.from({ length: 5000 }, (_, index) => ({ index }))
    channel.send([1])
    channel.send([records])
    channel.send([2])
    expect(read).toStrictEqual([1, records])
    channel.flush()
    expect(read).toStrictEqual([1, records, 2])
  })

  it('reports bytes that are no messages, and reads no further', async () => {
    const replies = new PassThrough()
    const seen: string[] = []
    const channel = new Channel(new PassThrough(), replies, {
      onMessage: () => seen.push('message'),
      onEnd: () => seen.push('end'),
      onMalformed: () => seen.push('malformed'),
    })
    expect(channel.waitingBytes).toBe(0)
    replies.write(Buffer.from([1, 0, 0, 0, 9]))
    replies.write(frames([[1]]))
    await new Promise((resolve) => setImmediate(resolve))
    expect(seen).toStrictEqual(['malformed'])
  })

  it('takes nothing on the way that leads there', async () => {
    const requests = new PassThrough()
    let isMalformed = false
    const channel = new Channel(requests, new PassThrough(), {
      ...silent,
      onMalformed: () => {
        isMalformed = true
      },
    })
    expect(channel.lastMessages()).toStrictEqual([])
    requests.push(frames([[1]]))
    await new Promise((resolve) => setImmediate(resolve))
    expect(isMalformed).toBe(true)
  })

  it('tells an end from a death with bytes unread', async () => {
    const ends: boolean[] = []
    const listener = { ...silent, onEnd: (isUnread: boolean) => ends.push(isUnread) }
    const peaceful = new PassThrough()
    expect(new Channel(peaceful, new PassThrough(), listener)).toBeInstanceOf(Channel)
    peaceful.end()
    await new Promise((resolve) => peaceful.once('close', resolve))
    const broken = new Duplex({ read: () => {} })
    expect(new Channel(broken, new PassThrough(), listener)).toBeInstanceOf(Channel)
    broken.destroy(new Error('ECONNRESET'))
    await new Promise((resolve) => broken.once('close', resolve))
    expect(ends).toStrictEqual([false, true])
  })
})
