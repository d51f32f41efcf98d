/** The two rank tests, against distributions counted by hand. */

import { describe, expect, it } from 'vitest'
import { firstRankProbability } from '#dist/stats/first-rank.js'
import { trendOf } from '#dist/stats/trend.js'

describe('a trend', () => {
  it('has the exact probability of Kendall’s S', () => {
    // 2 of 4! orders are monotone; 2 · (1 + 3) of them have at most one inversion, or at most one ascent.
    expect(trendOf([1, 2, 3, 4])).toEqual({ probability: 2 / 24, slope: 1 })
    expect(trendOf([2, 1, 3, 4]).probability).toBeCloseTo(8 / 24)
    expect(trendOf([4, 3, 2, 1])).toEqual({ probability: 2 / 24, slope: -1 })
    expect(trendOf([1, 2, 3, 4, 5, 6, 7]).probability).toBeCloseTo(2 / 5040, 10)
  })

  it('is nothing sure in nothing', () => {
    expect(trendOf([])).toEqual({ probability: 1, slope: 0 })
    expect(trendOf([5])).toEqual({ probability: 1, slope: 0 })
    expect(trendOf([5, 5, 5]).probability).toBe(1)
  })

  it('takes the median slope, whatever one value does', () => {
    expect(trendOf([0, 1, 2, 100, 4, 5, 6]).slope).toBe(1)
  })
})

describe('a first rank', () => {
  it('has the exact probability', () => {
    expect(firstRankProbability([[3, 1, 2]])).toBeCloseTo(1 / 3)
    expect(firstRankProbability([[2, 1, 3]])).toBeCloseTo(2 / 3)
    expect(firstRankProbability([[1, 2, 3]])).toBe(1)
    expect(
      firstRankProbability([
        [3, 1, 2],
        [9, 1, 2],
      ]),
    ).toBeCloseTo(1 / 9)
    // Sums of two ranks of three that reach 3 of 4: (2,1), (1,2), (2,2).
    expect(
      firstRankProbability([
        [3, 1, 2],
        [2, 1, 3],
      ]),
    ).toBeCloseTo(3 / 9)
  })

  it('is certain where there is nothing to compare', () => {
    expect(firstRankProbability([])).toBe(1)
    expect(firstRankProbability([[1], []])).toBe(1)
  })
})
