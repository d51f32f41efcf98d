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
  /** How many times as long the candidate takes in the first cell. */
  readonly planted?: number
}

/** What a launch does to both versions; it must not matter. */
const ofLaunch = 0.2
const empty = await resultOf({})

function raced(seed: number, { cells, launches, noise, outliers = 0, planted = 1 }: Truth): Result {
  const random = seededRandom(seed * 7919)
  const normal = normals(random)
  const outlier = (): number => (random() < outliers ? Math.log(1.5) : 0)
  const pairs = Array.from({ length: cells }, (_, index) => {
    const own = noise(index) / Math.SQRT2
    const rounds = Array.from({ length: launches }, () => {
      const both = ofLaunch * normal()
      const change = index === 0 ? Math.log(planted) : 0
      return [0, change].map((version) => [10 * Math.exp(both + version + own * normal() + outlier())])
    })
    const named = { workload: `w${index}`, executor: index % 2 === 0 ? 'serial' : 'threads' }
    return (['A', 'B'] as const).map((arm, side) =>
      cell({ ...named, arm, launches: rounds.map((round) => round[side] ?? []) }),
    )
  })
  return { ...empty, cells: pairs.flat() }
}

const replicates = 100
const mostAlarms = 2 / replicates

function share(truth: Truth, isHit: (changes: readonly string[]) => boolean): number {
  const hits = Array.from({ length: replicates }, (_, seed) =>
    compareInTurns(raced(seed + 1, truth), []).cells.map(({ change }) => change),
  )
  return hits.filter(isHit).length / replicates
}

const noises: Readonly<Record<string, Truth['noise']>> = {
  '5 %': () => 0.05,
  '15 %': () => 0.15,
  'by cell, 1 to 30 %': (index) => [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.05, 0.03][index % 8] ?? 0,
  'by executor, 2 and 15 %': (index) => (index % 2 === 0 ? 0.02 : 0.15),
  'one cell, 30 %': (index) => (index === 3 ? 0.3 : 0.02),
}

it.each(
  Object.entries(noises).flatMap(([name, noise]) =>
    [2, 16].flatMap((cells) =>
      [3, 5, 12].flatMap((launches) =>
        [0, 0.1].map((outliers) => [name, cells, launches, outliers, noise] as const),
      ),
    ),
  ),
)(
  'hardly raises an alarm for the same code: noise of %s, %i cells, %i launches, outliers %f',
  (_, cells, launches, outliers, noise) => {
    const alarms = share({ cells, launches, noise, outliers }, (changes) =>
      changes.some((change) => change === 'slower' || change === 'faster'),
    )
    expect(alarms).toBeLessThanOrEqual(mostAlarms)
  },
)

it.each([
  [8, 2, 0.05],
  [10, 16, 0.08],
  [20, 16, 0.12],
])(
  'finds what takes a quarter longer, at %i launches of %i cells that spread by %f',
  (launches, cells, noise) => {
    const found = share(
      { cells, launches, noise: () => noise, planted: 1.25 },
      ([change]) => change === 'slower',
    )
    expect(found).toBeGreaterThanOrEqual(0.9)
  },
)

it('is sure of what did not change', () => {
  const unchanged = share({ cells: 16, launches: 10, noise: () => 0.03 }, (changes) =>
    changes.every((change) => change === 'unchanged'),
  )
  expect(unchanged).toBeGreaterThanOrEqual(0.9)
})
