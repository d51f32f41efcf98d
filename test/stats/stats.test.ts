/** Seeded randomness, small-sample statistics, and the intervals that verdicts rest on. */
import { describe, expect, it } from 'vitest'
import * as fc from 'fast-check'
import { lagOneCorrelation, varianceInflation } from '#dist/stats/autocorrelation.js'
import { mixtureRadius } from '#dist/stats/confidence-sequence.js'
import { moderate, variancePrior } from '#dist/stats/moderated-variance.js'
import { seededRandom, shuffled } from '#dist/stats/random.js'
import { undisturbed } from '#dist/stats/undisturbed.js'
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

  it('takes it by size, not by spelling, below zero and at infinity too', () => {
    expect(median([100, 9, -1])).toBe(9)
    expect(median([Infinity, -Infinity, 5])).toBe(5)
    expect(median([1, Infinity])).toBe(Infinity)
    const sample = [3, 1, 2]
    median(sample)
    expect(sample).toEqual([3, 1, 2])
  })

  it('is undisturbed what three in a hundred of it are below, however often and however long the rest was disturbed', () => {
    const calm = Array.from({ length: 21 }, (_, index) => 100 + index)
    expect(undisturbed(calm)).toBeCloseTo(100.6)
    expect(undisturbed(calm.map((ms, index) => (index < 3 ? ms : 10 * ms)))).toBeCloseTo(100.6)
    expect(undisturbed([20, 10])).toBeCloseTo(10.3)
    expect(undisturbed([7])).toBe(7)
    expect(undisturbed([])).toBeNaN()
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
        fc.integer({ min: 2, max: 400 }),
        fc.double({ min: 0.01, max: 10, noNaN: true }),
        fc.double({ min: 20, max: 1e5, noNaN: true }),
        fc.double({ min: 0.05, max: 5, noNaN: true }),
        (n, freedom, spread, threshold, tuning) => {
          const tau = tuning / (n + tuning)
          const radius = mixtureRadius(n, { variance: spread ** 2, freedom }, threshold, tuning)
          if (!Number.isFinite(radius)) return
          const x = (n * radius ** 2) / (freedom * spread ** 2)
          const logE = 0.5 * Math.log(tau) + ((freedom + 1) / 2) * Math.log((1 + x) / (1 + tau * x))
          expect(logE).toBeCloseTo(Math.log(threshold), 5)
        },
      ),
    )
  })

  it('keeps a true mean inside at every look, more often than promised', () => {
    const normal = normals(42)
    let misses = 0
    for (let trial = 0; trial < 400; trial++) {
      const sample: number[] = []
      for (let n = 1; n <= 60; n++) {
        sample.push(normal())
        if (n < 3) continue
        const own = { variance: sumOfSquares(sample) / (n - 1), freedom: n - 1 }
        if (Math.abs(mean(sample)) > mixtureRadius(n, own, 20, 0.1)) {
          misses++
          break
        }
      }
    }
    // 20 expected at the most.
    expect(misses).toBeLessThan(20)
  })
})

const samples = (seed: number, sigmaOf: (index: number) => number, count = 400, n = 4) => {
  const normal = normals(seed)
  return Array.from({ length: count }, (_, index) => {
    const sample = Array.from({ length: n }, () => normal() * sigmaOf(index))
    return { squares: sumOfSquares(sample), freedom: n - 1 }
  })
}

describe('variances of many small samples', () => {
  it('are known well if all are alike', () => {
    const prior = variancePrior(samples(1, () => 0.1))
    expect(prior.freedom).toBeGreaterThan(25)
    expect(Math.sqrt(prior.variance)).toBeCloseTo(0.1, 2)
  })

  it('say little of each other if they differ', () => {
    const prior = variancePrior(samples(2, (index) => [0.01, 0.05, 0.2, 0.6][index % 4] ?? 0))
    expect(prior.freedom).toBeLessThan(3)
  })

  it('are drawn towards the others, the more so the fewer the observations', () => {
    const prior = { variance: 1, freedom: 6 }
    expect(moderate({ squares: 0, freedom: 2 }, prior)).toEqual({ variance: 0.75, freedom: 8 })
    expect(moderate({ squares: 400, freedom: 100 }, prior).variance).toBeCloseTo(406 / 106, 12)
  })
})

const autoregressive = (seed: number, rho: number, count = 60, length = 12) => {
  const normal = normals(seed)
  return Array.from({ length: count }, () => {
    let at = normal()
    return Array.from({ length }, () => (at = rho * at + Math.sqrt(1 - rho ** 2) * normal()))
  })
}

describe('neighbours in a series', () => {
  it.each([0, 0.3, 0.6])('correlate by about %s', (rho) => {
    expect(Math.abs(lagOneCorrelation(autoregressive(3, rho)) - rho)).toBeLessThan(0.12)
  })

  it('make the variance of a mean larger than the sample says: as much as was simulated', () => {
    expect(varianceInflation(0, 8)).toBe(1)
    const series = autoregressive(5, 0.6, 20_000, 8)
    const ofMeans = sumOfSquares(series.map((values) => mean(values))) / (series.length - 1)
    const within = mean(series.map((values) => sumOfSquares(values) / 7))
    expect(Math.abs(varianceInflation(0.6, 8) / ((8 * ofMeans) / within) - 1)).toBeLessThan(0.05)
  })

  it('tell nothing if there are too few, or all are equal', () => {
    expect(lagOneCorrelation([[1, 2, 3, 4, 5], Array<number>(9).fill(1)])).toBe(0)
  })
})
