/**
 * Results that were damaged or made up, through everything that reads them: refused in a sentence, or read; never a
 * crash or a hang. BOUNDBY_MUTATIONS=10000 tries as many.
 */
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { withConclusions } from '#dist/analysis/conclusions.js'
import { storedContests } from '#dist/analysis/stored-contests.js'
import { UsageError } from '#dist/errors.js'
import { joinResults } from '#dist/results/merge.js'
import type { Result } from '#dist/results/schema.js'
import { resultSchema } from '#dist/results/schema.js'
import { fixture } from './fixture.ts'

const numRuns = Number(process.env['BOUNDBY_MUTATIONS'] ?? 150)

/** Numbers, texts and lists that no run would write, but a file may have. */
const odd = fc.oneof(
  fc.constantFrom<unknown>(
    0,
    -1,
    1,
    1e-300,
    1e300,
    0.5,
    2 ** 53,
    null,
    '',
    '__proto__',
    'serial',
    [],
    {},
    true,
  ),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string({ maxLength: 20 }),
  fc.array(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { maxLength: 4 }), { maxLength: 4 }),
)

function placesIn(value: unknown, path: readonly PropertyKey[] = []): PropertyKey[][] {
  if (typeof value !== 'object' || value === null) return [[...path]]
  const fields = Object.entries(value).flatMap(([name, field]) => placesIn(field, [...path, name]))
  return path.length === 0 ? fields : [[...path], ...fields]
}

function withValue(result: Result, place: readonly PropertyKey[], value: unknown): void {
  let parent = result as Record<PropertyKey, unknown>
  for (const name of place.slice(0, -1)) {
    const next = parent[name]
    // An earlier mutation may have taken its place.
    if (typeof next !== 'object' || next === null) return
    parent = next as Record<PropertyKey, unknown>
  }
  parent[place.at(-1) ?? ''] = value
}

it('joined with others or concluded from again, they are refused in a sentence, or give a valid result', async () => {
  const whole = { ...(await fixture('several-worker-counts')), plannedPairs: 100 }
  const places = placesIn(whole)
  const other: Result = { ...whole, cells: [], verdicts: [], diagnoses: [], workloads: [], pilots: [] }
  const mutations = fc.array(fc.tuple(fc.constantFrom(...places), odd), { minLength: 1, maxLength: 5 })
  let read = 0
  fc.assert(
    fc.property(mutations, (changes) => {
      const mutated = structuredClone(whole)
      for (const [place, value] of changes) withValue(mutated, place, value)
      const parsed = resultSchema.safeParse(JSON.parse(JSON.stringify(mutated)))
      if (!parsed.success) return
      read++
      try {
        const joined = joinResults(
          [
            { path: 'a.json', result: parsed.data },
            {
              path: 'b.json',
              result: { ...other, options: parsed.data.options, environment: parsed.data.environment },
            },
          ],
          false,
        )
        const concluded = withConclusions(joined, storedContests(joined))
        expect(resultSchema.safeParse(JSON.parse(JSON.stringify(concluded))).error).toBeUndefined()
      } catch (error) {
        if (!(error instanceof UsageError)) throw error
        expect(error.message).toMatch(/^[^\n]+\.$/u)
      }
    }),
    { numRuns },
  )
  expect(read).toBeGreaterThan(0)
}, 600_000)
