/** Known answers: what each task computes is what it claims to compute. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { randomUint32s } from '../../benchmarks/data/random.ts'
import { readText } from '../../benchmarks/data/text.ts'
import fetchWorkload from '../../benchmarks/workloads/fetch-and-parse.ts'
import { readPart } from '../../benchmarks/workloads/file-read.ts'
import { writeDurably } from '../../benchmarks/workloads/file-sync-write.ts'
import { compress } from '../../benchmarks/workloads/gzip.ts'
import httpGet from '../../benchmarks/workloads/http-get.ts'
import { minify } from '../../benchmarks/workloads/json.ts'
import { renderBand } from '../../benchmarks/workloads/mandelbrot.ts'
import { multiplyRows } from '../../benchmarks/workloads/matrix-multiply.ts'
import primes, { countPrimes } from '../../benchmarks/workloads/primes.ts'
import { readAndCompress } from '../../benchmarks/workloads/read-and-compress.ts'
import { hashBytes } from '../../benchmarks/workloads/sha256.ts'
import { sortNumbers } from '../../benchmarks/workloads/sort.ts'
import sqlite, { query } from '../../benchmarks/workloads/sqlite.ts'
import { wait } from '../../benchmarks/workloads/timer.ts'
import { processId } from '../../benchmarks/workloads/tiny.ts'
import wordCount, { countWords } from '../../benchmarks/workloads/word-count.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boundby-answers-test-'))
})
afterAll(() => rm(folder, { recursive: true }))

test.each([
  [1e3, 168],
  [1e4, 1229],
  [1e6, 78_498],
])('there are π(%d) = %d primes below', (size, count) => {
  expect(primes.checksum?.(primes.inputs(size, undefined).map(countPrimes))).toBe(`${count} primes`)
})

test('primes are counted alike however their range is cut', () => {
  const whole = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47]
  fc.assert(
    fc.property(fc.nat(50), fc.nat(50), (from, to) => {
      expect(countPrimes({ from, to })).toBe(whole.filter((prime) => prime >= from && prime < to).length)
    }),
  )
})

test('the Mandelbrot set holds 0 and -1, is symmetric about the real axis, and ends at its corners', () => {
  const width = 64
  const pixels = renderBand({ width, rows: { from: 0, to: width } })
  const row = (index: number): Uint16Array => pixels.subarray(index * width, (index + 1) * width)
  const column = (real: number): number => ((real + 2.25) / 3) * width
  expect(row(32)[column(0)]).toBe(500)
  expect(row(32)[Math.round(column(-1))]).toBe(500)
  expect(pixels[0]).toBeLessThan(3)
  expect(row(20)).toEqual(row(44))
  expect(renderBand({ width, rows: { from: 20, to: 22 } })).toEqual(pixels.subarray(20 * width, 22 * width))
})

test('matrices are multiplied as by definition', () => {
  const order = 5
  const entries = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: order ** 2, maxLength: order ** 2 })
  fc.assert(
    fc.property(entries, entries, (left, right) => {
      const product = multiplyRows({ rows: left, right, order })
      const expected = left.map((_, index) => {
        const [row, column] = [Math.trunc(index / order), index % order]
        return [0, 1, 2, 3, 4].reduce(
          (sum, inner) => sum + (left[row * order + inner] ?? 0) * (right[inner * order + column] ?? 0),
          0,
        )
      })
      expect(product).toEqual(expected)
    }),
  )
})

test('sha256 gives the digest that FIPS 180 prints for abc', () => {
  expect(hashBytes(Buffer.from('abc'))).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  )
})

test('what is compressed comes back', async () => {
  const text = Buffer.from('boundby '.repeat(1000))
  expect(gunzipSync(compress(text))).toEqual(text)
  const file = join(folder, 'text')
  await writeFile(file, text)
  expect(gunzipSync(await readAndCompress(file))).toEqual(text)
})

test('JSON loses its white space only', () => {
  expect(minify('{ "b": [1, 2.50],\n "a": null }')).toBe('{"b":[1,2.5],"a":null}')
})

test('words are counted as by splitting, also over the cuts between tasks', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', 'é', ' ', '\n', '\t') }), (text) => {
      expect(countWords(text)).toBe(text.split(/[ \n\t]+/u).filter((word) => word !== '').length)
    }),
  )
  const text = readText()
  const words = Buffer.from(text)
    .toString()
    .split(/[ \n\t]+/u)
  const counted = wordCount.inputs(text.length, { text }).map(countWords)
  expect(wordCount.checksum?.(counted)).toBe(`${words.filter((word) => word !== '').length} words`)
})

test('numbers are sorted as numbers, and the input is left alone', () => {
  const numbers = Object.freeze([10, 9, -1, 2 ** 31])
  expect(sortNumbers(numbers)).toEqual([-1, 9, 10, 2 ** 31])
})

test('a timer and a process id answer', async () => {
  expect(await wait(7)).toBe(7)
  expect(processId(0)).toBe(process.pid)
})

test('files are read to the end of the part, and written whole', async () => {
  const file = join(folder, 'bytes')
  await writeFile(file, Uint8Array.of(1, 2, 3, 4))
  expect(await readPart({ file, position: 1, length: 2 })).toBe(3)
  await expect(readPart({ file, position: 2, length: 3 })).rejects.toThrow('ended after 4 bytes')
  const written = join(folder, 'written')
  expect(await writeDurably(written)).toBe(4096)
  expect(await readFile(written, 'utf8')).toMatch(/^(?:durable\n){512}$/u)
})

test('the database answers what the rows say', async () => {
  const resources = await sqlite.setup?.()
  if (resources === undefined) throw new Error('no resources')
  try {
    const rows = randomUint32s(20_000, 1)
    const spent = rows.filter((value) => value % 500 === 3).reduce((sum, value) => sum + (value % 9973), 0)
    const above = rows.filter((value) => value % 9973 >= 9000).length
    expect(query({ file: resources.file, customer: 3, minTotal: 9000 })).toEqual({
      spentByCustomer: spent,
      ordersAbove: above,
    })
  } finally {
    await sqlite.teardown?.(resources)
  }
})

test('each request gets its own answer', async () => {
  const resources = await httpGet.setup?.()
  if (resources === undefined) throw new Error('no resources')
  try {
    const answers = await Promise.all(httpGet.inputs(3, resources).map(httpGet.task))
    expect(answers).toEqual(['response 0', 'response 1', 'response 2'])
  } finally {
    await httpGet.teardown?.(resources)
  }
})

test('the trigrams of the fetched document are counted', async () => {
  const resources = await fetchWorkload.setup?.()
  if (resources === undefined) throw new Error('no resources')
  try {
    const [url = ''] = fetchWorkload.inputs(1, resources)
    const trigrams = await fetchWorkload.task(url)
    const names = Object.keys(createRequire(import.meta.url)('mime-db') as object)
    const occurrences = names.join('\n').match(/(?=vnd)/gu)?.length
    expect(trigrams).toContainEqual(['vnd', occurrences])
    expect(trigrams).toHaveLength(100)
  } finally {
    await fetchWorkload.teardown?.(resources)
  }
})
