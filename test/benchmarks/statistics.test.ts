/** A small part of the calibration, seeded: runs of ties in which nothing false may be said, and clear differences. */
import { describe, expect, it } from 'vitest'
import { noiseModels } from '../../benchmarks/statistics/noise.js'
import { simulate } from '../../benchmarks/statistics/simulate.js'

/** The bench plays 32. */
const seeds = [1, 2]
const every = (relative: readonly number[]) => Array.from({ length: 4 }, () => relative)

describe('simulated runs', () => {
  it.each(Object.keys(noiseModels))('say nothing false of ties under noise: %s', (model) => {
    const { falseStatement, missed, intervals } = simulate({ model, truth: every([1, 1, 1, 1]), seed: 1 })
    expect(falseStatement).toBe(false)
    expect(missed / intervals).toBeLessThan(0.05)
  })

  it('find a ratio of 1.3 at 15 % noise, mostly within six launches', () => {
    const decidedAt = seeds
      .flatMap((seed) => simulate({ model: '15 %, independent', truth: every([1.3, 1.3, 1.3, 1]), seed }))
      .flatMap((run) => run.decidedAt)
      .toSorted((a, b) => a - b)
    expect(decidedAt.length).toBe(seeds.length * 12)
    expect(decidedAt[decidedAt.length >> 1]).toBeLessThanOrEqual(6)
  })
})
