/** How fast the machine was is taken out of launches as far as a cell follows it, and with the doubt that this leaves. */
import { array, assert, double, property, record } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { atOneSpeed } from '#dist/analysis/comparison/machine-speed.js'
import type { Launch } from '#dist/analysis/comparison/launches.js'
import { seededRandom } from '#dist/stats/random.js'
import { mean } from '#dist/stats/summary.js'
import { normals } from '../crossover-races.js'

/** Launches of a cell of the level 3 that follows the machine so far, and speeds of the machine around `speed`. */
function day(seed: number, count: number, follows: number, speed: number, noise = 0.02): Launch[] {
  const normal = normals(seededRandom(seed))
  return Array.from({ length: count }, () => {
    const yardstick = speed + 0.1 * normal()
    return { log: 3 + follows * yardstick + noise * normal(), yardstick }
  })
}

const spread = (logs: readonly number[]): number => Math.max(...logs) - Math.min(...logs)
const logsOf = (launches: readonly Launch[]): number[] => launches.map(({ log }) => log)

const differenceOf = ({ baseline, candidate }: ReturnType<typeof atOneSpeed>): number =>
  mean(candidate) - mean(baseline)

describe('two days of the same code, one on a machine that is a third slower', () => {
  it.each([
    ['computes', 1, 1],
    ['waits', 0, 0],
    ['computes, and follows half', 0.5, 1],
    ['follows more than it computes', 0.6, 0.3],
  ])('leave no difference where a cell %s', (_, follows, computing) => {
    const adjusted = atOneSpeed(day(1, 20, follows, 0), day(2, 20, follows, 0.3), computing)
    expect(Math.abs(differenceOf(adjusted))).toBeLessThan(0.03)
    expect(adjusted.standardError).toBeLessThan(0.03)
  })

  it('with a launch each, believe that a cell follows as far as it computes, and doubt it', () => {
    const adjusted = atOneSpeed([{ log: 3, yardstick: 0 }], [{ log: 3.3, yardstick: 0.3 }], 1)
    expect(differenceOf(adjusted)).toBeCloseTo(0)
    expect(adjusted.standardError).toBeCloseTo(0.15)
  })
})

it('what the code changed stays, whatever the machine did', () => {
  const slower = day(2, 20, 1, -0.3).map(({ log, yardstick }) => ({ log: log + 0.2, yardstick }))
  expect(differenceOf(atOneSpeed(day(1, 20, 1, 0), slower, 1))).toBeCloseTo(0.2, 1)
})

it('launches spread less than before', () => {
  const before = day(1, 10, 1, 0)
  expect(spread(atOneSpeed(before, day(2, 10, 1, 0), 1).baseline)).toBeLessThan(spread(logsOf(before)) / 2)
})

it.each([
  ['the baseline', [{ log: 3, yardstick: null }], [{ log: 3.3, yardstick: 0.3 }]],
  [
    'one launch',
    [{ log: 3, yardstick: 0 }],
    [
      { log: 3.3, yardstick: 0.3 },
      { log: 3, yardstick: null },
    ],
  ],
  ['a day without launches', [], [{ log: 3.3, yardstick: 0.3 }]],
])('leaves launches as they are where the yardstick of %s is not known', (_, baseline, candidate) => {
  expect(atOneSpeed(baseline, candidate, 1)).toEqual({
    baseline: logsOf(baseline),
    candidate: logsOf(candidate),
    standardError: 0,
  })
})

it('a cell that only waits does not follow the machine, be it as exact as it may', () => {
  const steady = [
    { log: 1, yardstick: 0 },
    { log: 1, yardstick: 0.3 },
  ]
  expect(atOneSpeed(steady, steady, 0)).toEqual({ baseline: [1, 1], candidate: [1, 1], standardError: 0 })
})

const launch = record({
  log: double({ min: -10, max: 20, noNaN: true }),
  yardstick: double({ min: -3, max: 3, noNaN: true }),
})
const launches = array(launch, { minLength: 1, maxLength: 20 })

it('keeps the mean of the baseline, and swaps with it: the difference turns its sign', () => {
  assert(
    property(launches, launches, double({ min: 0, max: 1, noNaN: true }), (one, other, computing) => {
      const there = atOneSpeed(one, other, computing)
      const back = atOneSpeed(other, one, computing)
      expect(mean(there.baseline)).toBeCloseTo(mean(logsOf(one)), 6)
      expect(differenceOf(back)).toBeCloseTo(-differenceOf(there), 6)
      expect(back.standardError).toBeCloseTo(there.standardError, 6)
    }),
  )
})
