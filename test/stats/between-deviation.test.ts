/** By how much true values differ beyond their own errors, against made-up values of known truth. */
import { describe, expect, it } from 'vitest'
import { betweenDeviation, robustBetweenDeviation } from '#dist/stats/between-deviation.js'
import { seededRandom } from '#dist/stats/random.js'
import { normals } from '../analysis/crossover-races.js'

const count = 2000

/** Half of them precise, half not. */
function values(seed: number, deviation: number, changedEvery = Infinity) {
  const normal = normals(seededRandom(seed))
  return Array.from({ length: count }, (_, index) => {
    const standardError = index % 2 === 0 ? 0.01 : 0.1
    const change = index % changedEvery === changedEvery - 1 ? 5 : 0
    return { difference: deviation * normal() + standardError * normal() + change, standardError, share: 1 }
  })
}

describe.each([
  ['by the mean', betweenDeviation],
  ['by the median', robustBetweenDeviation],
])('what values differ by, %s', (_by, of) => {
  it.each([0.02, 0.05, 0.5])('is %f', (deviation) => {
    const found = of(values(1, deviation))
    expect(found / deviation).toBeGreaterThan(0.9)
    expect(found / deviation).toBeLessThan(1.1)
  })

  it('is hardly anything where their errors explain all', () => {
    expect(of(values(2, 0))).toBeLessThan(0.005)
  })

  it('is told by those that take part', () => {
    const [precise, noisy] = [0.01, 0.1].map((standardError) =>
      values(4, 0.05).filter((value) => value.standardError === standardError),
    ) as [ReturnType<typeof values>, ReturnType<typeof values>]
    const without = noisy.map((value) => ({ ...value, share: 0 }))
    const found = of([...precise, ...without])
    expect(found).toBeGreaterThan(0.04)
    expect(found).toBeLessThan(0.1)
  })

  it.each([
    ['no value', []],
    ['one value', [{ difference: 1, standardError: 0.1, share: 1 }]],
    ['values that are exactly alike', [1, 2].map(() => ({ difference: 0, standardError: 0, share: 1 }))],
  ])('is nothing for %s', (_, given) => {
    expect(of(given)).toBe(0)
  })
})

it('of few values is not the smaller for their middle being one of them', () => {
  const two = [-1, 1].map((difference) => ({ difference, standardError: 0, share: 1 }))
  expect(betweenDeviation(two)).toBeCloseTo(Math.SQRT2, 5)
})

it('hardly moves where one in nine really changed, by the median', () => {
  expect(robustBetweenDeviation(values(3, 0.05, 9)) / 0.05).toBeLessThan(1.5)
})
