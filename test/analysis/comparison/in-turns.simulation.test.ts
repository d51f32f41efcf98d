/** Versions in turns with known truth: how often an alarm is false, and how often a slowdown is found. */
import { expect, it } from 'vitest'
import { compareInTurns } from '#dist/analysis/comparison/in-turns.js'
import { seededRandom } from '#dist/stats/random.js'
import type { Result } from '../../../src/results/schema.ts'
import { cell, resultOf } from '../../results/fixture.ts'
import { normals } from '../crossover-races.js'

interface Truth {
  readonly cells: number
  readonly launches: number
  /** Standard deviation of a launch's ratio, a logarithm. */
  readonly noise: (cell: number) => number
  /** How often a launch of one version takes half as long again. */
  readonly outliers?: number
  /** So many cells are sizes of one workload, in the same processes: a launch is off by the same luck in all of them. */
  readonly sizes?: number
  /** How many times as long the candidate takes in the first cell. */
  readonly planted?: number
}

/** What a launch does to both versions; it must not matter. */
const ofLaunch = 0.2
const empty = await resultOf({})

function raced(seed: number, truth: Truth): Result {
  const { cells, launches, noise, outliers = 0, sizes = 1, planted = 1 } = truth
  const random = seededRandom(seed * 7919)
  const normal = normals(random)
  const outlier = (): number => (random() < outliers ? Math.log(1.5) : 0)
  const lucks = Array.from({ length: Math.ceil(cells / sizes) }, () =>
    Array.from({ length: launches }, () => [normal() / Math.SQRT2, normal() / Math.SQRT2]),
  )
  const pairs = Array.from({ length: cells }, (_, index) => {
    const workload = Math.floor(index / sizes)
    const rounds = (lucks[workload] ?? []).map((luck) => {
      const both = ofLaunch * normal()
      const change = index === 0 ? Math.log(planted) : 0
      return luck.map((own, side) => [10 * Math.exp(both + side * change + noise(index) * own + outlier())])
    })
    const named = {
      workload: `w${workload}`,
      size: 1 + (index % sizes),
      executor: workload % 2 === 0 ? 'serial' : 'threads',
    }
    return (['A', 'B'] as const).map((arm, side) =>
      cell({ ...named, arm, launches: rounds.map((round) => round[side] ?? []) }),
    )
  })
  return { ...empty, cells: pairs.flat() }
}

function count(truth: Truth, replicates: number, isHit: (changes: readonly string[]) => boolean): number {
  const all = Array.from({ length: replicates }, (_, seed) =>
    compareInTurns(raced(seed + 1, truth), []).cells.map(({ change }) => change),
  )
  return all.filter(isHit).length
}

const isAlarm = (changes: readonly string[]): boolean =>
  changes.some((change) => change === 'slower' || change === 'faster')

const noises: Readonly<Record<string, Truth['noise']>> = {
  '5 %': () => 0.05,
  '15 %': () => 0.15,
  'by cell, 30 to 1 %': (index) => [0.3, 0.02, 0.05, 0.1, 0.2, 0.01, 0.05, 0.03][index % 8] ?? 0,
  'by executor, 2 and 15 %': (index) => (index % 2 === 0 ? 0.02 : 0.15),
  '2 %, and one cell of 30 %': (index) => (index === 0 ? 0.3 : 0.02),
}
const shapes: Readonly<Record<string, Pick<Truth, 'cells' | 'sizes'>>> = {
  'one cell': { cells: 1 },
  'three cells': { cells: 3 },
  'four cells': { cells: 4 },
  'four sizes of a workload': { cells: 4, sizes: 4 },
  '16 cells': { cells: 16 },
  'four sizes of four workloads': { cells: 16, sizes: 4 },
}

it.each(
  Object.entries(shapes).flatMap(([shape, cells]) =>
    [3, 5, 12].map((launches) => [shape, launches, cells] as const),
  ),
)('hardly raises an alarm for the same code: %s, %i launches', (_, launches, cells) => {
  const replicates = 60
  const truths = Object.values(noises).flatMap((noise) =>
    [0, 0.1].map((outliers) => ({ ...cells, launches, noise, outliers })),
  )
  const alarms = truths.map((truth) => count(truth, replicates, isAlarm))
  const sum = alarms.reduce((all, one) => all + one, 0)
  expect(sum / (truths.length * replicates), alarms.join()).toBeLessThanOrEqual(0.01)
})

it.each([
  [8, 1, 0.05],
  [10, 16, 0.08],
  [20, 16, 0.12],
])(
  'finds what takes a quarter longer, at %i launches of %i cells that spread by %f',
  (launches, cells, noise) => {
    const found = count(
      { cells, launches, noise: () => noise, planted: 1.25 },
      100,
      ([change]) => change === 'slower',
    )
    expect(found).toBeGreaterThanOrEqual(90)
  },
)

it('holds the truth in 95 of 100 intervals of a cell by itself', () => {
  const replicates = 3000
  const intervals = Array.from({ length: replicates }, (_, seed) => {
    const result = raced(seed + 1, { cells: 1, launches: 5, noise: () => 0.15 })
    return compareInTurns(result, []).cells[0]?.interval ?? [1, 1]
  })
  const held = intervals.filter(([low, high]) => low < 1 && high > 1).length
  expect(held / replicates).toBeGreaterThanOrEqual(0.94)
  expect(held / replicates).toBeLessThanOrEqual(0.96)
})

it('is sure of what did not change', () => {
  const unchanged = count({ cells: 16, launches: 10, noise: () => 0.03 }, 100, (changes) =>
    changes.every((change) => change === 'unchanged'),
  )
  expect(unchanged).toBeGreaterThanOrEqual(90)
})
