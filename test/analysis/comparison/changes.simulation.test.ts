/** Comparisons of made-up days with known truth: how often an alarm is false, and how often a slowdown is found. */
import { describe, expect, it } from 'vitest'
import { changesOf } from '#dist/analysis/comparison/changes.js'
import type { Sample } from '#dist/analysis/comparison/changes.js'
import { seededRandom } from '#dist/stats/random.js'
import { normals } from '../crossover-races.js'

const workloads = 8
const sizes = 3
const executors = ['serial', 'event-loop', 'threads', 'processes']
const options = { margin: 0.05, error: 0.005, isDisturbed: false, areTimes: true }

interface Place {
  readonly workload: number
  readonly size: number
  readonly executor: number
}
interface Truth {
  readonly launches: number
  /** Standard deviation of a launch's logarithm. */
  readonly noise: (place: Place) => number
  /** What each cell, and each workload as a whole, is off by on a day. */
  readonly ofCell?: number
  readonly ofWorkload?: number
  /** Ratio by which all of one workload is slower in the candidate. */
  readonly planted?: number
}

function samples(seed: number, truth: Truth): Sample[] {
  const normal = normals(seededRandom(seed * 7919))
  const { launches, noise, ofCell = 0, ofWorkload = 0, planted = 1 } = truth
  const day = (shift: number, slower: number): number[][] =>
    Array.from({ length: workloads }, (_, workload) => {
      const together = shift + ofWorkload * normal() + (workload === 2 ? Math.log(slower) : 0)
      return Array.from({ length: sizes * executors.length }, (__, index) => {
        const place = { workload, size: Math.floor(index / 4), executor: index % 4 }
        const centre = 3 * place.size + together + ofCell * normal()
        return Array.from({ length: launches }, () => centre + noise(place) * normal())
      })
    }).flat()
  // The machine is 1.2 times as slow on the second day, which is nobody's change.
  const [before, after] = [day(0, 1), day(Math.log(1.2), planted)]
  return before.map((baseline, index) => ({
    workload: `w${Math.floor(index / 12)}`,
    executor: executors[index % 4] ?? '',
    baseline,
    candidate: after[index] ?? [],
  }))
}

const replicates = 60
const isAlarm = ({ change }: { change: string }): boolean => change === 'slower' || change === 'faster'

function share(truth: Truth, isHit: (kinds: ReturnType<typeof changesOf>) => boolean): number {
  const hits = Array.from({ length: replicates }, (_, seed) => changesOf(samples(seed + 1, truth), options))
  return hits.filter(isHit).length / replicates
}

const noises: Readonly<Record<string, Truth['noise']>> = {
  '5 %': () => 0.05,
  '15 %': () => 0.15,
  'by workload, 1 to 30 %': ({ workload }) => [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.05, 0.03][workload] ?? 0,
  'by executor, 1 to 20 %': ({ executor }) => [0.01, 0.02, 0.2, 0.05][executor] ?? 0,
  'of short makespans, 40 to 5 %': ({ size }) => [0.4, 0.1, 0.05][size] ?? 0,
}

describe('of the same code', () => {
  it.each(
    Object.entries(noises).flatMap(([name, noise]) =>
      [3, 10].flatMap((launches) => [
        [name, launches, 'days alike', { noise, launches }] as const,
        [name, launches, 'cells off by 5 %', { noise, launches, ofCell: 0.05 }] as const,
        [
          name,
          launches,
          'workloads off by 10 %',
          { noise, launches, ofWorkload: 0.1, ofCell: 0.02 },
        ] as const,
      ]),
    ),
  )('noise of %s, %i launches, %s: hardly an alarm', (_, __, ___, truth) => {
    expect(share(truth, ({ changes }) => changes.some(isAlarm))).toBeLessThanOrEqual(2 / replicates)
  })
})

describe('a slowdown of one workload by 25 %', () => {
  it.each([
    ['5 %', { noise: () => 0.05, launches: 10 }],
    ['1 to 20 %, by executor', { noise: noises['by executor, 1 to 20 %'] ?? (() => 0), launches: 10 }],
  ] as const)('is found at 10 launches and noise of %s', (_, truth) => {
    const found = share({ ...truth, planted: 1.25 }, ({ changes }) =>
      changes.slice(24, 36).some(({ change }) => change === 'slower'),
    )
    expect(found).toBeGreaterThanOrEqual(0.9)
  })

  it('is told without the shift of the machine, which is told apart', () => {
    const { shift, isShiftKnown, changes } = changesOf(
      samples(1, { noise: () => 0.02, launches: 10, planted: 1.25 }),
      options,
    )
    expect(isShiftKnown).toBe(true)
    expect(shift).toBeGreaterThan(1.17)
    expect(shift).toBeLessThan(1.23)
    for (const { change, ratio, interval } of changes.slice(24, 36)) {
      expect(change).toBe('slower')
      expect(ratio).toBeGreaterThan(1.15)
      expect(interval?.[0]).toBeGreaterThan(1.05)
    }
  })
})
