/** The formulas of `stats` against numbers that another program found in another way, with 50 digits. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { quantile, resampledMean } from '#dist/stats/bootstrap.js'
import { mixtureRadius } from '#dist/stats/confidence-sequence.js'
import { digamma, inverseTrigamma, trigamma } from '#dist/stats/gamma-derivatives.js'
import { seededRandom } from '#dist/stats/random.js'
import { studentTQuantile } from '#dist/stats/student-t.js'
import { mean, median, sumOfSquares } from '#dist/stats/summary.js'

interface Reference {
  studentTQuantile: { probability: number; freedom: number; value: string }[]
  normalMixtureRadius: { n: number; variance: number; threshold: number; tuning: number; value: string }[]
  tMixtureRadius: { n: number; sumOfSquares: number; threshold: number; tuning: number; value: string }[]
  polygamma: { x: number; digamma: string; trigamma: string }[]
  samples: {
    sample: number[]
    mean: string
    median: string
    sumOfSquares: string
    quantiles: { probability: number; value: string }[]
  }[]
}

const reference = JSON.parse(
  readFileSync(new URL('reference/reference.json', import.meta.url), 'utf8'),
) as Reference

/** Relative to the value, or absolute where it is 0. */
function expectClose(found: number, value: string, tolerance: number): void {
  const wanted = Number(value)
  expect(Math.abs(found - wanted) / (Math.abs(wanted) || 1)).toBeLessThan(tolerance)
}

describe('reference vectors', () => {
  it.each(reference.studentTQuantile)('t quantile of $probability at $freedom', (at) => {
    expectClose(studentTQuantile(at.probability, at.freedom), at.value, 1e-12)
  })

  it.each(reference.normalMixtureRadius)(
    'normal mixture radius of $n, the limit of many degrees of freedom',
    (at) => {
      expectClose(
        mixtureRadius(at.n, { variance: at.variance, freedom: 1e7 }, at.threshold, at.tuning),
        at.value,
        1e-5,
      )
    },
  )

  it.each(reference.tMixtureRadius)('t mixture radius of $n at threshold $threshold', (at) => {
    const own = { variance: at.sumOfSquares / (at.n - 1), freedom: at.n - 1 }
    expectClose(mixtureRadius(at.n, own, at.threshold, at.tuning), at.value, 1e-12)
  })

  it.each(reference.polygamma)('derivatives of ln gamma at $x', (at) => {
    expectClose(digamma(at.x), at.digamma, 1e-12)
    expectClose(trigamma(at.x), at.trigamma, 1e-12)
    expectClose(inverseTrigamma(trigamma(at.x)), String(at.x), 1e-8)
  })

  it.each(reference.samples)('mean, median, squares and quantiles of $sample', (at) => {
    expectClose(mean(at.sample), at.mean, 1e-14)
    expectClose(median(at.sample), at.median, 1e-14)
    expectClose(sumOfSquares(at.sample), at.sumOfSquares, 1e-13)
    for (const { probability, value } of at.quantiles)
      expectClose(quantile(at.sample, probability), value, 1e-14)
  })
})

describe('the t quantile', () => {
  it('is odd, 0 in the middle, and not a number where there is none', () => {
    expect(studentTQuantile(0.025, 4)).toBeCloseTo(-studentTQuantile(0.975, 4), 12)
    expect(studentTQuantile(0.5, 4)).toBe(0)
    for (const probability of [0, 1, -1, Number.NaN]) expect(studentTQuantile(probability, 4)).toBeNaN()
    expect(studentTQuantile(0.9, 0)).toBeNaN()
  })
})

describe('the bootstrap', () => {
  it('draws means that spread as they should', () => {
    const random = seededRandom(3)
    const sample = [1, 2, 6]
    const means = Array.from({ length: 20_000 }, () => resampledMean(sample, random))
    expect(mean(means)).toBeCloseTo(3, 1)
    // The variance of a resampled mean is the sum of squares / n².
    expect(sumOfSquares(means) / means.length).toBeCloseTo(sumOfSquares(sample) / 9, 1)
    expect(Math.min(...means)).toBe(1)
    expect(Math.max(...means)).toBe(6)
  })

  it('keeps infinite members apart from the others', () => {
    const sample = [-Infinity, 1, 2, 3, Infinity]
    expect(quantile(sample, 0)).toBe(-Infinity)
    expect(quantile(sample, 0.5)).toBe(2)
    expect(quantile(sample, 0.1)).toBe(-Infinity)
    expect(quantile(sample, 0.2)).toBe(1)
    expect(quantile(sample, 1)).toBe(Infinity)
    expect(quantile([], 0.5)).toBeNaN()
  })
})
