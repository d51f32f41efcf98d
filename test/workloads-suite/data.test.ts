/** The data that the workloads share: how it is cut, and that it is the same everywhere. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { randomBytes, randomUint32s } from '../../benchmarks/data/random.ts'
import { splitRange } from '../../benchmarks/data/ranges.ts'
import { cutLines } from '../../benchmarks/data/text.ts'

test('ranges follow on one another, are nearly equal and at most 64', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 1e4 }), (total, minLength) => {
      const ranges = splitRange(total, minLength)
      expect(ranges[0]?.from).toBe(0)
      expect(ranges.at(-1)?.to).toBe(total)
      for (const [index, range] of ranges.slice(1).entries()) expect(range.from).toBe(ranges[index]?.to)
      const lengths = ranges.map(({ from, to }) => to - from)
      expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1)
      expect(ranges.length).toBeLessThanOrEqual(64)
      if (ranges.length > 1) expect(Math.min(...lengths)).toBeGreaterThanOrEqual(minLength)
    }),
  )
})

test('text is cut at line ends, goes on from its beginning, and loses nothing', () => {
  const line = fc.string({ unit: fc.constantFrom('a', 'é', '漢'), maxLength: 5 }).map((words) => `${words}\n`)
  fc.assert(
    fc.property(fc.array(line, { minLength: 1 }), fc.integer({ min: 1, max: 300 }), (lines, total) => {
      const text = Buffer.from(lines.join(''))
      const parts = cutLines(text, splitRange(total, 7)).map((part) => Buffer.from(part).toString())
      const whole = parts.join('')
      expect(text.toString().repeat(1 + Math.ceil(total / text.length))).toContain(whole)
      expect(Buffer.byteLength(whole)).toBeGreaterThanOrEqual(total)
      for (const part of parts) expect(part).toMatch(/^$|\n$/u)
    }),
  )
})

test('random input is the same on every machine', () => {
  // The first outputs of xorshift32 from the state 0x9e3779b1, computed with unbounded integers.
  expect([...randomUint32s(3, 0)]).toEqual(referenceXorshift32(0x9e37_79b1n, 3))
  expect(randomBytes(5, 1)).toEqual(new Uint8Array(randomUint32s(2, 1).buffer).slice(0, 5))
  expect(randomUint32s(4, 1)).not.toEqual(randomUint32s(4, 2))
})

function referenceXorshift32(seed: bigint, count: number): number[] {
  const word = 2n ** 32n
  let state = seed
  return Array.from({ length: count }, () => {
    state ^= (state << 13n) % word
    state ^= state >> 17n
    state ^= (state << 5n) % word
    return Number(state)
  })
}
