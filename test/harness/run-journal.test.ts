/** A run's journal: it goes on with its own plan only, and a row that is none is refused in a sentence. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ResultFileError, UsageError } from '#dist/errors.js'
import { emptyCell } from '#dist/harness/cell.js'
import type { RaceState } from '#dist/harness/race-changes.js'
import type { JournaledPlan } from '#dist/harness/run-journal.js'
import { journaledSeed, RunJournal } from '#dist/harness/run-journal.js'
import { Journal } from '#dist/results/journal.js'
import { fixture } from '../results/fixture.ts'

let folder: string
let path: string
let plan: JournaledPlan
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'boundby-run-journal-'))
  path = join(folder, 'result.json.journal')
  const { environment, options } = await fixture('default-suite')
  plan = {
    startedAt: '2026-01-02T03:04:05.678Z',
    environment,
    options,
    runtimes: ['cpython 3.11.7'],
    workloads: ['a', 'b'].map((name) => ({
      name,
      bundle: { file: `${name}.ts`, url: '', sha256: name, isCommonJs: false },
    })),
  }
})
afterEach(() => rmSync(folder, { recursive: true }))

const onTrouble = (message: string): never => {
  throw new Error(message)
}
const race = (name: string): RaceState => ({
  workload: { name },
  control: null,
  piloted: true,
  typicalLaunchesMs: new Map(),
  taskCalls: 0,
  pilots: [],
  skipped: [],
  cells: [emptyCell(10, { executor: 'serial', workers: 1 }, 'executor')],
  settled: new Map(),
})
const emptyRace = (name: string): RaceState => ({ ...race(name), piloted: false, cells: [] })

/** What a run leaves that has measured a little. */
function leave(): void {
  const journal = Journal.start(path, { onTrouble })
  const kept = new RunJournal(journal, plan)
  const measured = race('b')
  kept.keep(measured, 1000)
  measured.cells[0]?.launches.push([1.5, 1.25])
  measured.cells[0]?.yardsticks.push([0.6, 0.7])
  kept.keep(measured, 2000)
  journal.close()
}

function goOn(change: Partial<JournaledPlan> = {}): RunJournal {
  const journal = Journal.goOn(path, { onTrouble })
  if (journal === null) throw new Error('there is no journal')
  return new RunJournal(journal, { ...plan, startedAt: '2026-02-03T00:00:00.000Z', ...change })
}

it('gives back what was measured, when it began, and what was spent', () => {
  leave()
  const kept = goOn()
  expect(kept).toMatchObject({ startedAt: plan.startedAt, spentMs: 2000, resumptions: 1 })
  const [a, b] = [emptyRace('a'), emptyRace('b')]
  kept.restore([a, b])
  expect(b).toEqual({
    ...race('b'),
    cells: [{ ...race('b').cells[0], launches: [[1.5, 1.25]], yardsticks: [[0.6, 0.7]] }],
  })
  expect(a).toEqual(emptyRace('a'))
  // What is known is not told again.
  const bytes = readFileSync(path).length
  kept.keep(b, 3000)
  expect(readFileSync(path)).toHaveLength(bytes)
  expect(goOn().resumptions).toBe(2)
  const journal = Journal.goOn(path, { onTrouble })
  expect(journal && journaledSeed(journal)).toBe(plan.options.seed)
})

it('goes on with another budget, and remembers those before', () => {
  leave()
  const budgets = [plan.options.budgetMs, 7, 7, 9].map((budgetMs) => ({
    budgetMs,
    before: goOn({ options: { ...plan.options, budgetMs } }).earlierBudgetsMs,
  }))
  expect(budgets.map(({ before }) => before)).toEqual([
    [],
    [plan.options.budgetMs],
    [plan.options.budgetMs],
    [plan.options.budgetMs, 7],
  ])
})

describe('a journal of something else is refused, telling what', () => {
  const sentence =
    /^--resume: the journal [^\n]+ does not fit: [^\n]+\. Repeat the call as it was, or leave out --resume to start afresh\.$/u

  it.each([
    [{ margin: 0.07 }, /--margin was 0\.05, and is now 0\.07/u],
    [{ seed: 99 }, /--seed was \d+, and is now 99/u],
    [{ tasksInFlightPerWorker: 3 }, /--tasks-in-flight was 16, and is now 3/u],
    [{ leastLaunches: 10 }, /--least-launches was nothing, and is now 10/u],
    [{ shard: { index: 1, of: 2 } }, /--shard was nothing, and is now \{"index":1,"of":2\}/u],
  ])('of other options: %j', (options, message) => {
    leave()
    const refused = (): RunJournal => goOn({ options: { ...plan.options, ...options } })
    expect(refused).toThrow(UsageError)
    expect(refused).toThrow(sentence)
    expect(refused).toThrow(message)
  })

  it('of other workloads, or other code', () => {
    leave()
    const [a, b] = plan.workloads as [JournaledPlan['workloads'][0], JournaledPlan['workloads'][0]]
    expect(() => goOn({ workloads: [a] })).toThrow(/of other workloads \(a, b, and now a\)/u)
    const changed = { ...b, bundle: { ...b.bundle, sha256: 'other' } }
    expect(() => goOn({ workloads: [a, changed] })).toThrow(/the code of the workload b has changed since/u)
    expect(() => goOn({ workloads: [a, changed] })).toThrow(sentence)
  })

  it('of other interpreters', () => {
    leave()
    expect(() => goOn({ runtimes: [] })).toThrow(/of other interpreters \(cpython 3\.11\.7, and now none\)/u)
  })

  it('of another machine', () => {
    leave()
    expect(() => goOn({ environment: { ...plan.environment, node: 'v99.0.0' } })).toThrow(
      /another environment \(node was "[^"]+", and is now "v99\.0\.0"\)/u,
    )
  })

  it('but files may have moved', () => {
    leave()
    expect(goOn({ options: { ...plan.options, files: ['elsewhere'] } }).spentMs).toBe(2000)
  })
})

describe('a row that is none is refused, telling where', () => {
  it.each([
    ['of another kind', { kind: 'other' }],
    ['of a wrong shape', { kind: 'race', workload: 'b' }],
    ['of no object', [1, 2]],
  ])('%s', (_, row) => {
    leave()
    appendFileSync(path, `${JSON.stringify(row)}\n`)
    expect(() => goOn()).toThrow(ResultFileError)
    expect(() => goOn()).toThrow(
      /result\.json\.journal, line 4: [^\n]+; leave out --resume to start afresh\.$/u,
    )
  })

  it('of a workload that is not in the plan', () => {
    leave()
    appendFileSync(path, readFileSync(path, 'utf8').split('\n')[1]?.replace('"b"', '"c"') + '\n')
    expect(() => goOn().restore([emptyRace('a'), emptyRace('b')])).toThrow(
      /line 4: there is no workload c in its plan/u,
    )
  })

  it('of measurements that it already has', () => {
    leave()
    appendFileSync(path, readFileSync(path, 'utf8').split('\n')[2] + '\n')
    expect(() => goOn().restore([emptyRace('b')])).toThrow(
      /line 4: round 0 of launch 0 of b does not follow/u,
    )
  })

  it('before the plan', () => {
    leave()
    writeFileSync(path, readFileSync(path, 'utf8').split('\n').slice(1).join('\n'))
    expect(() => goOn()).toThrow(/it does not begin with its plan/u)
  })
})
