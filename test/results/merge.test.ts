/** Joining results: what was one is one again, and what does not belong together is refused in a sentence. */
import { beforeAll, describe, expect, it } from 'vitest'
import { withConclusions } from '#dist/analysis/conclusions.js'
import { storedContests } from '#dist/analysis/stored-contests.js'
import { UsageError } from '#dist/errors.js'
import { joinResults } from '#dist/results/merge.js'
import type { Cell, Result } from '#dist/results/schema.js'
import { resultSchema } from '#dist/results/schema.js'
import { fixture } from './fixture.ts'

/** Of the fixture's 20 races and up to 14 added ones, with 4 arms each. */
const plannedPairs = 34 * 12

let whole: Result
let shards: Result[]

type Placed = { workload: string; size: number | null }

/** The part of a result that one of several machines would have measured. */
function shardOf(result: Result, index: number, of: number): Result {
  const races = [...new Set(result.cells.map(({ workload, size }) => `${workload} ${size}`))]
  const isHere = ({ workload, size }: Placed): boolean =>
    races.indexOf(`${workload} ${size}`) % of === index - 1
  const here = new Set(result.cells.filter(isHere).map(({ workload }) => workload))
  return {
    ...result,
    options: { ...result.options, shard: { index, of } },
    workloads: result.workloads?.filter(({ name }) => here.has(name)),
    cells: result.cells.filter(isHere),
    // As if nothing had been settled: all is concluded again.
    verdicts: [],
    crossovers: [],
    diagnoses: result.diagnoses.filter(isHere),
    skipped: result.skipped?.filter(({ workload, size }) => size === null || here.has(workload)),
    pilots: result.pilots?.filter(isHere),
  }
}

const join = (results: readonly Result[], keepEnvironments = false): Result =>
  joinResults(
    results.map((result, index) => ({ path: `${index}.json`, result })),
    keepEnvironments,
  )
const conclude = (result: Result): Result => withConclusions(result, storedContests(result))

const byText = (one: unknown, other: unknown): number =>
  JSON.stringify(one) < JSON.stringify(other) ? -1 : 1
/** Sums over the races come in another order, and so end in other last digits. */
const rounded = <Value>(value: Value): Value =>
  JSON.parse(
    JSON.stringify(value, (_, field: unknown) =>
      typeof field === 'number' ? Number(field.toPrecision(10)) : field,
    ),
  ) as Value
const sorted = (entries: readonly unknown[]): unknown[] => rounded(entries).toSorted(byText)

beforeAll(async () => {
  const stored = await fixture('default-suite')
  whole = conclude({ ...stored, plannedPairs, verdicts: [] })
  shards = [1, 2, 3].map((index) => shardOf(whole, index, 3))
})

describe('the shards of a plan', () => {
  it('are the whole again: cells, verdicts, crossovers, diagnoses', () => {
    const joined = conclude(join([shards[2], shards[0], shards[1]] as Result[]))
    expect(whole.verdicts.length).toBeGreaterThan(10)
    for (const field of ['cells', 'verdicts', 'crossovers', 'diagnoses', 'pilots', 'skipped'] as const)
      expect(sorted(joined[field] ?? [])).toEqual(sorted(whole[field] ?? []))
    expect(joined.options).toEqual(whole.options)
    expect(joined.plannedPairs).toBe(plannedPairs)
    expect(joined.missingShards).toBeUndefined()
    expect(resultSchema.safeParse(joined).error).toBeUndefined()
  })

  it('keep the verdicts that were reached, whatever the others say of the spread', () => {
    const [verdict] = whole.verdicts
    if (verdict === undefined) throw new Error('the fixture has no verdict')
    const reached = { ...verdict, kind: 'winner' as const, executors: ['serial'], workers: [1], launches: 3 }
    const [first, ...others] = shards.map((shard) =>
      shard.cells.some(({ workload, size }) => workload === verdict.workload && size === verdict.size)
        ? { ...shard, verdicts: [reached] }
        : shard,
    )
    const kept = conclude(join([first as Result, ...others])).verdicts.find(
      ({ workload, size }) => workload === verdict.workload && size === verdict.size,
    )
    expect(kept).toMatchObject({ kind: 'winner', executors: ['serial'] })
  })

  it('tell which of them are missing', () => {
    expect(join([shards[0], shards[2]] as Result[]).missingShards).toEqual(['2/3'])
  })

  it('tell of the worst that disturbed one of them', () => {
    const during = [{ otherCpuShare: 0.1, durationMs: 10 }, { otherCpuShare: 0.7, durationMs: 20 }, {}]
    const joined = join(
      shards.map((shard, at) => ({ ...shard, environment: { ...shard.environment, during: during[at] } })),
    )
    expect(joined.environment.during).toMatchObject({ otherCpuShare: 0.7, durationMs: 30 })
  })

  it('may have had another budget each, since one that was interrupted can go on with more', () => {
    const [first, ...others] = shards as [Result, ...Result[]]
    const options = { ...first.options, budgetMs: 2 * first.options.budgetMs }
    const more = { ...first, options, earlierBudgetsMs: [first.options.budgetMs] }
    expect(join([more, ...others])).toMatchObject({ options: { budgetMs: options.budgetMs } })
    expect(conclude(join([more, ...others])).warnings?.join(' ')).toContain('went on with')
  })
})

describe('whole runs', () => {
  const part = (result: Result, index: number): Result => {
    const { shard, ...options } = shardOf(result, index, 2).options
    expect(shard).toBeDefined()
    return { ...shardOf(result, index, 2), options: { ...options, seed: index, budgetMs: 1000 * index } }
  }

  it('share one error budget from then on', () => {
    const joined = join([part(whole, 1), part(whole, 2)])
    expect(joined.plannedPairs).toBe(2 * plannedPairs)
    expect(joined.options.budgetMs).toBe(3000)
  })

  it('lose the verdicts of a smaller error budget: they are concluded again', () => {
    const judged = (index: number): Result => ({ ...part(whole, index), verdicts: whole.verdicts })
    expect(join([judged(1), judged(2)]).verdicts).toEqual([])
  })
})

describe('a merge is refused, naming both files,', () => {
  const changed = (at: number, change: (result: Result) => Partial<Result>): (() => Result) => {
    return () => join(shards.map((shard, index) => (index === at ? { ...shard, ...change(shard) } : shard)))
  }
  const sentence = /^Cannot merge \d\.json and \d\.json: [^\n]+; [^\n]+\.$/u

  it.each([
    ['of different options', { margin: 0.1 }, /option `margin` differs \(0\.05 and 0\.1\)/u],
    ['of different seeds', { seed: 99 }, /option `seed` differs/u],
    ['of another number of shards', { shard: { index: 2, of: 4 } }, /shards of different plans/u],
    ['of a shard and a whole run', { shard: undefined }, /one is a shard, the other a whole run/u],
  ])('%s', (_, options, message) => {
    const merge = changed(1, (shard) => ({ options: { ...shard.options, ...options } }))
    expect(merge).toThrow(UsageError)
    expect(merge).toThrow(sentence)
    expect(merge).toThrow(message)
  })

  it('of different plans', () => {
    expect(changed(2, () => ({ plannedPairs: 12 }))).toThrow(/shards of different plans/u)
  })

  it('of different code', () => {
    const recoded = (shard: Result): Partial<Result> => ({
      workloads: (whole.workloads ?? []).map((record) => ({
        ...record,
        bundleSha256: `x${shard.startedAt}`,
      })),
    })
    expect(changed(1, recoded)).toThrow(/the code of the workload \S+ differs/u)
  })

  it('of the same race twice', () => {
    expect(() => join([...shards, shards[0] as Result])).toThrow(/is in both/u)
    expect(() => join([...shards, shards[0] as Result])).toThrow(sentence)
  })

  it('of different machines', () => {
    const elsewhere = changed(1, ({ environment }) => ({
      environment: { ...environment, cpuModel: 'Other' },
    }))
    expect(elsewhere).toThrow(
      /different environments \(cpuModel "[^"]+" and "Other"\); .*--keep-environments/u,
    )
    expect(elsewhere).toThrow(sentence)
  })

  it('of a result that does not say what it planned', () => {
    expect(() => join(shards.map((shard) => ({ ...shard, plannedPairs: undefined })))).toThrow(
      /^Cannot merge 0\.json: .*`plannedPairs`/u,
    )
  })
})

it('keeps different machines apart on request: own names, own verdicts, no crossover between them', () => {
  const [first, ...others] = shards as [Result, ...Result[]]
  const other = { ...first.environment, cpuModel: 'Other' }
  const joined = conclude(join([{ ...first, environment: other }, ...others], true))
  expect(joined.machines?.map(({ cpuModel }) => cpuModel)).toEqual(['Other', first.environment.cpuModel])
  const machineOf = ({ workload }: Pick<Cell, 'workload'>): string | undefined =>
    /\(machine (\d)\)$/u.exec(workload)?.[1]
  expect(joined.cells.filter((cell) => machineOf(cell) === '1')).toHaveLength(first.cells.length)
  expect(joined.cells.every((cell) => machineOf(cell) !== undefined)).toBe(true)
  expect(joined.verdicts).toHaveLength(whole.verdicts.length)
  for (const record of joined.workloads ?? [])
    expect(machineOf({ workload: record.name })).toBe(`${record.machine}`)
  expect(resultSchema.safeParse(joined).error).toBeUndefined()
  // The same races on both machines are twice as many chances to be wrong.
  const twice = join([...shards, ...shards.map((shard) => ({ ...shard, environment: other }))], true)
  expect(twice.plannedPairs).toBe(2 * plannedPairs)
  expect(twice.options.budgetMs).toBe(2 * whole.options.budgetMs)
})
