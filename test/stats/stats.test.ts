/** Seeded randomness, small-sample statistics, and the intervals that verdicts rest on. */
import { describe, expect, it } from 'vitest'
import * as fc from 'fast-check'
import { normalMixtureRadius, tMixtureRadius } from '#dist/stats/confidence-sequence.js'
import { seededRandom, shuffled } from '#dist/stats/random.js'
import { mean, median, sumOfSquares } from '#dist/stats/summary.js'

/** Standard normal numbers (Box and Muller). */
function normals(seed: number): () => number {
  const random = seededRandom(seed)
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

const draw = (seed: number): number[] => Array.from({ length: 5 }, seededRandom(seed))

describe('seeded randomness', () => {
  it('repeats itself for the same seed and differs for another', () => {
    expect(draw(7)).toEqual(draw(7))
    expect(draw(7)).not.toEqual(draw(8))
  })

  it('shuffles into a permutation, each order about equally often', () => {
    const random = seededRandom(1)
    const counts = new Map<string, number>()
    for (let trial = 0; trial < 6000; trial++) {
      const order = shuffled(['a', 'b', 'c'], random).join('')
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    expect(counts.size).toBe(6)
    // 1,000 each expected, standard deviation 29.
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150)
  })
})

describe('small samples', () => {
  it('takes the middle, or the mean of the two middle ones', () => {
    expect(median([3, 1, 2])).toBe(2)
    expect(median([4, 1, 3, 2])).toBe(2.5)
    expect(median([])).toBeNaN()
  })

  it('has a sum of squares that shifting does not change', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 20 }),
        fc.integer({ min: -1000, max: 1000 }),
        (sample, shift) => {
          const shifted = sample.map((value) => value + shift)
          expect(sumOfSquares(shifted)).toBeCloseTo(sumOfSquares(sample), 4)
          expect(mean(shifted)).toBeCloseTo(mean(sample) + shift, 8)
        },
      ),
    )
  })
})

describe('confidence sequences', () => {
  it('inverts the mixture: at the radius the e-value equals the threshold', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3, max: 200 }),
        fc.double({ min: 0.01, max: 10, noNaN: true }),
        fc.double({ min: 20, max: 1e5, noNaN: true }),
        fc.double({ min: 0.05, max: 5, noNaN: true }),
        (n, spread, threshold, tuning) => {
          const tau = tuning / (n + tuning)
          const normal = normalMixtureRadius(n, spread ** 2, threshold, tuning)
          const logE = 0.5 * Math.log(tau) + (n ** 2 * normal ** 2) / (2 * spread ** 2 * (n + tuning))
          expect(logE).toBeCloseTo(Math.log(threshold), 6)
          const squares = n * spread ** 2
          const t = tMixtureRadius(n, squares, threshold, tuning)
          if (!Number.isFinite(t)) return
          const q = n * t ** 2
          const logT = 0.5 * Math.log(tau) - (n / 2) * Math.log(1 - ((1 - tau) * q) / (squares + q))
          expect(logT).toBeCloseTo(Math.log(threshold), 5)
        },
      ),
    )
  })

  it('keeps a true mean inside at every look, more often than promised', () => {
    const normal = normals(42)
    let misses = 0
    const trials = 400
    for (let trial = 0; trial < trials; trial++) {
      const sample: number[] = []
      for (let n = 1; n <= 60; n++) {
        sample.push(normal())
        const off = Math.abs(mean(sample))
        const known = normalMixtureRadius(n, 1, 20, 1)
        const unknown = n < 3 ? Infinity : tMixtureRadius(n, sumOfSquares(sample), 20, 0.1)
        if (off > known || off > unknown) {
          misses++
          break
        }
      }
    }
    // Two statements at 5 % each: 40 misses expected at the most.
    expect(misses).toBeLessThan(40)
  })
})
