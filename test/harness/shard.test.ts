/** Shards of a plan: every race in one of them, the same on every machine, as even as whole races allow. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutEvenly, takeShard } from '#dist/harness/shard.js'

const plan = fc
  .uniqueArray(fc.string({ minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 7 })
  .chain((names) =>
    fc.tuple(
      ...names.map((name) =>
        fc
          .uniqueArray(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 5 })
          .map((sizes) => ({ workload: { name }, sizes: sizes.toSorted((a, b) => a - b) })),
      ),
    ),
  )
const seeds = fc.nat(2 ** 32 - 1)
const counts = fc.integer({ min: 1, max: 12 })

const races = (planned: readonly { workload: { name: string }; sizes: readonly number[] }[]): string[] =>
  planned.flatMap(({ workload, sizes }) => sizes.map((size) => JSON.stringify([workload.name, size])))

describe('the shards of a plan', () => {
  it('together are the plan, each race once, and so is their time', () => {
    fc.assert(
      fc.property(plan, seeds, counts, (planned, seed, of) => {
        const shards = Array.from({ length: of }, (_, at) => takeShard(planned, { index: at + 1, of }, seed))
        expect(shards.flatMap((shard) => races(shard.planned)).toSorted()).toEqual(races(planned).toSorted())
        expect(shards.reduce((sum, { timeShare }) => sum + timeShare, 0)).toBeCloseTo(1, 9)
        const isEnough = races(planned).length >= of
        for (const shard of shards) if (isEnough) expect(shard.planned.length).toBeGreaterThan(0)
      }),
    )
  })

  it('keep the order of the plan, and split a workload only at a cut', () => {
    fc.assert(
      fc.property(plan, seeds, counts, (planned, seed, of) => {
        const all = races(planned)
        const parts = Array.from({ length: of }, (_, at) => takeShard(planned, { index: at + 1, of }, seed))
        for (const part of parts) {
          const places = races(part.planned).map((race) => all.indexOf(race))
          expect(places).toEqual(places.toSorted((a, b) => a - b))
        }
        const pieces = parts.reduce((sum, part) => sum + part.planned.length, 0)
        expect(pieces).toBeLessThanOrEqual(planned.length + of - 1)
      }),
    )
  })

  it('weigh large sizes more than small ones', () => {
    const planned = [{ workload: { name: 'a' }, sizes: [1, 10, 1000] }]
    const second = takeShard(planned, { index: 2, of: 2 }, 0)
    expect(second.planned).toMatchObject([{ sizes: [1000] }])
    expect(second.timeShare).toBeGreaterThan(0.7)
  })

  it('follow from the plan and the seed alone', () => {
    const planned = ['a', 'b', 'c', 'd'].map((name) => ({ workload: { name }, sizes: [1, 10, 100] }))
    const first = (seed: number) => races(takeShard(planned, { index: 1, of: 3 }, seed).planned)
    expect(first(7)).toEqual(first(7))
    expect(new Set([1, 2, 3, 4, 5].map((seed) => String(first(seed)))).size).toBeGreaterThan(1)
  })
})

/** The heaviest stretch of the best cut, by trying all. */
function lightest(weights: readonly number[], stretches: number): number {
  if (stretches === 1) return weights.reduce((sum, weight) => sum + weight, 0)
  let best = Infinity
  let head = 0
  for (let at = 1; at <= weights.length - stretches + 1; at++) {
    head += weights[at - 1] ?? 0
    best = Math.min(best, Math.max(head, lightest(weights.slice(at), stretches - 1)))
  }
  return best
}

describe('cutEvenly', () => {
  it('makes the heaviest stretch as light as it can be', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 9 })
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 5 }), (given, stretches) => {
        const ends = cutEvenly(given, stretches)
        expect(ends).toHaveLength(stretches)
        expect(ends.at(-1)).toBe(given.length)
        const sums = ends.map((end, at) =>
          given.slice(ends[at - 1] ?? 0, end).reduce((sum, weight) => sum + weight, 0),
        )
        expect(Math.max(...sums)).toBe(lightest(given, Math.min(stretches, given.length)))
      }),
    )
  })
})
