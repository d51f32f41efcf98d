/**
 * Results that were damaged or made up, through everything that reads them: refused in a sentence, or read; never a
 * crash, a hang or more than 1 GiB. BOUNDBY_MUTATIONS=10000 tries as many.
 */
import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Result } from '#dist/results/schema.js'
import type { Outcome } from '../fixtures/readers/read-all.mjs'
import { fullResult } from '../reporters/html/made-up-results.ts'
import { fixture, fixturePath } from './fixture.ts'

const numRuns = Number(process.env['BOUNDBY_MUTATIONS'] ?? 60)
const mostBytes = 1024 ** 3
/** For one file; most take some hundredths of a second. */
const mostMs = 30_000

const script = fileURLToPath(new URL('../fixtures/readers/read-all.mjs', import.meta.url))

/** Ended by force, and its heap's limit. */
class Reader {
  #child: ChildProcess | null = null

  /** What the process says of the file, or how it ended. */
  async read(path: string): Promise<Outcome | string> {
    this.#child ??= await this.#start()
    const child = this.#child
    const outcome = await new Promise<Outcome | string>((resolve) => {
      const timer = setTimeout(() => resolve(`still at it after ${mostMs} ms`), mostMs)
      const settle = (outcome: Outcome | string): void => {
        clearTimeout(timer)
        resolve(outcome)
      }
      child.once('message', (message) => settle(message as Outcome))
      child.once('exit', (code, signal) => settle(`ended with ${code ?? signal}`))
      child.send(path)
    })
    child.removeAllListeners()
    if (typeof outcome === 'string') this.end()
    return outcome
  }

  async #start(): Promise<ChildProcess> {
    const child = fork(script, [fixturePath('default-suite')], {
      execArgv: [`--max-old-space-size=${mostBytes / 1024 ** 2}`],
    })
    await new Promise((resolve) => child.once('message', resolve))
    return child
  }

  end(): void {
    this.#child?.kill('SIGKILL')
    this.#child = null
  }
}

/** Numbers, texts and lists that no run would write, but a file may have. */
const oddNumber = fc.oneof(
  fc.constantFrom(0, -1, 1, 2, 1e-300, 1e300, 0.5, 2 ** 53),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
)
const oddText = fc.oneof(
  fc.constantFrom('', '__proto__', 'constructor', 'serial', 'processes', 'x'.repeat(100_000)),
  fc.string({ maxLength: 20 }),
)
const oddList = fc.oneof(
  fc.constant([]),
  fc.constant(Array.from({ length: 10_000 }, () => [1])),
  fc.array(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { maxLength: 4 }), { maxLength: 4 }),
)
const odd = fc.oneof(oddNumber, oddText, oddList, fc.constantFrom<unknown>(null, {}, true))

/** Makes another value of one: of the same kind, which is read more often, or of any. */
const anotherValue = fc
  .tuple(oddNumber, oddText, oddList, odd, fc.nat(4))
  .map(([number, text, list, any, choice]) => (value: unknown): unknown => {
    if (choice === 0) return any
    if (typeof value === 'number') return number
    if (typeof value === 'string') return text
    if (typeof value === 'boolean') return !value
    if (!Array.isArray(value)) return any
    const among = value as unknown[]
    return [list, among.toReversed(), among.slice(1), [...among, ...among]][choice - 1]
  })

function placesIn(value: unknown, path: readonly PropertyKey[] = []): PropertyKey[][] {
  if (typeof value !== 'object' || value === null) return [[...path]]
  const fields = Object.entries(value).flatMap(([name, field]) => placesIn(field, [...path, name]))
  return path.length === 0 ? fields : [[...path], ...fields]
}

/** Puts another value in a place, if an earlier change has left it there. */
function change(result: Result, place: readonly PropertyKey[], of: (value: unknown) => unknown): void {
  let parent = result as Record<PropertyKey, unknown>
  for (const name of place.slice(0, -1)) {
    const next = parent[name]
    if (typeof next !== 'object' || next === null) return
    parent = next as Record<PropertyKey, unknown>
  }
  const name = place.at(-1) ?? ''
  // A copy: the lists of an arbitrary are the same ones each time, and one could be put into itself.
  parent[name] = structuredClone(of(parent[name]))
}

const repeated =
  (times: number) =>
  (value: unknown): unknown =>
    Array.isArray(value) ? Array.from({ length: times }, () => value as unknown[]).flat() : value

/** A file made from a result: values in places where they do not belong, lists that go on and on, text cut or inserted. */
function filesFrom(whole: Result): fc.Arbitrary<string> {
  const places = placesIn(whole)
  const swapped = fc.tuple(fc.constantFrom(...places), anotherValue)
  const lists = places.filter((place) => {
    let value: unknown = whole
    for (const name of place) value = (value as Record<PropertyKey, unknown>)[name]
    return Array.isArray(value)
  })
  const longer = fc.tuple(fc.constantFrom(...lists), fc.constant(repeated(100)))
  const changes = fc.array(fc.oneof({ weight: 9, arbitrary: swapped }, { weight: 1, arbitrary: longer }), {
    minLength: 1,
    maxLength: 5,
  })
  const damage = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    removed: fc.nat(60),
    inserted: fc.oneof(fc.string(), fc.json(), fc.constantFrom('null', '-1', '1e999', '[]', '{}', '"')),
  })
  const rarely = fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: damage })
  return fc.tuple(changes, rarely).map(([changed, damaged]) => {
    const result = structuredClone(whole)
    for (const [place, of] of changed) change(result, place, of)
    const text = JSON.stringify(result)
    if (damaged === null) return text
    const at = Math.floor(damaged.at * text.length)
    return text.slice(0, at) + damaged.inserted + text.slice(at + damaged.removed)
  })
}

let folder: string
const reader = new Reader()
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boundby-mutated-'))
})
afterAll(async () => {
  reader.end()
  await rm(folder, { recursive: true })
})

it(
  `is refused in a sentence, or goes through every command (${numRuns} files)`,
  async () => {
    const wholes: Result[] = [
      { ...(await fixture('several-worker-counts')), plannedPairs: 100 },
      await fixture('default-suite'),
      fullResult({ only: ['primes', 'tiny'] }),
    ]
    const path = join(folder, 'mutated.json')
    let read = 0
    let refused = 0
    await fc.assert(
      fc.asyncProperty(fc.oneof(...wholes.map(filesFrom)), async (text) => {
        await writeFile(path, text)
        const outcome = await reader.read(path)
        if (typeof outcome === 'string') throw new Error(outcome)
        const { isRead, failures, peakRssBytes } = outcome
        if (isRead) read++
        else refused++
        for (const { step, isRefusal, message } of failures)
          expect({ step, message, isRefusal }).toEqual({
            step,
            message: expect.stringMatching(/^[^\n]+\.$/u) as string,
            isRefusal: true,
          })
        expect(peakRssBytes).toBeLessThanOrEqual(mostBytes)
      }),
      // A file that hangs would hang again at every attempt to make it smaller.
      { numRuns, endOnFailure: true },
    )
    expect(Math.min(read, refused)).toBeGreaterThan(0)
  },
  Math.max(120_000, numRuns * 1000),
)
