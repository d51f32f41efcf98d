/** The default checksum: equal outputs agree, different ones do not, whatever carried them. */
import { isDeepStrictEqual } from 'node:util'
import { deserialize, serialize } from 'node:v8'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UsageError } from '#dist/errors.js'
import { stableChecksum } from '#dist/workloads/checksum.js'

const cloneable = {
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
  withUnicodeString: true,
} as const

describe('stableChecksum', () => {
  test('agrees across a structured clone and across serialization between processes', () => {
    fc.assert(
      fc.property(fc.array(fc.anything(cloneable)), (outputs) => {
        const checksum = stableChecksum(outputs)
        expect(stableChecksum(structuredClone(outputs))).toBe(checksum)
        expect(stableChecksum(deserialize(serialize(outputs)))).toBe(checksum)
      }),
    )
  })

  test('agrees if and only if the outputs are structurally equal', () => {
    // Few distinct leaves and keys, so that equal pairs do turn up.
    const leaf = fc.constantFrom<unknown>(0, -0, Number.NaN, 1, 1n, '1', '', true, null, undefined)
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 3, depthSize: 'small' },
        leaf,
        fc.array(tie('tree'), { maxLength: 2 }),
        fc.dictionary(fc.constantFrom('a', 'b', 'length'), tie('tree'), {
          maxKeys: 2,
          noNullPrototype: true,
        }),
        fc.array(tie('tree'), { maxLength: 2 }).map((values) => new Set(values)),
        fc.array(fc.tuple(leaf, tie('tree')), { maxLength: 2 }).map((entries) => new Map(entries)),
        fc.sparseArray(leaf, { maxLength: 2 }),
        fc.uint8Array({ maxLength: 2 }),
        fc.float32Array({ maxLength: 1 }),
        fc.constantFrom(new Date(0), new Date(1), new Date(Number.NaN)),
      ),
    }))
    let equalPairs = 0
    fc.assert(
      fc.property(tree, tree, (left, right) => {
        const equal = isDeepStrictEqual(left, right)
        if (equal) equalPairs++
        expect(stableChecksum([left]) === stableChecksum([right])).toBe(equal)
      }),
      { numRuns: 3000 },
    )
    expect(equalPairs).toBeGreaterThan(10)
  })

  test('does not depend on the order of keys, of Map entries or of Set entries', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (record) => {
        const reversed = Object.fromEntries(Object.entries(record).toReversed())
        expect(stableChecksum([reversed])).toBe(stableChecksum([record]))
        const map = new Map(Object.entries(record))
        expect(stableChecksum([new Map([...map].toReversed())])).toBe(stableChecksum([map]))
        expect(stableChecksum([new Set([...map.keys()].toReversed())])).toBe(
          stableChecksum([new Set(map.keys())]),
        )
      }),
    )
  })

  test('depends on the order of the outputs', () => {
    expect(stableChecksum([1, 2])).not.toBe(stableChecksum([2, 1]))
  })

  test.each([
    ['adjacent strings', ['ab', 'c'], ['a', 'bc']],
    ['nesting', [[1], 2], [[1, 2]]],
    ['a number and its text', [1], ['1']],
    ['typed arrays with the same bytes', [new Uint8Array(8)], [new Float64Array(1)]],
    ['a view and its buffer', [new Uint8Array(8)], [new ArrayBuffer(8)]],
    ['a missing and an undefined property', [{}], [{ a: undefined }]],
    ['lone surrogates', ['\uD800'], ['\uDFFF']],
    ['an array and an object with its indices', [['a']], [{ 0: 'a' }]],
    ['regular expressions with other flags', [/a/u], [/a/gu]],
    ['errors with other messages', [new Error('a')], [new Error('b')]],
  ])('tells apart %s', (_case, left, right) => {
    expect(stableChecksum(left)).not.toBe(stableChecksum(right))
  })

  test('reads only its own part of a shared buffer', () => {
    const whole = Uint8Array.of(9, 1, 2, 9)
    expect(stableChecksum([whole.subarray(1, 3)])).toBe(stableChecksum([Uint8Array.of(1, 2)]))
    expect(stableChecksum([Buffer.from([1, 2])])).toBe(stableChecksum([Uint8Array.of(1, 2)]))
  })

  test('ignores what a clone loses: prototypes, and the identity of equal parts', () => {
    class Point {
      x = 1
    }
    const shared = { x: 1 }
    const expected = stableChecksum([{ x: 1 }, { x: 1 }])
    expect(stableChecksum([new Point(), { x: 1 }])).toBe(expected)
    expect(stableChecksum([shared, shared])).toBe(expected)
  })

  test('ends on cycles, and tells their lengths apart', () => {
    const own: unknown[] = []
    own.push(own)
    const outer: unknown[] = [own]
    expect(stableChecksum([own])).toBe(stableChecksum([structuredClone(own)]))
    expect(stableChecksum([outer])).not.toBe(stableChecksum([own]))
    const map = new Map<string, unknown>()
    map.set('self', map)
    expect(stableChecksum([map])).toBe(stableChecksum([structuredClone(map)]))
  })

  test('stays the same from one version to the next', () => {
    const outputs = [
      1.5,
      'é',
      7n,
      undefined,
      { b: [true, null], a: new Map([['k', new Set([2])]]) },
      Uint16Array.of(258),
    ]
    expect(stableChecksum(outputs)).toBe('ac688e4d914e4e425303afd350b7939cb68ef74d76cc84fa2f23095ba7285064')
  })

  test.each([
    [
      'function',
      [{ items: [0, { callback: () => 1 }] }],
      /task 0 at `\.items\[1\]\.callback` is a function/u,
    ],
    ['symbol', [1, Symbol('s')], /task 1 is a symbol/u],
    ['Promise', [[Promise.resolve(1)]], /task 0 at `\[0\]` is a Promise/u],
    ['WeakMap', [new WeakMap()], /task 0 is a WeakMap/u],
  ])('refuses a %s and says where it is', (_case, outputs, message) => {
    expect(() => stableChecksum(outputs)).toThrow(UsageError)
    expect(() => stableChecksum(outputs)).toThrow(message)
  })

  test('reads large arrays of numbers and large strings whole', () => {
    const numbers = Array.from({ length: 100_000 }, (_, index) => index)
    const text = 'x'.repeat(100_000)
    const expected = stableChecksum([numbers, text])
    expect(stableChecksum([[...numbers], text])).toBe(expected)
    expect(stableChecksum([numbers.with(99_999, -1), text])).not.toBe(expected)
    expect(stableChecksum([numbers, `${text.slice(1)}y`])).not.toBe(expected)
  })
})
