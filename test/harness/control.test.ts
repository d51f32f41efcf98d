/** A control: an executor races itself under two names, which must name no winner and must be able to. */
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Race } from '#dist/analysis/race.js'
import { racesLike } from '#dist/analysis/contest.js'
import type { Decision } from '#dist/analysis/verdict.js'
import { Spreads } from '#dist/analysis/spreads.js'
import { decide } from '#dist/analysis/verdict.js'
import { emptyCell } from '#dist/harness/cell.js'
import type { RunEvent } from '#dist/harness/events.js'
import { runRace } from '#dist/harness/race.js'
import { run } from '#dist/harness/run.js'
import type { Result } from '#dist/results/schema.js'
import { resultSchema } from '#dist/results/schema.js'
import { seededRandom } from '#dist/stats/random.js'
import { fakeArms } from './fake-arms.js'

const options = { confidence: 0.95, margin: 0.05, plannedPairs: 2 }
const judge = (measured: Race): Decision => decide(measured, new Spreads([measured]), options)

/** Threads against themselves on a fake clock; how much longer B takes, and how much luck a launch has. */
async function raceItself(handicap: number, luck: number, seed: number) {
  const random = seededRandom(seed)
  const lucks = new Map<string, number>()
  const { openArm, now, log } = fakeArms({
    makespanMs: ({ name }, _, launch) => {
      const key = `${name} ${launch}`
      const ofLaunch = lucks.get(key) ?? 1 + luck * (2 * random() - 1)
      lucks.set(key, ofLaunch)
      return 10 * ofLaunch * (name === 'B' ? handicap : 1)
    },
  })
  const cells = (['A', 'B'] as const).map((name) =>
    emptyCell(10, { executor: 'threads', workers: 2, name }, 'rule'),
  )
  const settled = new Map<number, Decision>()
  await runRace({
    cells,
    openArm,
    random: seededRandom(seed),
    now,
    deadlineMs: 1e6,
    mostLaunches: 20,
    decide: judge,
    settled,
    signal: new AbortController().signal,
    onLaunch: () => {},
  })
  return { cells, log, kind: settled.get(10)?.kind ?? 'undecided' }
}

const entry = (control: string | null, makespanMs: number, runtime: string | null = null) => ({
  control,
  runtime,
  cells: [{ ...emptyCell(10, { executor: 'e', workers: 1 }, 'rule'), launches: [[makespanMs]] }],
})

describe('two arms of one executor', () => {
  it('have hosts of their own and take turns', async () => {
    const { cells, log } = await raceItself(1, 0, 1)
    const launches = cells[0]?.launches.length ?? 0
    for (const name of ['A', 'B'])
      expect(log.filter((line) => line === `open threads×2 ${name}`)).toHaveLength(launches)
    const firsts = log.filter((line) => line.startsWith('measure')).filter((_, index) => index % 2 === 0)
    expect(new Set(firsts).size).toBe(2)
  })

  it('have a winner in one of twenty runs at most, however lucky their launches are', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 60 }, (_, seed) => raceItself(1, 0.1 + (seed % 3) / 10, seed)),
    )
    expect(outcomes.filter(({ kind }) => kind === 'winner').length).toBeLessThanOrEqual(3)
  })

  it('would have one if a name were an advantage', async () => {
    expect((await raceItself(1.5, 0.05, 1)).kind).toBe('winner')
  })
})

describe('what is known of the spread', () => {
  it('is put together for one executor in a control, and for all of a run otherwise', () => {
    const controls = [entry('serial', 1), entry('threads', 2), entry('serial', 3)]
    expect(racesLike({ control: 'serial', runtime: null }, controls).map(({ arms }) => arms)).toEqual([
      [[[1]]],
      [[[3]]],
    ])
    expect(racesLike({ control: null, runtime: null }, [entry(null, 1), entry(null, 2)])).toHaveLength(2)
  })

  it('is never mixed between runtimes, whose arms are others', () => {
    const contests = [entry(null, 1), entry(null, 2, 'cpython 3.13.1'), entry(null, 3)]
    const ofPython = racesLike({ control: null, runtime: 'cpython 3.13.1' }, contests)
    expect(ofPython.map(({ arms }) => arms)).toEqual([[[[2]]]])
    expect(racesLike({ control: null, runtime: null }, contests)).toHaveLength(2)
  })
})

describe('a control over real workloads', () => {
  let result: Result
  const events: RunEvent[] = []
  const executors = ['serial', 'threads']

  beforeAll(async () => {
    const files = ['fine', 'unavailable', 'throws'].map((name) =>
      fileURLToPath(new URL(`../fixtures/workloads/${name}.ts`, import.meta.url)),
    )
    result = await run(
      {
        files,
        workloads: null,
        sizes: null,
        options: {
          files,
          suite: 'full',
          executors,
          control: true,
          maxWorkers: null,
          tasksInFlightPerWorker: 1,
          budgetMs: 3000,
          confidence: 0.95,
          margin: 0.05,
          seed: 1,
          timeoutMs: 5000,
        },
      },
      { listener: (event) => events.push(event), signal: new AbortController().signal },
    )
  })

  it('has two arms of the same executor and worker count in every race', () => {
    const cells = result.cells.filter(({ workload }) => workload === 'fine')
    expect(cells.map(({ size, executor, arm }) => `${executor} ${size} ${arm}`)).toEqual([
      'serial 2 A',
      'serial 2 B',
      'serial 4 A',
      'serial 4 B',
      'threads 2 A',
      'threads 2 B',
      'threads 4 A',
      'threads 4 B',
    ])
    for (const { error, launches, medianMs } of cells) {
      expect(error).toBeNull()
      expect(launches.length).toBeGreaterThan(0)
      expect(medianMs).toBeGreaterThan(0)
    }
    const workers = cells.filter(({ executor }) => executor === 'threads').map((cell) => cell.workers)
    expect(new Set(workers).size).toBe(1)
  })

  it('has a verdict for each race, which tells the arms apart and compares nothing with serial', () => {
    const verdicts = result.verdicts.filter(({ workload }) => workload === 'fine')
    expect(verdicts.map(({ size, executors: [first] }) => `${first} ${size}`)).toEqual([
      'serial 2',
      'serial 4',
      'threads 2',
      'threads 4',
    ])
    for (const { arms, executors: named, ratio, kind } of verdicts) {
      expect(kind).not.toBe('winner')
      expect(arms?.toSorted()).toEqual(['A', 'B'])
      expect(new Set(named).size).toBe(1)
      expect(ratio).toBeNull()
    }
  })

  it('names each workload once, and says what it could not measure under each executor', () => {
    expect(result.workloads?.map(({ name }) => name)).toEqual(['fine', 'unavailable', 'throws'])
    expect(events[0]).toMatchObject({ kind: 'planned', workloads: ['fine', 'unavailable', 'throws'] })
    const skipped = result.skipped?.filter(({ workload }) => workload === 'unavailable')
    expect(skipped?.map(({ executor }) => executor)).toEqual(executors)
    expect(result.diagnoses).toEqual([])
  })

  it('fails both arms of what throws, and is a result that its own reader takes', () => {
    const failed = result.cells.filter(({ error }) => error !== null)
    expect(new Set(failed.map(({ workload }) => workload))).toEqual(new Set(['throws']))
    expect(failed.map(({ arm }) => arm)).toEqual(['A', 'B', 'A', 'B'])
    expect(resultSchema.safeParse(JSON.parse(JSON.stringify(result))).error).toBeUndefined()
  })
})
