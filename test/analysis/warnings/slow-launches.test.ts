/** Slow launches: found where there are some, by simulation with seeds, and next to never where there are none. */

import { describe, expect, test } from 'vitest'
import { withWarnings } from '#dist/analysis/warnings/index.js'
import { seededRandom } from '#dist/stats/random.js'
import { findSlowLaunches } from '#dist/stats/slow-launches.js'
import type { Result } from '../../../src/results/schema.ts'
import { cell, resultOf, verdict } from '../../results/fixture.ts'
import { foundShare, gauss, noises } from './simulated-launches.ts'

const shapes = [
  { cells: 24, launches: 3, rounds: 10 },
  { cells: 20, launches: 5, rounds: 5 },
  { cells: 18, launches: 10, rounds: 3 },
]

describe('in simulation', () => {
  // Chance would give 1 % of 180 runs; 7 of them are less probable than 1 in 200.
  test.each(Object.keys(noises) as (keyof typeof noises)[])(
    '%s alone is hardly ever taken for a group',
    (noise) => {
      const shares = shapes.map((shape) => foundShare({ ...shape, noise }, 60))
      expect(shares.reduce((sum, share) => sum + 60 * share, 0)).toBeLessThan(7)
    },
  )

  test('launches that are each a little off are no group', () => {
    const shares = shapes.map((shape) => foundShare({ ...shape, noise: '5 % iid', offset: 0.1 }, 60))
    expect(shares.reduce((sum, share) => sum + 60 * share, 0)).toBeLessThan(7)
  })

  test.each(['cell', 'pool', 'all'] as const)('a rare slow launch is found, slow together: %s', (shared) => {
    const shares = shapes.map((shape) => foundShare({ ...shape, noise: '5 % iid', slow: 0.1, shared }, 8))
    for (const share of shares) expect(share).toBeGreaterThanOrEqual(0.75)
  })

  test('so it is with many launches under heavier noise', () => {
    const shape = { cells: 24, launches: 20, rounds: 3 }
    expect(foundShare({ ...shape, noise: '15 % iid', slow: 0.1 }, 6)).toBeGreaterThanOrEqual(0.7)
  })
})

/** Twelve cells of three launches, of which the first of so many cells' takes 1.5 times as long. */
function foundAmong(slowCells: number): number {
  const random = seededRandom(2)
  const cells = Array.from({ length: 12 }, (_, index) => ({
    pool: `${index}`,
    launches: [0, 1, 2].map((launch) =>
      Array.from(
        { length: 10 },
        () => 0.02 * gauss(random) + (launch === 0 && index < slowCells ? Math.log(1.5) : 0),
      ),
    ),
  }))
  return findSlowLaunches(cells, random).length
}

describe('what cannot be told', () => {
  const random = seededRandom(1)

  test('one slow launch, however slow, from luck; three of them can', () => {
    expect([foundAmong(1), foundAmong(3)]).toEqual([0, 3])
  })

  test('single measurements, two launches, or none', () => {
    const launches = [[0], [0.01], [0.3], [0.02], [0.31]]
    expect(findSlowLaunches([], random)).toEqual([])
    expect(findSlowLaunches([{ pool: 'a', launches }], random)).toEqual([])
    expect(
      findSlowLaunches(
        [
          {
            pool: 'a',
            launches: [
              [0, 0],
              [0.3, 0.3],
            ],
          },
        ],
        random,
      ),
    ).toEqual([])
  })

  test('identical launches', () => {
    const launches = Array.from({ length: 10 }, () => [1, 1, 1])
    expect(findSlowLaunches([{ pool: 'a', launches }], random)).toEqual([])
  })
})

/** Ten sizes under two executors; launch 2 of threads is 30 % slower at the first six. */
async function result(slower: number): Promise<Result> {
  const random = seededRandom(3)
  const sizes = Array.from({ length: 10 }, (_, index) => index + 1)
  return resultOf({
    cells: sizes.flatMap((size) =>
      ['serial', 'threads'].map((executor) =>
        cell({
          executor,
          size,
          workers: 2,
          launches: Array.from({ length: 5 }, (_, launch) =>
            Array.from(
              { length: 5 },
              () =>
                10 *
                Math.exp(0.03 * gauss(random)) *
                (executor === 'threads' && launch === 2 && size <= 6 ? slower : 1),
            ),
          ),
        }),
      ),
    ),
    verdicts: sizes.map((size) => verdict({ kind: 'tie', executors: ['serial', 'threads'], size })),
  })
}

describe('a result', () => {
  test('tells of them at each verdict they touch, and once for the run', async () => {
    const { verdicts, warnings } = withWarnings(await result(1.3))
    expect(verdicts.map((each) => each.warnings.length)).toEqual([1, 1, 1, 1, 1, 1, 0, 0, 0, 0])
    expect(verdicts[0]?.warnings[0]).toMatch(
      /^slow-mode: .* \(1 of 5 launches of threads ×2 by (?:2[5-9]|3[0-5]) %\), which can make the wrong executor win; run again, .*\.$/u,
    )
    expect(warnings).toEqual([
      expect.stringMatching(
        /^slow-mode: launches fall into two groups: 6 of 100, under threads, .* by (?:2[5-9]|3[0-5]) %; .*\.$/u,
      ),
    ])
  })

  test('has nothing to tell of where there are none', async () => {
    const { verdicts, warnings } = withWarnings(await result(1))
    expect([...verdicts.flatMap((each) => each.warnings), ...(warnings ?? [])]).toEqual([])
  })

  test('says the same each time', async () => {
    const again = await result(1.3)
    expect(withWarnings(again)).toEqual(withWarnings(again))
  })

  test('survives makespans of 0 and failed cells', async () => {
    const { cells, ...rest } = await result(1.3)
    const odd = [
      cell({ executor: 'serial', launches: [[0], [0], [0]] }),
      cell({ executor: 'threads', medianMs: null, error: { name: 'Error', message: 'x' } }),
    ]
    expect(withWarnings({ ...rest, cells: [...cells, ...odd] }).warnings).toHaveLength(1)
  })
})
