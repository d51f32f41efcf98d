/** Crossovers in words: the pairs that a reader needs, and no noise. */
import { describe, expect, test } from 'vitest'
import { byWorkload } from '#dist/analysis/by-workload.js'
import { summarize } from '#dist/analysis/summary.js'
import type { Cell, Crossover, Result, Verdict } from '../../src/results/schema.ts'
import { cell, resultOf, verdict } from '../results/fixture.ts'

async function sentences(fields: Partial<Result>, topic = 'crossover'): Promise<string[]> {
  const result = await resultOf(fields)
  return [...summarize(result, byWorkload(result)).workloads.values()]
    .flat()
    .filter((sentence) => sentence.topic === topic)
    .map(({ text }) => text)
}

const at = (size: number, mediansMs: Record<string, number>, fields: Partial<Cell> = {}): Cell[] =>
  Object.entries(mediansMs).map(([executor, medianMs]) => cell({ executor, size, medianMs, ...fields }))

const winner = (size: number, executor: string): Verdict =>
  verdict({ kind: 'winner', executors: [executor], size })

const change = (fields: Partial<Crossover>): Crossover => ({
  workload: 'w',
  from: 'serial',
  to: 'threads',
  workers: [null, null],
  answer: 'found',
  size: 41_234.5,
  interval: [30_120, 52_000],
  bracket: [10_000, 100_000],
  reason: 'because',
  ...fields,
})

const cells = [
  ...at(1000, { serial: 1, threads: 3, processes: 9 }),
  ...at(1e6, { serial: 900, threads: 500, processes: 600 }),
]
const verdicts = [winner(1000, 'serial'), winner(1e6, 'threads')]

describe('a crossover that was found', () => {
  test('is told with its estimate, its interval and what is sure', async () => {
    expect(await sentences({ cells, verdicts, crossovers: [change({})] })).toEqual([
      'threads overtakes serial at about 41,200 (30,100 to 52,000); sure is that serial is faster at 10,000, and threads at 100,000.',
    ])
  })

  test('is not told of arms that lead nowhere', async () => {
    const crossovers = [change({}), change({ to: 'processes' }), change({ from: 'processes', to: 'threads' })]
    expect(await sentences({ cells, verdicts, crossovers })).toHaveLength(1)
  })

  test('is told of two executors that both lead', async () => {
    const [, ...larger] = verdicts
    const crossovers = [change({ from: 'processes', to: 'threads' })]
    const said = await sentences({ cells, verdicts: [winner(1000, 'processes'), ...larger], crossovers })
    expect(said[0]).toMatch(/^threads overtakes processes at about 41,200/u)
  })

  test('names the workers where several counts of them race', async () => {
    const counts = cells
      .filter(({ executor }) => executor !== 'processes')
      .flatMap((one) => (one.executor === 'serial' ? [one] : [2, 8].map((workers) => ({ ...one, workers }))))
    const said = await sentences({
      cells: counts,
      verdicts: [winner(1000, 'serial'), { ...winner(1e6, 'threads'), workers: [8] }],
      crossovers: [change({ workers: [null, 8] })],
    })
    expect(said).toEqual([expect.stringMatching(/^threads ×8 overtakes serial/u)])
  })

  test('is told without what an older result lacks', async () => {
    const { workload, from, to, size } = change({})
    const crossovers = [{ workload, from, to, size, interval: null }]
    expect(await sentences({ cells, verdicts, crossovers })).toEqual([
      'threads overtakes serial at about 41,200.',
    ])
  })
})

/** What is said of a crossover that is not sure. */
const told = async (fields: Partial<Crossover>): Promise<string[]> =>
  sentences({ cells, verdicts, crossovers: [change({ answer: 'unbounded', ...fields })] })

describe('a crossover that is not sure', () => {
  test('is told with what is sure of it', async () => {
    expect(await told({ bracket: [null, 1e6], interval: [null, 1e6] })).toEqual([
      'threads seems to overtake serial at about 41,200 (at most 1,000,000); sure is only that threads is faster at 1,000,000.',
    ])
    expect(await told({ bracket: [1000, null], interval: [1000, null] })).toEqual([
      'threads seems to overtake serial at about 41,200 (at least 1,000); sure is only that serial is faster at 1,000.',
    ])
    expect(await told({ bracket: [null, null] })).toEqual([
      'threads seems to overtake serial at about 41,200 (30,100 to 52,000); neither is surely faster at any size.',
    ])
  })

  test('is told without an estimate where there is none', async () => {
    const none = { size: null, interval: null }
    expect(await told({ ...none, bracket: [null, 1e6] })).toEqual([
      'threads is surely faster than serial from 1,000,000 on; below that it is undecided.',
    ])
    expect(await told({ ...none, bracket: [1000, null] })).toEqual([
      'serial is surely faster than threads up to 1,000; whether threads overtakes above that is undecided.',
    ])
  })

  test('is not told where it would only repeat that nothing is', async () => {
    expect(await told({ bracket: [null, null], interval: [null, null] })).toEqual([])
    expect(await told({ bracket: [null, null], interval: null, size: null })).toEqual([])
  })
})

test('the best of the others gives way to the next one if nothing can be said of it', async () => {
  const unsure = { answer: 'unbounded', size: null, interval: null } as const
  const crossovers = [
    change({ ...unsure, bracket: [null, null] }),
    change({ ...unsure, to: 'processes', bracket: [1000, null] }),
  ]
  expect(await sentences({ cells, verdicts, crossovers })).toEqual([
    'serial is surely faster than processes up to 1,000; whether processes overtakes above that is undecided.',
  ])
  // Beside what is said of the best one it is left out.
  const better = change({ ...unsure, bracket: [null, 1e6] })
  expect(await sentences({ cells, verdicts, crossovers: [better, ...crossovers.slice(1)] })).toEqual([
    'threads is surely faster than serial from 1,000,000 on; below that it is undecided.',
  ])
})

describe('no crossover in range', () => {
  const none = change({ answer: 'none in range', size: null, interval: null, bracket: [null, null] })

  test('is told of serial and the best of the others', async () => {
    expect(
      await sentences({ cells, verdicts: [], crossovers: [none, { ...none, to: 'processes' }] }),
    ).toEqual([
      'threads and serial do not change places from 1,000 to 1,000,000: none is faster by more than 5 % at one size and slower at another.',
    ])
  })

  test('is not told where one winner at every size has said it', async () => {
    const always = [winner(1000, 'threads'), winner(1e6, 'threads')]
    expect(await sentences({ cells, verdicts: always, crossovers: [none] })).toEqual([])
  })
})

test('a size that was added is in no sentence about what was asked', async () => {
  const added = [
    ...at(1000, { serial: 1, threads: 3 }),
    ...at(40_000, { serial: 40, threads: 41 }, { refines: true }),
    ...at(1e6, { serial: 900, threads: 500 }),
  ]
  const undecided = verdict({
    kind: 'undecided',
    executors: ['serial', 'threads'],
    size: 40_000,
    refines: true,
  })
  const fields = { cells: added, verdicts: [...verdicts, undecided] }
  const said = await sentences(fields, 'winner')
  expect(said).toHaveLength(2)
  expect(said.join()).not.toContain('40,000')
})
