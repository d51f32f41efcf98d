/** Crossovers against known truth, over a hundred seeded replicates each: bias, and how often intervals hold. */
import { describe, expect, it } from 'vitest'
import { findCrossovers, leadCrossing } from '#dist/analysis/crossover.js'
import { Spreads } from '#dist/analysis/spreads.js'
import { nextSize } from '#dist/harness/refine.js'
import { seededRandom } from '#dist/stats/random.js'
import { median } from '#dist/stats/summary.js'
import type { Cost } from './crossover-races.js'
import { normals, raceAt, trueCrossing } from './crossover-races.js'

const replicates = 100
const sizes = [1e2, 1e3, 1e4, 1e5, 1e6]

interface Outcome {
  /** Ratio of the estimate to the truth, the median over replicates. */
  readonly bias: number
  /** Shares of the estimates whose interval, and of the changes whose bracket, holds the truth. */
  readonly covered: number
  readonly bracketed: number
  readonly estimated: number
  readonly found: number
}

/** Two arms, sizes ten times apart, and as the harness does it two more where the lead changes. */
function simulate(serial: Cost, pool: Cost, { added = 2, launches = 3, addedLaunches = 6 } = {}): Outcome {
  const truth = trueCrossing(serial, pool, sizes[0] ?? 0, sizes.at(-1) ?? 0)
  const options = { confidence: 0.95, margin: 0.05, plannedPairs: (sizes.length + 2) * 2 }
  const ratios: number[] = []
  let [covered, brackets, bracketed, found] = [0, 0, 0, 0]
  for (let seed = 1; seed <= replicates; seed++) {
    const normal = normals(seededRandom(seed * 7919))
    let races = sizes.map((size) => raceAt(size, [serial, pool], launches, 0.05, normal))
    let last: number | null = null
    for (let turn = 0; turn < added; turn++) {
      const estimate = leadCrossing(races, 0, options.margin)
      const measured = races.map(({ size }) => size)
      const size: number | null = estimate === null ? null : nextSize(estimate, measured, last)
      if (size === null) break
      races = [...races, raceAt(size, [serial, pool], addedLaunches, 0.05, normal)].toSorted(
        (one, other) => one.size - other.size,
      )
      last = size
    }
    const spreads = new Spreads(races.map(({ race }) => race))
    for (const crossover of findCrossovers(races, ['serial', 'pool'], 0, spreads, { ...options, seed })) {
      const holds = ([low, high]: readonly [number | null, number | null]): boolean =>
        (low ?? 0) <= truth && truth <= (high ?? Infinity)
      brackets++
      if (holds(crossover.bracket) && crossover.from === 0) bracketed++
      if (crossover.answer === 'found') found++
      if (crossover.size === null) continue
      ratios.push(crossover.size / truth)
      if (crossover.interval !== null && holds(crossover.interval)) covered++
    }
  }
  return {
    bias: median(ratios),
    covered: covered / ratios.length,
    bracketed: bracketed / brackets,
    estimated: ratios.length / replicates,
    found: found / replicates,
  }
}

const steep: [Cost, Cost] = [(n) => 0.02 + 1e-3 * n, (n) => 6 + 0.5e-3 * n]
const curved: [Cost, Cost] = [(n) => 0.05 + 1e-3 * n, (n) => 8 + 0.11e-3 * n ** 1.1]
const midway: [Cost, Cost] = [(n) => 0.05 + 1e-3 * n, (n) => 35 + 0.5e-3 * n]
/** The pool gains no more than 15 %. */
const shallow: [Cost, Cost] = [(n) => 1 + 1e-3 * n, (n) => 3 + 0.85e-3 * n]

describe('a crossover between cost curves, launches off by 5 %', () => {
  it.each([
    ['a + b·n against c + d·n', steep],
    ['a + b·n against c + d·n^1.1', curved],
    ['a + b·n against c + d·n, far from the sizes listed', midway],
  ])('%s: is estimated without bias, inside of its interval and of its bracket', (_, [serial, pool]) => {
    const { bias, covered, bracketed, estimated, found } = simulate(serial, pool)
    expect(estimated).toBe(1)
    // A lone race of two arms knows little of its spread after three launches.
    expect(found).toBeGreaterThan(0.8)
    expect(Math.max(bias, 1 / bias)).toBeLessThan(1.04)
    expect(covered).toBeGreaterThan(0.93)
    expect(bracketed).toBeGreaterThan(0.95)
  })

  it('is known less well where it is shallow, and its interval says so', () => {
    const { bias, covered, bracketed } = simulate(...shallow)
    expect(Math.max(bias, 1 / bias)).toBeLessThan(1.15)
    expect(covered).toBeGreaterThan(0.9)
    expect(bracketed).toBeGreaterThan(0.95)
  })

  it('is biased without the added sizes, and its interval knows', () => {
    const { bias, covered } = simulate(...steep, { added: 0 })
    expect(bias).toBeGreaterThan(1.1)
    expect(covered).toBeGreaterThan(0.98)
  })
})
