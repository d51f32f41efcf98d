/** The tutorial's sentences: each is tried on made-up results in which it holds, fails, is open, or was not tested. */

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { guidanceOf } from '#dist/analysis/guidance.js'
import type { Cell, Environment, Guidance, Result, Verdict } from '../../src/results/schema.ts'
import { cell, resultOf, verdict } from '../results/fixture.ts'

type Compared = NonNullable<Cell['overSerial']>
type PairOutcome = Compared['outcome']

const cpython = 'cpython 3.11.7'
const python: NonNullable<Environment['pythons']>[number] = {
  runtime: cpython,
  implementation: 'CPython',
  version: '3.11.7',
  gilEnabled: null,
  freeThreaded: false,
}

const typicalRatios: Readonly<Record<PairOutcome, number>> = {
  faster: 2,
  slower: 0.25,
  equivalent: 1,
  open: 1.1,
}

/** Serial and, beside it, executors of which it is known how they compare with it. */
function race(workload: string, size: number, others: Record<string, PairOutcome>, runtime?: string): Cell[] {
  const prefix = runtime === undefined ? '' : 'python-'
  const ofRuntime = runtime === undefined ? {} : { runtime }
  return [
    cell({ workload, size, medianMs: size / 10, executor: `${prefix}serial`, workers: 1, ...ofRuntime }),
    ...Object.entries(others).map(([executor, outcome]) => {
      const ratio = typicalRatios[outcome]
      return cell({
        workload,
        size,
        executor: `${prefix}${executor}`,
        workers: 2,
        overSerial: { ratio, interval: [ratio * 0.9, ratio * 1.1], outcome },
        ...ofRuntime,
      })
    }),
  ]
}

const decided = (
  kind: Verdict['kind'],
  executors: string[],
  fields: Partial<Verdict> & { size: number },
): Verdict => verdict({ kind, executors, ...fields })

const bound = (workload: string, size: number, what: 'cpu' | 'io' | 'overhead') => ({
  workload,
  size,
  bound: what,
  cpuShare: what === 'io' ? 0.1 : 1,
  runQueueShare: 0,
  blockedShare: what === 'io' ? 0.9 : 0,
})

async function rulingOf(fields: Partial<Result>, id: string, runtime = 'node'): Promise<Guidance> {
  const found = guidanceOf(await resultOf(fields)).find(
    (entry) => entry.id === id && entry.runtime === runtime,
  )
  if (found === undefined) throw new Error(`no ${id} for ${runtime}`)
  return found
}

async function withPython(fields: Partial<Result>): Promise<Partial<Result>> {
  const { environment } = await resultOf({})
  return { ...fields, environment: { ...environment, pythons: [python] } }
}

const outcomeOf = async (fields: Partial<Result>, id: string, runtime?: string) =>
  (await rulingOf(fields, id, runtime)).outcome

describe('threads for I/O', () => {
  const diagnoses = [bound('w', 100, 'io')]

  test.each([
    ['faster', 'holds'],
    ['slower', 'refuted'],
    ['equivalent', 'refuted'],
    ['open', 'undecided'],
  ] as const)('threads that are %s: %s', async (outcome, expected) => {
    const cells = race('w', 100, { threads: outcome })
    expect(await outcomeOf({ cells, diagnoses }, 'threads-for-io')).toBe(expected)
  })

  test('has its numbers and its reason', async () => {
    const cells = race('w', 100, { threads: 'faster' })
    expect(await rulingOf({ cells, diagnoses }, 'threads-for-io')).toMatchObject({
      evidence: 'holds in w (at 100 threads ×2 was 2.00× as fast as serial (1.80× to 2.20×))',
      reason: expect.stringContaining('asynchronous'),
    })
  })

  test('is tried at the largest size', async () => {
    const cells = [...race('w', 1, { threads: 'slower' }), ...race('w', 100, { threads: 'faster' })]
    expect(await outcomeOf({ cells, diagnoses }, 'threads-for-io')).toBe('holds')
  })

  test('goes by most workloads, names the others, and by none if they are as many', async () => {
    const cells = [
      ...race('a', 100, { threads: 'faster' }),
      ...race('b', 100, { threads: 'slower' }),
      ...race('c', 100, { threads: 'faster' }),
      ...race('d', 100, { threads: 'open' }),
    ]
    const several = ['a', 'b', 'c', 'd'].map((name) => bound(name, 100, 'io'))
    const { outcome, evidence } = await rulingOf({ cells, diagnoses: several }, 'threads-for-io')
    expect(outcome).toBe('holds')
    expect(evidence).toMatch(/^holds in a \(.*\); also c; not in b \(.*took 4\.00×.*\); open in d \(/u)
    const split = await rulingOf({ cells: cells.slice(0, 4), diagnoses: several }, 'threads-for-io')
    expect(split).toMatchObject({ outcome: 'undecided', reason: expect.stringContaining('As many') })
  })

  test('was not tested on work for the CPU, and says how to', async () => {
    const cells = race('w', 100, { threads: 'faster' })
    const ruling = await rulingOf({ cells, diagnoses: [bound('w', 100, 'cpu')] }, 'threads-for-io')
    expect(ruling).toMatchObject({
      outcome: 'not tested',
      evidence: expect.stringContaining('boundby run --workloads http-get'),
    })
  })
})

describe('processes for CPU work', () => {
  const cells = race('w', 100, { threads: 'faster', processes: 'faster' })

  test.each<[string, Verdict[], string]>([
    ['the winner', [decided('winner', ['processes'], { size: 100 })], 'holds'],
    ['beaten by threads', [decided('winner', ['threads'], { size: 100 })], 'refuted'],
    ['no better than threads', [decided('tie', ['processes', 'threads'], { size: 100 })], 'refuted'],
    ['still in the race', [decided('undecided', ['processes', 'threads'], { size: 100 })], 'undecided'],
    ['alone in an open race', [decided('undecided', ['processes'], { size: 100 })], 'undecided'],
    ['without a verdict', [], 'undecided'],
  ])('%s', async (_, verdicts, expected) => {
    expect(await outcomeOf({ cells, verdicts }, 'processes-for-cpu')).toBe(expected)
  })

  test('two numbers of workers tied are both processes', async () => {
    const verdicts = [decided('tie', ['processes', 'processes'], { size: 100 })]
    expect(await outcomeOf({ cells, verdicts }, 'processes-for-cpu')).toBe('holds')
  })

  test('slower than one thread for sure is enough against it', async () => {
    const slow = race('w', 100, { threads: 'open', processes: 'slower' })
    const verdicts = [decided('undecided', ['serial', 'threads'], { size: 100 })]
    expect(await outcomeOf({ cells: slow, verdicts }, 'processes-for-cpu')).toBe('refuted')
  })

  test('is not tried on native code, nor where data outweigh the work, nor without threads', async () => {
    const verdicts = [
      decided('winner', ['threads'], { size: 100, workload: 'sha256' }),
      decided('winner', ['serial'], { size: 100, workload: 'w' }),
    ]
    const heavy = race('w', 100, { threads: 'slower', processes: 'slower' }).map((entry) => ({
      ...entry,
      costsMs: { transfer: 8 },
    }))
    const others = [
      ...race('sha256', 100, { threads: 'faster', processes: 'slower' }),
      ...heavy,
      ...race('v', 100, { processes: 'faster' }),
    ]
    const diagnoses = ['sha256', 'w', 'v'].map((name) => bound(name, 100, 'cpu'))
    expect(await outcomeOf({ cells: others, verdicts, diagnoses }, 'processes-for-cpu')).toBe('not tested')
    expect(await outcomeOf({ cells: others, diagnoses }, 'threads-for-native-code')).toBe('holds')
    expect(await outcomeOf({ cells: others, diagnoses }, 'moving-costs-more')).toBe('holds')
  })
})

test('what is large is told from the work, not from being the largest size', async () => {
  const cells = race('w', 10, { threads: 'slower', processes: 'slower' })
  const verdicts = [decided('winner', ['serial'], { size: 10 })]
  expect(await outcomeOf({ cells, verdicts }, 'processes-for-cpu')).toBe('not tested')
  const large = race('w', 1000, { threads: 'faster', processes: 'faster' })
  expect(await outcomeOf({ cells: large }, 'one-thread-for-small')).toBe('not tested')
})

describe('one thread while it is small', () => {
  const large = race('w', 1000, { threads: 'faster', processes: 'faster' })
  test.each<[string, Record<string, PairOutcome>, string]>([
    ['both pools slower', { threads: 'slower', processes: 'slower' }, 'holds'],
    ['one no better', { threads: 'equivalent', processes: 'slower' }, 'holds'],
    ['one faster', { threads: 'faster', processes: 'slower' }, 'refuted'],
    ['one open', { threads: 'open', processes: 'slower' }, 'undecided'],
  ])('%s', async (_, others, expected) => {
    const cells = [...large, ...race('w', 10, others)]
    expect(await outcomeOf({ cells }, 'one-thread-for-small')).toBe(expected)
  })

  test('tells the size at which the first pool overtakes it', async () => {
    const cells = [...large, ...race('w', 10, { threads: 'slower', processes: 'slower' })]
    const crossing = { workload: 'w', from: 'serial', answer: 'found' as const }
    const crossovers = [
      { ...crossing, to: 'processes', size: 310, interval: [250, 400] as [number, number] },
      { ...crossing, to: 'threads', size: 41, interval: [30, 52] as [number, number] },
      { ...crossing, to: 'event-loop', size: 11, interval: null },
    ]
    const { evidence } = await rulingOf({ cells, crossovers }, 'one-thread-for-small')
    expect(evidence).toContain('until threads overtook it at about 41 (30 to 52)')
    const seen = await rulingOf({ cells }, 'one-thread-for-small')
    expect(seen.evidence).toMatch(/but at 1,000 \w+ ×2 was faster/u)
    const never = await rulingOf({ cells: cells.slice(3) }, 'one-thread-for-small')
    expect(never.evidence).toContain('no pool surely overtook it')
  })

  test('was not tested without a pool', async () => {
    expect(await outcomeOf({ cells: race('w', 10, {}) }, 'one-thread-for-small')).toBe('not tested')
  })
})

describe('misuse', () => {
  test('is told at its worst', async () => {
    const cells = [
      ...race('w', 10, { threads: 'slower', processes: 'slower' }).map((entry) =>
        entry.executor === 'processes' && entry.overSerial !== undefined
          ? { ...entry, overSerial: { ...entry.overSerial, ratio: 0.04, interval: null } }
          : entry,
      ),
      ...race('v', 10, { threads: 'slower' }),
    ]
    expect(await rulingOf({ cells }, 'misuse-degrades')).toMatchObject({
      outcome: 'holds',
      evidence: 'in w (at 10 processes ×2 took 25.0× as long as serial); also v',
    })
  })

  test.each<[PairOutcome, string]>([
    ['equivalent', 'refuted'],
    ['faster', 'refuted'],
    ['open', 'undecided'],
  ])('%s: %s', async (outcome, expected) => {
    const cells = [...race('v', 10, { threads: 'faster' }), ...race('w', 10, { threads: outcome })]
    expect(await outcomeOf({ cells }, 'misuse-degrades')).toBe(expected)
  })

  test('was not tested on serial alone', async () => {
    expect(await outcomeOf({ cells: race('w', 10, {}) }, 'misuse-degrades')).toBe('not tested')
  })
})

describe('what is no comparison', () => {
  const all = ['submit', 'map', 'shutdown']

  test.each<[string, { threads: string[]; processes: string[] } | undefined, string]>([
    ['the same methods', { threads: all, processes: all }, 'holds'],
    ['one without map', { threads: ['submit', 'shutdown'], processes: all }, 'refuted'],
    ['nobody looked', undefined, 'not tested'],
  ])('%s', async (_, node, expected) => {
    const { environment } = await resultOf({})
    const poolMethods = node === undefined ? {} : { node }
    const cells = race('w', 10, { threads: 'open' })
    const fields = { cells, environment: { ...environment, poolMethods } }
    expect(await outcomeOf(fields, 'same-methods')).toBe(expected)
  })

  test.each<[string, (number | undefined)[], string]>([
    ['two processes seen', [2, 1], 'holds'],
    ['one of the cells at home', [2, 0], 'refuted'],
    ['one process seen', [1, 1], 'undecided'],
    ['nobody looked', [undefined], 'not tested'],
  ])('%s', async (_, seen, expected) => {
    const cells = seen.map((workerProcesses, index) =>
      cell({
        executor: 'processes',
        size: index + 1,
        ...(workerProcesses === undefined ? {} : { workerProcesses }),
      }),
    )
    expect(await outcomeOf({ cells }, 'distinct-processes')).toBe(expected)
  })
})

describe('the runtimes', () => {
  test('are judged each by its own races', async () => {
    const cells = [
      ...race('w', 100, { threads: 'faster', processes: 'faster' }),
      ...race('w', 100, { threads: 'slower', processes: 'faster' }, cpython),
    ]
    const verdicts = [
      decided('winner', ['threads'], { size: 100 }),
      decided('winner', ['python-processes'], { size: 100, runtime: cpython, over: 'python-serial' }),
    ]
    const fields = await withPython({ cells, verdicts })
    expect(await rulingOf(fields, 'processes-for-cpu')).toMatchObject({
      outcome: 'refuted',
      evidence: expect.stringContaining('threads won'),
      reason: expect.stringContaining('share no interpreter lock'),
    })
    expect(await rulingOf(fields, 'processes-for-cpu', cpython)).toMatchObject({
      outcome: 'holds',
      evidence: expect.stringContaining('python-processes ×2 was 2.00× as fast as python-serial'),
      reason: expect.stringContaining('GIL'),
    })
  })

  test('a build without the lock has no lock for a reason', async () => {
    const free = { ...python, gilEnabled: false, freeThreaded: true }
    const { environment } = await resultOf({})
    const cells = race('w', 100, { threads: 'faster', processes: 'faster' }, cpython)
    const verdicts = [decided('winner', ['python-threads'], { size: 100, runtime: cpython })]
    const fields = { cells, verdicts, environment: { ...environment, pythons: [free] } }
    expect(await rulingOf(fields, 'processes-for-cpu', cpython)).toMatchObject({
      outcome: 'refuted',
      reason: expect.stringContaining('no interpreter lock'),
    })
  })

  test('without Python every claim says so for CPython, with what is missing', async () => {
    const skipped = [
      { workload: 'w', size: null, executor: 'python-serial', reason: 'there is no python3 on the PATH' },
    ]
    const guidance = guidanceOf(
      await resultOf({ cells: race('w', 100, { threads: 'faster' }), skipped }),
    ).filter(({ runtime }) => runtime === 'cpython')
    expect(guidance.length).toBeGreaterThan(6)
    for (const { outcome, evidence } of guidance)
      expect([outcome, evidence]).toEqual(['not tested', 'there is no python3 on the PATH'])
  })

  test('a control tests nothing', async () => {
    const { options } = await resultOf({})
    const cells = race('w', 100, { threads: 'faster', processes: 'faster' })
    const guidance = guidanceOf(await resultOf({ cells, options: { ...options, control: true } }))
    expect(new Set(guidance.map(({ outcome }) => outcome))).toEqual(new Set(['not tested']))
  })
})

describe('whatever was measured', () => {
  const outcome = fc.constantFrom<PairOutcome>('faster', 'slower', 'equivalent', 'open')
  const facts = new Set(['same-methods', 'distinct-processes'])
  const races = fc
    .uniqueArray(
      fc.record({
        workload: fc.constantFrom('w', 'v', 'sha256', 'dot-product'),
        size: fc.constantFrom(10, 1000),
        threads: outcome,
        processes: outcome,
        isPython: fc.boolean(),
        what: fc.constantFrom('cpu' as const, 'io' as const, 'overhead' as const),
        leader: fc.constantFrom('serial', 'threads', 'processes'),
        kind: fc.constantFrom<Verdict['kind']>('winner', 'tie', 'undecided'),
      }),
      { selector: ({ workload, size, isPython }) => `${workload} ${size} ${isPython}`, minLength: 1 },
    )
    .map((entries) => ({
      cells: entries.flatMap(({ workload, size, threads, processes, isPython }) =>
        race(workload, size, { threads, processes }, isPython ? cpython : undefined),
      ),
      verdicts: entries.map(({ workload, size, isPython, leader, kind }) =>
        decided(kind, [isPython ? `python-${leader}` : leader], {
          workload,
          size,
          ...(isPython ? { runtime: cpython } : {}),
        }),
      ),
      diagnoses: entries.map(({ workload, size, what }) => bound(workload, size, what)),
    }))

  test('each claim has one outcome for each runtime, with evidence and a reason', async () => {
    const empty = await resultOf(await withPython({}))
    fc.assert(
      fc.property(races, (fields) => {
        const guidance = guidanceOf({ ...empty, ...fields })
        const keys = guidance.map(({ id, runtime }) => `${id} ${runtime}`)
        expect(new Set(keys).size).toBe(keys.length)
        expect(new Set(guidance.map(({ runtime }) => runtime))).toEqual(new Set(['node', cpython]))
        for (const { evidence, reason } of guidance) {
          expect(evidence).not.toBe('')
          expect(reason).toMatch(/\.$/u)
          expect(`${evidence} ${reason}`).not.toMatch(/undefined|null|NaN|Infinity/u)
        }
      }),
    )
  })

  test('nothing that is open makes a claim hold or fail', async () => {
    const empty = await resultOf(await withPython({}))
    fc.assert(
      fc.property(races, ({ cells, verdicts, diagnoses }) => {
        const guidance = guidanceOf({
          ...empty,
          diagnoses,
          cells: cells.map((entry) =>
            entry.overSerial === undefined
              ? entry
              : { ...entry, overSerial: { ...entry.overSerial, outcome: 'open' as const } },
          ),
          verdicts: verdicts.map((entry) => ({ ...entry, kind: 'undecided' as const })),
        })
        const claimed = guidance.filter(
          ({ id = '', outcome: said }) => !facts.has(id) && said !== 'undecided',
        )
        expect(claimed.filter(({ outcome: said }) => said !== 'not tested')).toEqual([])
      }),
    )
  })

  test('the order of cells, verdicts and diagnoses changes nothing', async () => {
    const empty = await resultOf(await withPython({}))
    fc.assert(
      fc.property(
        races.chain((fields) =>
          fc.record({
            fields: fc.constant(fields),
            cells: fc.shuffledSubarray(fields.cells, { minLength: fields.cells.length }),
            verdicts: fc.shuffledSubarray(fields.verdicts, { minLength: fields.verdicts.length }),
          }),
        ),
        ({ fields, cells, verdicts }) => {
          expect(guidanceOf({ ...empty, ...fields, cells, verdicts })).toEqual(
            guidanceOf({ ...empty, ...fields }),
          )
        },
      ),
    )
  })
})
