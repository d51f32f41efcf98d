/** What is said of crossovers, on races of known truth. */
import { describe, expect, it } from 'vitest'
import * as fc from 'fast-check'
import { crossingOf, estimateCrossing } from '#dist/analysis/crossing.js'
import { findCrossovers, leadCrossing } from '#dist/analysis/crossover.js'
import type { PairCrossover, SizeRace } from '#dist/analysis/pair-crossover.js'
import { Spreads } from '#dist/analysis/spreads.js'
import { seededRandom } from '#dist/stats/random.js'
import type { Cost } from './crossover-races.js'
import { racesAt } from './crossover-races.js'

const options = { confidence: 0.95, margin: 0.05, plannedPairs: 24, seed: 1 }
const names = ['serial', 'threads', 'processes']

function crossoversIn(races: readonly SizeRace[], serial = 0): PairCrossover[] {
  const spreads = new Spreads(races.map(({ race }) => race))
  return findCrossovers(races, names, serial, spreads, options)
}

const ofPair = (found: readonly PairCrossover[], ...pair: [number, number]): PairCrossover[] =>
  found.filter(({ from, to }) => pair.includes(from) && pair.includes(to))

/** What a makespan is by size, for a pool against a serial executor that takes n. */
const table =
  (factors: Readonly<Record<number, number>>): Cost =>
  (size) =>
    size * (factors[size] ?? 1)
const serial: Cost = (size) => size

describe('crossingOf', () => {
  const xs = [0, 1, 2, 3]

  it('interpolates between the two points where the curve falls through zero', () => {
    expect(crossingOf(xs, [3, 1, -1, -2])).toBeCloseTo(1.5)
    expect(crossingOf(xs, [3, 2, 1, -3])).toBeCloseTo(2.25)
    expect(crossingOf(xs, [1, 0, -1, -1])).toBeCloseTo(1)
  })

  it('tells on which side of the points it is where it is not among them', () => {
    expect(crossingOf(xs, [3, 2, 1, 0.5])).toBe(Infinity)
    expect(crossingOf(xs, [-1, -2, 1, -3])).toBe(-Infinity)
    expect(crossingOf(xs, [-1, -2, 1, 3])).toBeNaN()
  })

  it('takes the middle of a stretch where noise crosses several times', () => {
    expect(crossingOf(xs, [2, -0.1, 0.1, -2])).toBeCloseTo(1)
    const crossing = crossingOf([0, 1, 2, 3, 4], [4, 1, -0.2, 0.1, -3])
    expect(crossing).toBeGreaterThan(1)
    expect(crossing).toBeLessThan(3)
  })

  it('is found between the ends of every curve that begins above zero and ends below', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 0, maxLength: 6 }),
        (middle) => {
          const ys = [1, ...middle, -1]
          const crossing = crossingOf([...ys.keys()], ys)
          expect(crossing).toBeGreaterThanOrEqual(0)
          expect(crossing).toBeLessThanOrEqual(ys.length - 1)
        },
      ),
    )
  })
})

describe('estimateCrossing', () => {
  const close = [
    { size: 100, ratios: [0.11, 0.09, 0.1, 0.1] },
    { size: 120, ratios: [-0.11, -0.09, -0.1, -0.1] },
  ]

  it('is repeated exactly by its seed, and holds its estimate', () => {
    const first = estimateCrossing(close, seededRandom(1))
    expect(first).toEqual(estimateCrossing(close, seededRandom(1)))
    expect(first?.size).toBeCloseTo(Math.sqrt(100 * 120), 6)
    const [low, high] = first?.interval ?? [null, null]
    expect(low).toBeGreaterThan(100)
    expect(low).toBeLessThan(first?.size ?? 0)
    expect(high).toBeGreaterThan(first?.size ?? Infinity)
    expect(high).toBeLessThan(120)
  })

  it('reaches out to sizes that are far apart: what the curve does between them is not known', () => {
    const far = close.map(({ ratios }, index) => ({ size: index === 0 ? 100 : 10_000, ratios }))
    expect(estimateCrossing(far, seededRandom(1))).toMatchObject({ interval: [100, 10_000] })
  })

  it('opens the end where the launches do not exclude a crossing beyond', () => {
    const noisy = [
      { size: 100, ratios: [0.5, 0.6, 0.55] },
      { size: 120, ratios: [-0.1, 0.2, -0.3] },
    ]
    const { interval } = estimateCrossing(noisy, seededRandom(1)) ?? {}
    expect(interval?.[0]).toBeGreaterThan(100)
    expect(interval?.[1]).toBeNull()
  })

  it('is open at both ends where the launches might as well rise', () => {
    const wild = [
      { size: 100, ratios: [1, -0.9, 0.1] },
      { size: 120, ratios: [-1, 0.9, -0.1] },
    ]
    expect(estimateCrossing(wild, seededRandom(1))).toMatchObject({ interval: [null, null] })
  })

  it('has no interval from one launch, and no estimate where nothing crosses', () => {
    const single = close.map(({ size, ratios }) => ({ size, ratios: ratios.slice(0, 1) }))
    expect(estimateCrossing(single, seededRandom(1))).toMatchObject({ interval: null })
    expect(estimateCrossing(close.slice(0, 1), seededRandom(1))).toBeNull()
  })
})

describe('a pair', () => {
  it('is found to cross between the sizes at which each is surely faster', () => {
    const races = racesAt([10, 100, 1000], [serial, table({ 10: 4, 100: 2, 1000: 0.5 })])
    const [found, ...others] = crossoversIn(races)
    expect(others).toEqual([])
    expect(found).toMatchObject({ from: 0, to: 1, answer: 'found', bracket: [100, 1000] })
    expect(found?.size).toBeGreaterThan(100)
    expect(found?.size).toBeLessThan(1000)
    expect(found?.reason).toBe('serial is surely faster at size 100, threads is surely faster at size 1000')
  })

  it('may change from the pool to serial: then from and to say so', () => {
    const races = racesAt([10, 1000], [serial, table({ 10: 0.5, 1000: 2 })])
    expect(crossoversIn(races)).toMatchObject([{ from: 1, to: 0, answer: 'found', bracket: [10, 1000] }])
  })

  it('that changes there and back has both crossovers', () => {
    const races = racesAt([1, 10, 100, 1000], [serial, table({ 1: 3, 10: 0.4, 100: 0.5, 1000: 2 })])
    expect(crossoversIn(races)).toMatchObject([
      { from: 0, to: 1, answer: 'found', bracket: [1, 10] },
      { from: 1, to: 0, answer: 'found', bracket: [100, 1000] },
    ])
  })

  it('does not cross where the same one is faster, or nobody by more than the margin', () => {
    const none = { answer: 'none in range', size: null, interval: null, bracket: [null, null] }
    const behind = racesAt([10, 100], [serial, table({ 10: 4, 100: 3 })])
    expect(crossoversIn(behind)).toMatchObject([
      { ...none, reason: 'serial is surely faster at sizes 10 to 100' },
    ])
    const level = { launches: 20, launchSpread: 0.002 }
    expect(crossoversIn(racesAt([10, 100], [serial, serial], level))).toMatchObject([
      { ...none, reason: 'serial and threads are within the margin at sizes 10 to 100' },
    ])
    const ahead = racesAt([10, 100], [serial, table({ 10: 1, 100: 0.5 })], level)
    expect(crossoversIn(ahead)).toMatchObject([
      { ...none, reason: 'threads is surely faster or within the margin at sizes 10 to 100' },
    ])
  })

  it('is unbounded below where only the larger sizes are sure, and above where only the smaller ones are', () => {
    const launches = { launches: 3, launchSpread: 0.01 }
    const below = racesAt([10, 100, 1000], [serial, table({ 10: 1.1, 100: 0.9, 1000: 0.4 })], launches)
    expect(crossoversIn(below)).toMatchObject([
      { from: 0, to: 1, answer: 'unbounded', bracket: [null, 1000] },
    ])
    const above = racesAt([10, 100, 1000], [serial, table({ 10: 4, 100: 1.1, 1000: 0.9 })], launches)
    const [crossover] = crossoversIn(above)
    expect(crossover).toMatchObject({ from: 0, to: 1, answer: 'unbounded', bracket: [10, null] })
    // The makespans cross, if not surely.
    expect(crossover?.size).toBeGreaterThan(100)
    expect(crossover?.size).toBeLessThan(1000)
  })

  it('is asked from which size on the pool is faster where both ends are open', () => {
    const factors = { 10: 1.1, 100: 4, 1000: 1.1 }
    const slower = racesAt([10, 100, 1000], [serial, table(factors)], { launches: 3 })
    expect(crossoversIn(slower)).toMatchObject([{ from: 0, to: 1, bracket: [100, null] }])
    const faster = racesAt([10, 100, 1000], [table(factors), serial], { launches: 3 })
    expect(crossoversIn(faster)).toMatchObject([{ from: 0, to: 1, bracket: [null, 100] }])
  })

  it('is unbounded without an estimate where no makespans cross', () => {
    const races = racesAt([10, 100], [serial, table({ 10: 0.9, 100: 0.4 })], { launches: 3 })
    expect(crossoversIn(races)).toMatchObject([
      { from: 0, to: 1, answer: 'unbounded', size: null, interval: null, bracket: [null, 100] },
    ])
  })

  it('has the direction of its makespans where nothing is sure', () => {
    const falls = racesAt([10, 100], [serial, table({ 10: 1.1, 100: 0.9 })], { launches: 3 })
    expect(crossoversIn(falls)).toMatchObject([{ from: 0, to: 1, bracket: [null, null] }])
    const rises = racesAt([10, 100], [serial, table({ 10: 0.9, 100: 1.1 })], { launches: 3 })
    expect(crossoversIn(rises)).toMatchObject([{ from: 1, to: 0, bracket: [null, null] }])
  })

  it('takes a verdict that stands for what it is, whatever was learnt later', () => {
    const wild = racesAt([10, 1000], [serial, table({ 10: 1.2, 1000: 0.8 })], { launchSpread: 0.6 })
    expect(crossoversIn(wild)).toMatchObject([{ answer: 'unbounded' }])
    const settled = wild.map((at, index) => ({
      ...at,
      settled: {
        kind: 'winner',
        leaders: [index],
        launches: 3,
        launchesNeeded: null,
        outOfReach: false,
      } as const,
    }))
    // The launches alone would have no estimate.
    expect(crossoversIn(settled)).toMatchObject([
      { from: 0, to: 1, answer: 'found', size: 100, bracket: [10, 1000], interval: [10, 1000] },
    ])
  })

  it('has the bracket for an interval where its launches leave that open', () => {
    const wild: SizeRace[] = [
      { size: 10, ratios: [1.5, 1.4, -1] },
      { size: 1000, ratios: [-1.5, -1.4, 1] },
    ].map(({ size, ratios }) => ({
      size,
      settled: undefined,
      race: { arms: [ratios.map(() => [1]), ratios.map((ratio) => [Math.exp(ratio)])] },
    }))
    const [open] = crossoversIn(wild)
    expect(open?.size).not.toBeNull()
    expect(open?.interval).toContain(null)
    const settled = wild.map((at, index) => ({
      ...at,
      settled: {
        kind: 'winner',
        leaders: [index],
        launches: 3,
        launchesNeeded: null,
        outOfReach: false,
      } as const,
    }))
    expect(crossoversIn(settled)).toMatchObject([{ size: open?.size, interval: [10, 1000] }])
  })

  it('needs two sizes', () => {
    expect(crossoversIn(racesAt([10], [serial, table({ 10: 4 })]))).toEqual([])
  })
})

describe('the pairs of a workload', () => {
  const threads = table({ 10: 4, 100: 0.5, 1000: 0.6 })
  const processes = table({ 10: 9, 100: 2, 1000: 0.3 })

  it('are serial against each other, and those between which the lead changes', () => {
    const found = crossoversIn(racesAt([10, 100, 1000], [serial, threads, processes]))
    expect(found).toHaveLength(3)
    expect(ofPair(found, 0, 1)).toMatchObject([{ from: 0, to: 1, bracket: [10, 100] }])
    expect(ofPair(found, 0, 2)).toMatchObject([{ from: 0, to: 2, bracket: [100, 1000] }])
    expect(ofPair(found, 1, 2)).toMatchObject([{ from: 1, to: 2, bracket: [100, 1000] }])
  })

  it('leave out a change of the lead that is mere noise', () => {
    const alike = table({ 10: 4.01, 100: 0.495, 1000: 0.61 })
    const found = crossoversIn(racesAt([10, 100, 1000], [serial, threads, alike], { launchSpread: 0.03 }))
    expect(ofPair(found, 1, 2)).toEqual([])
  })

  it('do without serial where it was not run, and without an arm that failed', () => {
    const withoutSerial = racesAt([10, 100, 1000], [threads, processes, (size) => 20 * size])
    expect(ofPair(crossoversIn(withoutSerial, -1), 0, 1)).toMatchObject([{ from: 0, to: 1 }])
    const failed = racesAt([10, 100, 1000], [serial, threads]).map((at) => ({
      ...at,
      race: { arms: [...at.race.arms, []] },
    }))
    expect(crossoversIn(failed)).toMatchObject([{ from: 0, to: 1 }])
  })
})

const leadAt = (...costs: Cost[]): number | null => leadCrossing(racesAt([10, 100, 1000], costs), 0, 0.05)

describe('leadCrossing', () => {
  it('is where the leader at the largest size overtakes serial, not where another one does', () => {
    const crossing = leadAt(
      serial,
      table({ 10: 2, 100: 0.8, 1000: 0.9 }),
      table({ 10: 4, 100: 2, 1000: 0.3 }),
    )
    expect(crossing).toBeGreaterThan(100)
    expect(crossing).toBeLessThan(1000)
  })

  it('is another change of the lead where serial never has it', () => {
    const crossing = leadAt(table({ 10: 9, 100: 9, 1000: 9 }), table({ 10: 1, 100: 2, 1000: 2 }), serial)
    expect(crossing).toBeNull()
    const changes = leadAt(table({ 10: 9, 100: 9, 1000: 9 }), serial, table({ 10: 4, 100: 0.5, 1000: 0.3 }))
    expect(changes).toBeGreaterThan(10)
    expect(changes).toBeLessThan(100)
  })

  it('is nowhere if the difference is within the margin or the noise on one side', () => {
    expect(leadAt(serial, table({ 10: 1.02, 100: 0.8, 1000: 0.5 }))).toBeNull()
    const noisy = racesAt([10, 1000], [serial, table({ 10: 1.1, 1000: 0.9 })], {
      launches: 3,
      launchSpread: 0.5,
      seed: 4,
    })
    expect(leadCrossing(noisy, 0, 0.05)).toBeNull()
    expect(leadCrossing([], 0, 0.05)).toBeNull()
  })
})
