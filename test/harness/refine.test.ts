/** Sizes that are added where the lead changes: which, when, and for how long, on fake arms and a fake clock. */
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bySize, sizeRaces } from '#dist/analysis/contest.js'
import type { Race } from '#dist/analysis/race.js'
import type { Decision } from '#dist/analysis/verdict.js'
import { Spreads } from '#dist/analysis/spreads.js'
import { decide } from '#dist/analysis/verdict.js'
import type { CellRecord } from '#dist/harness/cell.js'
import { emptyCell, failCell } from '#dist/harness/cell.js'
import { describeWorkloads } from '#dist/harness/describe.js'
import type { Arm } from '#dist/harness/events.js'
import { launchesOf, runRace } from '#dist/harness/race.js'
import type { Refinable } from '#dist/harness/refine.js'
import { cellsBetween, mostRacesAdded, nextSize, Refinement, unmeasured } from '#dist/harness/refine.js'
import { WorkloadRace } from '#dist/harness/workload-race.js'
import { seededRandom } from '#dist/stats/random.js'
import { failure, fakeArms } from './fake-arms.js'

const arms: Arm[] = [
  { executor: 'serial', workers: 1 },
  { executor: 'threads', workers: 2 },
]
const judge = (measured: Race): Decision =>
  decide(measured, new Spreads([measured]), { confidence: 0.95, margin: 0.05, plannedPairs: 10 })

/** In ms; the pool overtakes at 20,000. */
const crossing = ({ executor }: Arm, size: number): number =>
  executor === 'serial' ? size / 1000 : 10 + size / 2000

interface Fake extends Refinable {
  readonly cells: CellRecord[]
  /** Sizes added, and until when they might be measured. */
  readonly added: { size: number; deadlineMs: number }[]
  race(mostLaunches: number, cells?: readonly CellRecord[]): Promise<void>
}

/** A workload on fake arms, which keeps its cells as `WorkloadRace` does. */
function fakeWorkload(
  makespanMs: (arm: Arm, size: number) => number,
  { sizes = [1e3, 1e4, 1e5, 1e6], typicalLaunchMs = 10, fails = false } = {},
): Fake & { now: () => number } {
  const fakes = fakeArms({ makespanMs, startupMs: 1 })
  const { now } = fakes
  const settled = new Map<number, Decision>()
  const cells = sizes.flatMap((size) => arms.map((arm) => emptyCell(size, arm, 'option')))
  const added: Fake['added'] = []
  const race = async (
    mostLaunches: number,
    racing: readonly CellRecord[] = cells,
    deadlineMs = Infinity,
  ): Promise<void> =>
    runRace({
      cells: racing,
      openArm: fakes.openArm,
      random: seededRandom(1),
      now,
      deadlineMs,
      mostLaunches,
      decide: judge,
      settled,
      signal: new AbortController().signal,
      onLaunch: () => {},
    })
  return {
    cells,
    added,
    now,
    typicalLaunchMs,
    race,
    get races() {
      return sizeRaces(cells, settled)
    },
    async goBetween(size, deadlineMs, mostLaunches) {
      added.push({ size, deadlineMs })
      if (fails) return false
      const between = cellsBetween(size, cells)
      cells.splice(
        cells.findIndex((cell) => cell.size > size),
        0,
        ...between,
      )
      await race(mostLaunches, between, deadlineMs)
      return true
    },
  }
}

const at1000 = (): number => 1000
const never = new AbortController().signal

describe('the next size', () => {
  const sizes = [1e3, 1e4, 1e5, 1e6]

  it('is the estimate, in two digits', () => {
    expect(nextSize(23_456, sizes, null)).toBe(23_000)
    expect(nextSize(3.456, [0.5, 100], null)).toBe(3.5)
    expect(nextSize(3.456, [1, 100], null)).toBe(3)
  })

  it('is then beside the first one, on the side of the new estimate', () => {
    expect(nextSize(21_000, [1e4, 23_000, 1e5], 23_000)).toBe(18_000)
    expect(nextSize(25_000, [1e4, 23_000, 1e5], 23_000)).toBe(29_000)
    // Not so close that the estimate is hardly between them.
    expect(nextSize(18_000, [1e4, 23_000, 1e5], 23_000)).toBe(16_000)
  })

  it('follows an estimate that has moved away', () => {
    expect(nextSize(51_000, [1e4, 23_000, 1e5], 23_000)).toBe(51_000)
  })

  it('is none where its neighbours are close, leave no room, or are missing', () => {
    expect(nextSize(21_000, [20_000, 23_000], 23_000)).toBeNull()
    expect(nextSize(1.5, [1, 2], null)).toBeNull()
    expect(nextSize(10_100, sizes, null)).toBeNull()
    expect(nextSize(500, sizes, null)).toBeNull()
    expect(nextSize(2e6, sizes, null)).toBeNull()
    expect(nextSize(1000, [1000], null)).toBeNull()
  })

  it('is new, between the neighbours, and whole if all sizes are', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 1e6 }), { minLength: 2, maxLength: 6 }),
        fc.double({ min: 0.5, max: 2e6, noNaN: true }),
        fc.option(fc.nat(5)),
        (some, estimate, index) => {
          const measured = some.toSorted((a, b) => a - b)
          const size = nextSize(estimate, measured, measured[index ?? -1] ?? null)
          if (size === null) return
          expect(Number.isInteger(size)).toBe(true)
          expect(measured).not.toContain(size)
          expect(measured.filter((other) => other < size)).toEqual(
            measured.filter((other) => other < estimate),
          )
        },
      ),
    )
  })
})

it('is planned with the run: two sizes at most, where there is more than one', () => {
  expect(mostRacesAdded([{ sizes: [1] }, { sizes: [1, 2] }, { sizes: [1, 2, 3] }])).toBe(4)
})

describe('a workload whose lead changes', () => {
  it('gets two sizes, the second close to the first, with the crossover between them', async () => {
    const workload = fakeWorkload(crossing)
    await workload.race(3)
    const { now } = workload
    await new Refinement({
      budgetMs: 1e9,
      endMs: 1e9,
      margin: 0.05,
      now,
      signal: never,
    }).go([workload])
    expect(workload.added).toHaveLength(2)
    const [low = 0, high = 0] = workload.added.map(({ size }) => size).toSorted((a, b) => a - b)
    expect(low).toBeLessThan(20_000)
    expect(high).toBeGreaterThan(20_000)
    expect(high / low).toBeLessThan(1.5)
    expect(bySize(workload.cells).map(({ size }) => size)).toEqual([1e3, 1e4, low, high, 1e5, 1e6])
    for (const cell of workload.cells.filter(({ refines }) => refines)) expect(cell.launches.length).toBe(6)
    // The listed sizes have what they had.
    expect(launchesOf(workload.cells)).toBe(3)
  })

  it('is given an even share of a quarter of the budget, in two turns', async () => {
    const workloads = [fakeWorkload(crossing, { fails: true }), fakeWorkload(crossing)]
    for (const workload of workloads) await workload.race(3)
    await new Refinement({
      budgetMs: 80_000,
      endMs: 1e9,
      margin: 0.05,
      now: at1000,
      signal: never,
    }).go(workloads)
    // What one leaves, such as a size that fails, the next one has.
    const deadlines = workloads.map(({ added }) => added.map(({ deadlineMs }) => deadlineMs))
    expect(deadlines).toEqual([[6000], [11_000, 21_000]])
  })

  it('is asked once, but also if its lead is seen to change only later', async () => {
    let isTied = true
    const workload = fakeWorkload((arm, size) => (isTied ? size : crossing(arm, size)), {
      sizes: [1e3, 1e6],
    })
    await workload.race(3)
    const { now } = workload
    const refinement = new Refinement({ budgetMs: 1e9, endMs: 1e9, margin: 0.05, now, signal: never })
    await refinement.go([workload])
    expect(workload.added).toEqual([])
    isTied = false
    await workload.race(20)
    await refinement.go([workload])
    expect(workload.added).toHaveLength(2)
    await refinement.go([workload])
    expect(workload.added).toHaveLength(2)
  })

  it('is left alone where its share has no room for three launches', async () => {
    const workload = fakeWorkload(crossing, { typicalLaunchMs: 4000 })
    await workload.race(3)
    const { now } = workload
    const before = workload.cells.length
    const refine = (budgetMs: number): Promise<void> =>
      new Refinement({ budgetMs, endMs: 1e9, margin: 0.05, now, signal: never }).go([workload])
    await refine(3000)
    expect(workload.cells).toHaveLength(before)
    await refine(60_000)
    expect(workload.cells.length).toBeGreaterThan(before)
  })

  it('is left alone when the run is over or was interrupted', async () => {
    const workload = fakeWorkload(crossing)
    await workload.race(3)
    const { now } = workload
    const common = { budgetMs: 1e9, margin: 0.05, now }
    await new Refinement({ ...common, endMs: now(), signal: never }).go([workload])
    await new Refinement({ ...common, endMs: 1e9, signal: AbortSignal.abort() }).go([workload])
    expect(workload.added).toEqual([])
  })
})

describe('a workload whose lead does not change', () => {
  it.each([
    [
      'serial leads at every size',
      ({ executor }: Arm, size: number) => (executor === 'serial' ? size : 2 * size),
      undefined,
    ],
    ['it has one size', crossing, [1e5]],
    ['they are tied', (_: Arm, size: number) => size, undefined],
  ])('gets no sizes: %s', async (_, makespanMs, sizes) => {
    const workload = fakeWorkload(makespanMs, sizes === undefined ? {} : { sizes })
    await workload.race(3)
    const { now } = workload
    await new Refinement({ budgetMs: 1e9, endMs: 1e9, margin: 0.05, now, signal: never }).go([workload])
    expect(workload.added).toEqual([])
  })
})

describe('cells of an added size', () => {
  it('keep the arms in their places: one that failed at the next larger size is not tried', () => {
    const cells = [1, 100].flatMap((size) => arms.map((arm) => emptyCell(size, arm, 'pilot', size)))
    const failed = cells[3]
    if (failed !== undefined) failed.error = { name: 'Error', message: 'no' }
    expect(cellsBetween(10, cells)).toMatchObject([
      { size: 10, refines: true, serialMs: 100, chosenBy: 'pilot', skipped: null },
      { size: 10, refines: true, skipped: 'not tried: nor was size 100 measured' },
    ])
  })

  it('are left out with the reason if one fails, and without if nothing was measured', () => {
    const added = cellsBetween(10, [emptyCell(100, arms[0] as Arm, 'option')])
    expect(unmeasured(added)).toEqual([{ size: 10, reason: null }])
    added[0]?.launches.push([1])
    expect(unmeasured(added)).toEqual([])
    failCell(added[0] as CellRecord, failure('no such size').cellError, added)
    expect(unmeasured(added)[0]?.reason).toMatch(/failed under serial: no such size$/u)
  })

  it('that ran into the time-out say nothing of larger sizes', () => {
    const listed = emptyCell(100, arms[0] as Arm, 'option')
    const added = cellsBetween(10, [listed])
    failCell(added[0] as CellRecord, { name: 'TimeoutError', message: 'too long' }, [...added, listed])
    expect(listed.skipped).toBeNull()
  })

  it('go along in later launches, but nothing is launched for them alone', async () => {
    const tied = fakeWorkload(crossing, { sizes: [1e3, 1e6] })
    await tied.race(3)
    await tied.goBetween(20_000, Infinity, 4)
    const added = tied.cells.find(({ refines }) => refines)
    expect(added?.launches).toHaveLength(4)
    await tied.race(9)
    // Both listed sizes are decided.
    expect(added?.launches).toHaveLength(4)

    const open = fakeWorkload(({ executor }, size) =>
      size === 1e3 ? 1 : crossing({ executor, workers: 1 }, size),
    )
    await open.race(3)
    await open.goBetween(20_000, Infinity, 4)
    await open.race(5)
    expect(open.cells.find(({ refines }) => refines)?.launches).toHaveLength(6)
    expect(launchesOf(open.cells)).toBe(5)
  })
})

/** A real workload with its first launch done. */
const launched = async (name: string): Promise<WorkloadRace> => {
  const file = fileURLToPath(new URL(`../fixtures/workloads/${name}.ts`, import.meta.url))
  const [workload] = await describeWorkloads([file])
  if (workload === undefined) throw new Error(`${name} is no workload`)
  const race = new WorkloadRace({
    workload,
    sizes: workload.sizes,
    pilotSizes: workload.sizes,
    control: null,
    options: {
      files: [file],
      suite: 'full',
      executors: ['serial', 'threads'],
      maxWorkers: [1],
      tasksInFlightPerWorker: 1,
      budgetMs: 60_000,
      confidence: 0.95,
      margin: 0.05,
      seed: 1,
      timeoutMs: 10_000,
    },
    pythons: { pythons: [], missing: null, isAsked: false },
    cores: 2,
    fairShareMs: 60_000,
    random: seededRandom(1),
    now: () => performance.now(),
    decide: judge,
    listener: () => {},
    signal: never,
  })
  await race.go({ deadlineMs: Infinity, mostLaunches: 1 })
  return race
}

const sizesOf = ({ cells }: WorkloadRace): number[] => bySize(cells).map(({ size }) => size)

describe('a size that its author did not list', () => {
  it('is measured where the workload takes it', async () => {
    const race = await launched('fine')
    const before = race.typicalLaunchMs
    expect(await race.goBetween(3, Infinity, 1)).toBe(true)
    expect(sizesOf(race)).toEqual([2, 3, 4])
    expect(race.cells.map(({ launches, refines }) => [launches.length, refines])).toEqual(
      [2, 2, 3, 3, 4, 4].map((size) => [1, size === 3]),
    )
    expect(race.typicalLaunchMs).toBe(before)
  }, 30_000)

  it('is no failure where the workload rejects it: it is left out with the reason', async () => {
    const race = await launched('rejects-sizes')
    expect(await race.goBetween(50, Infinity, 1)).toBe(false)
    expect(sizesOf(race)).toEqual([1, 4000])
    expect(race.cells.map(({ error }) => error)).toEqual([null, null, null, null])
    expect(race.skipped).toMatchObject([{ size: 50, refines: true }])
    expect(race.skipped[0]?.reason).toMatch(/failed under serial: there is no size 50$/u)
  }, 30_000)
})
