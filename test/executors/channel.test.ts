/** Frames over a byte stream: any values, cut anywhere, and bytes that are no frames. */

import { Duplex, PassThrough } from 'node:stream'
import { isDeepStrictEqual } from 'node:util'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Channel, decodeBody, encodeFrame, FrameReader, headerBytes } from '#dist/executors/channel.js'

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

function roundTrip(value: unknown): unknown {
  return decodeBody(encodeFrame(value).subarray(headerBytes))
}

describe('a frame', () => {
  it('carries what structured clone carries, as it does', () => {
    fc.assert(
      fc.property(anything, (value) => {
        expect(isDeepStrictEqual(roundTrip(value), structuredClone(value))).toBe(true)
      }),
    )
  })

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

  it.each([[() => {}], [Symbol('s')], [new WeakMap()], [new SharedArrayBuffer(8)]])(
    'refuses %o, as structured clone between processes must',
    (value) => {
      expect(() => encodeFrame({ value })).toThrow('could not be cloned')
    },
  )
})

describe('a reader', () => {
  it('finds the frames wherever the stream is cut', () => {
    const cuts = fc.array(fc.nat({ max: 40 }), { maxLength: 60 })
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 8 }), cuts, (values, lengths) => {
        const stream = Buffer.concat(values.map((value) => encodeFrame(value)))
        const reader = new FrameReader()
        const read: unknown[] = []
        const onBody = (body: Buffer): unknown => read.push(decodeBody(body))
        let position = 0
        for (const length of lengths) {
          reader.read(stream.subarray(position, position + length), onBody)
          position = Math.min(stream.length, position + length)
        }
        reader.read(stream.subarray(position), onBody)
        expect(isDeepStrictEqual(read, structuredClone(values))).toBe(true)
      }),
    )
  })

  it('takes empty bodies', () => {
    const lengths: number[] = []
    new FrameReader().read(Buffer.alloc(12), (body) => lengths.push(body.length))
    expect(lengths).toStrictEqual([0, 0, 0])
  })
})

describe('a channel', () => {
  it('reports bytes that are no frames, and never throws', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 64 }), async (bytes) => {
        const stream = new PassThrough()
        const seen: string[] = []
        const channel = new Channel(stream, {
          onMessage: () => seen.push('message'),
          onEnd: () => seen.push('end'),
          onMalformed: () => seen.push('malformed'),
        })
        expect(channel).toBeInstanceOf(Channel)
        const body = Buffer.from(bytes)
        const header = Buffer.alloc(headerBytes)
        header.writeUInt32LE(body.length)
        stream.end(Buffer.concat([header, body]))
        stream.resume()
        await new Promise((resolve) => stream.once('close', resolve))
        expect(['message', 'malformed']).toContain(seen[0])
      }),
      { numRuns: 200 },
    )
  })

  it('tells an end from a death with bytes unread', async () => {
    const ends: boolean[] = []
    const listener = {
      onMessage: () => {},
      onMalformed: () => {},
      onEnd: (isUnread: boolean) => ends.push(isUnread),
    }
    const peaceful = new PassThrough()
    expect(new Channel(peaceful, listener)).toBeInstanceOf(Channel)
    peaceful.end()
    await new Promise((resolve) => peaceful.once('close', resolve))
    const broken = new Duplex({ read: () => {} })
    expect(new Channel(broken, listener)).toBeInstanceOf(Channel)
    broken.destroy(new Error('ECONNRESET'))
    await new Promise((resolve) => broken.once('close', resolve))
    expect(ends).toStrictEqual([false, true])
  })
})
