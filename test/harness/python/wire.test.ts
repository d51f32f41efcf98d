/** Values on their way to Python and back: what has a form there comes back as it was. */
import { fileURLToPath } from 'node:url'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DriverProcess } from '#dist/harness/python/driver-process.js'
import { decodeValue, encodeValue } from '#dist/harness/python/wire.js'
import { python, withoutPython } from './python.js'

const twin = fileURLToPath(new URL('../../fixtures/twins/twin.py', import.meta.url))

const float64 = fc.float64Array().map((values) => Float64Array.from(values))
const leaf = fc.oneof(
  fc.double(),
  fc.maxSafeInteger(),
  fc.string({ unit: 'binary' }),
  fc.boolean(),
  fc.constant(null),
  fc.bigInt().filter((value) => value > 2n ** 53n || value < -(2n ** 53n)),
  fc.uint8Array(),
  fc.int32Array(),
  fc.bigInt64Array(),
  float64,
)
const { value: anything } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.oneof(fc.double(), fc.maxSafeInteger()), { maxLength: 8 }),
    fc.dictionary(fc.oneof(fc.string(), fc.constant('$'), fc.constant('__proto__')), tie('value'), {
      maxKeys: 3,
      noNullPrototype: true,
    }),
  ),
}))

describe('values on the wire', () => {
  it('are one line each', () => {
    fc.assert(
      fc.property(anything, (value) => {
        expect(encodeValue(value).indexOf('\n')).toBe(encodeValue(value).length - 1)
      }),
    )
  })

  it.each(['', '{"$":1}', '{"$":["bytes",1]}', '{"$":["integer","1; 2"]}', '{"$":["toString",""]}', '[1'])(
    'are refused where they are none: %s',
    (line) => {
      expect(() => decodeValue(line)).toThrow()
    },
  )

  it.each([[() => {}], [new Set()], [new Date()], [Symbol('s')]])(
    'are refused without a form there',
    (value) => {
      expect(() => encodeValue([{ value }])).toThrow('which has no form in Python')
    },
  )
})

describe.skipIf(python === undefined)(`through Python and back (skipped where ${withoutPython})`, () => {
  let driver: DriverProcess
  const echo = async (values: unknown[]): Promise<unknown[]> => {
    await driver.prepare(values)
    return (await driver.measure(false)).outputs
  }

  beforeAll(async () => {
    const target = { python: python?.path ?? '', twin, functions: ['echo'], workers: 1 }
    driver = await DriverProcess.open({ ...target, kind: 'serial' }, () => {})
  })
  afterAll(() => driver.close())

  it('they are what they were', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anything, { minLength: 1, maxLength: 20 }), async (values) => {
        expect(await echo(values)).toStrictEqual(values)
      }),
      { numRuns: 50 },
    )
  })

  it('numbers keep what they are', async () => {
    const numbers = [0, -0, 1, -1, 2 ** 53 - 1, 2 ** 53, 1e20, 1e300, 5e-324, 0.1, NaN, Infinity, -Infinity]
    expect(await echo(numbers)).toStrictEqual(numbers)
    expect(await echo([numbers])).toStrictEqual([numbers])
    expect(await echo([undefined, 2n ** 64n])).toStrictEqual([null, 2n ** 64n])
  })
})
