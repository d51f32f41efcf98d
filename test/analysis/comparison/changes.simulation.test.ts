/** Comparisons of made-up days with known truth: how often an alarm is false, and how often a slowdown is found. */
import { describe, expect, it } from 'vitest'
import { changesOf } from '#dist/analysis/comparison/changes.js'
import { plainLaunch, plantedWorkload, samplesOf } from './days.js'
import type { Truth } from './days.js'

const options = { margin: 0.05, error: 0.005, isDisturbed: false, areTimes: true }

const replicates = 30
/** What is rare takes more of them to show. */
const replicatesOfAlarms = 60
const mostAlarms = 2 / replicatesOfAlarms
const isAlarm = ({ change }: { change: string }): boolean => change === 'slower' || change === 'faster'

function share(
  truth: Truth,
  isHit: (kinds: ReturnType<typeof changesOf>) => boolean,
  count = replicates,
): number {
  const hits = Array.from({ length: count }, (_, seed) => changesOf(samplesOf(seed + 1, truth), options))
  return hits.filter(isHit).length / count
}

const alarmsOf = (truth: Truth): number =>
  share(truth, ({ changes }) => changes.some(isAlarm), replicatesOfAlarms)

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
  )('noise of %s, %i launches, %s: hardly an alarm', (_, launches, kind, truth) => {
    expect(alarmsOf(truth)).toBeLessThanOrEqual(kind === 'days alike' && launches === 10 ? 0 : mostAlarms)
  })
})

/** Of five workloads with four cells each, this one waits for a timer or a service; it is the one that is slowed. */
const withWaiting = {
  workloads: 5,
  sizes: 1,
  noise: ({ workload }) => (workload === plantedWorkload ? 0.02 : 0.15),
  computing: (workload) => (workload === plantedWorkload ? 0.05 : 1),
} satisfies Omit<Truth, 'launches'>
const hardDays: readonly (readonly [string, Partial<Truth>])[] = [
  ['days alike', { slowerDay: 1 }],
  ['a slower machine', { slowerDay: 1.3 }],
  ['a faster machine', { slowerDay: 0.75 }],
  ['days that add half of the noise', { ofNoise: 0.5 }],
  ['computing workloads off by 10 %', { ofWorkload: 0.1 }],
  ['one launch in twenty half as long again', { outliers: 0.05 }],
]

describe('a steady workload that waits, among noisy ones that compute', () => {
  it.each(hardDays)('raises hardly an alarm: %s', (_, days) => {
    const truth = { ...withWaiting, ...days, launches: 10 }
    expect(alarmsOf(truth)).toBeLessThanOrEqual(mostAlarms)
  })

  it.each(hardDays)('is found when it is slower by 25 %: %s', (_, days) => {
    const truth = { ...withWaiting, ...days, launches: 10, planted: 1.25 }
    const found = share(truth, ({ changes }) =>
      changes.slice(4 * plantedWorkload, 4 * (plantedWorkload + 1)).some(({ change }) => change === 'slower'),
    )
    expect(found).toBeGreaterThanOrEqual(0.9)
  })
})

/** A machine whose speed changes from launch to launch by more than what is looked for, and from day to day. */
const unsteady: Omit<Truth, 'launches'> = {
  workloads: 5,
  sizes: 1,
  noise: () => 0.03,
  slowerDay: 1,
  speed: { ofDay: 0.15, ofLaunch: 0.15, misread: 0.02, follows: 0.2 },
}
const isPlantedFound = ({ changes }: ReturnType<typeof changesOf>): boolean =>
  changes.slice(4 * plantedWorkload, 4 * (plantedWorkload + 1)).some(({ change }) => change === 'slower')
const withoutYardstick = (samples: ReturnType<typeof samplesOf>) =>
  samples.map((sample) => ({
    ...sample,
    baseline: sample.baseline.map(({ log }) => plainLaunch(log)),
    candidate: sample.candidate.map(({ log }) => plainLaunch(log)),
  }))

describe('a machine whose speed changes, with a yardstick beside each launch', () => {
  it.each([
    [3, 'all compute', {}],
    [10, 'all compute', {}],
    [10, 'one waits', { computing: withWaiting.computing, noise: withWaiting.noise }],
    [10, 'cells off by 5 %', { ofCell: 0.05 }],
    [
      10,
      'a yardstick that tells half of it',
      { speed: { ofDay: 0.1, ofLaunch: 0.1, misread: 0.1, follows: 0.2 } },
    ],
  ] as const)('raises hardly an alarm: %i launches, %s', (launches, _, truth) => {
    expect(alarmsOf({ ...unsteady, ...truth, launches })).toBeLessThanOrEqual(mostAlarms)
  })

  it('shows a slowdown by 25 % that does not show without it', () => {
    const seeds = Array.from({ length: replicates }, (_, seed) =>
      samplesOf(seed + 1, { ...unsteady, launches: 10, planted: 1.25 }),
    )
    expect(
      seeds.filter((samples) => isPlantedFound(changesOf(samples, options))).length,
    ).toBeGreaterThanOrEqual(0.9 * replicates)
    const blind = seeds.map(withoutYardstick)
    expect(blind.filter((samples) => isPlantedFound(changesOf(samples, options))).length).toBeLessThanOrEqual(
      0.3 * replicates,
    )
  })
})

describe('a slowdown of one workload by 25 %', () => {
  it.each([
    ['5 %', { noise: () => 0.05, launches: 10 }],
    ['1 to 20 %, by executor', { noise: noises['by executor, 1 to 20 %'] ?? (() => 0), launches: 10 }],
  ] as const)('is found at 10 launches and noise of %s', (_, truth) => {
    const found = share({ ...truth, planted: 1.25 }, ({ changes }) =>
      changes
        .slice(12 * plantedWorkload, 12 * (plantedWorkload + 1))
        .some(({ change }) => change === 'slower'),
    )
    expect(found).toBeGreaterThanOrEqual(0.9)
  })

  it('is found among five workloads, of which it is a part of what the days seem to differ by', () => {
    const truth = { ...unsteady, ofWorkload: 0.01, launches: 10, planted: 1.25 }
    expect(share(truth, isPlantedFound)).toBeGreaterThanOrEqual(0.9)
  })

  it('is found where its cells show it together and none does by itself', () => {
    const truth = { noise: () => 0.12, launches: 10, slowerDay: 1 }
    const found = share({ ...truth, planted: 1.25 }, ({ changes }) =>
      changes.slice(12 * plantedWorkload, 12 * (plantedWorkload + 1)).some(isAlarm),
    )
    expect(found).toBeGreaterThanOrEqual(0.9)
  })

  it('is told without the shift of the machine, which is told apart', () => {
    const { shift, isShiftKnown, changes } = changesOf(
      samplesOf(1, { noise: () => 0.02, launches: 10, planted: 1.25 }),
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

it('an executor that became slower everywhere is found', () => {
  const found = share({ noise: () => 0.05, launches: 10, plantedExecutor: 1.5 }, ({ changes }) =>
    changes.every(({ change }, index) => index % 4 !== 2 || change === 'slower'),
  )
  expect(found).toBeGreaterThanOrEqual(0.9)
})

it('a day adds to a cell what more launches do not make smaller', () => {
  const launches = Array.from({ length: 400 }, (_, index) => plainLaunch(index % 2 === 0 ? 0.1 : -0.1))
  const samples = ['a', 'b', 'c'].map((workload) => ({
    workload,
    executor: 'serial',
    computing: 0,
    baseline: launches,
    candidate: launches,
  }))
  const { changes, betweenCells } = changesOf(samples, options)
  expect(betweenCells).toBe(0)
  // 1.96 standard errors of a difference of two days, each 0.3 of a launch's spread; the launches alone: 0.014.
  for (const { interval } of changes)
    expect(Math.log(interval?.[1] ?? 0)).toBeCloseTo(1.96 * 0.3 * 0.1 * Math.SQRT2, 2)
})
