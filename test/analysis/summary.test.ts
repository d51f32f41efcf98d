/** What a result says in words: each sentence follows from the numbers, and from nothing else. */

import { describe, expect, test } from 'vitest'
import { byWorkload } from '#dist/analysis/by-workload.js'
import { summarize } from '#dist/analysis/summary.js'
import type { Cell, Result, Verdict } from '../../src/results/schema.ts'
import { cell, fixture, resultOf, verdict } from '../results/fixture.ts'

async function sentences(fields: Partial<Result>, topic: string): Promise<string[]> {
  const result = await resultOf(fields)
  const summary = summarize(result, byWorkload(result))
  return [...summary.workloads.values()]
    .flat()
    .filter((sentence) => sentence.topic === topic)
    .map(({ text }) => text)
}

/** Cells of one size by their medians. */
function race(size: number, medians: Record<string, number>): Cell[] {
  return Object.entries(medians).map(([executor, medianMs]) => cell({ executor, size, medianMs }))
}

function winner(size: number, executor: string, fields: Partial<Verdict> = {}): Verdict {
  return verdict({ kind: 'winner', executors: [executor], size, ...fields })
}

const diagnosis = (size: number, bound: 'cpu' | 'io' | 'mixed' | 'overhead', cpuShare: number) => ({
  workload: 'w',
  size,
  bound,
  cpuShare,
  runQueueShare: 0,
  blockedShare: 1 - cpuShare,
})

describe('who wins from which size on', () => {
  test('sizes in a row with the same winner are one sentence, with the numbers of the largest', async () => {
    const said = await sentences(
      {
        cells: [
          ...race(10, { serial: 1, threads: 3 }),
          ...race(100, { serial: 10, threads: 11 }),
          ...race(1000, { serial: 100, threads: 60 }),
          ...race(10_000, { serial: 1000, threads: 500, processes: 550 }),
        ],
        verdicts: [
          winner(10_000, 'threads', { ratio: 2, interval: [1.9, 2.1], launches: 5 }),
          winner(1000, 'threads', { ratio: 1.67, interval: [1.5, 1.8] }),
          winner(10, 'serial'),
          winner(100, 'serial'),
        ],
      },
      'winner',
    )
    expect(said).toEqual([
      'Up to size 100 serial wins; the next, threads, took 1.10× as long at 100.',
      'From size 1,000 on threads wins, 2.00× as fast as serial at 10,000 (1.90× to 2.10×, 5 launches); the next, processes, took 1.10× as long.',
    ])
  })

  test('one winner throughout, or a single size', async () => {
    const cells = [...race(10, { serial: 1, threads: 3 }), ...race(20, { serial: 2, threads: 3 })]
    const verdicts = [winner(10, 'serial'), winner(20, 'serial')]
    expect(await sentences({ cells, verdicts }, 'winner')).toEqual([
      'At every size measured (10 to 20) serial wins; the next, threads, took 1.50× as long at 20.',
    ])
    const [first] = verdicts
    expect(await sentences({ cells, verdicts: first === undefined ? [] : [first] }, 'winner')).toEqual([
      'At size 10 serial wins; the next, threads, took 3.00× as long.',
    ])
  })

  test('a tie says within what, and over serial unless serial is among the tied', async () => {
    const cells = race(10, { serial: 10, threads: 5, processes: 5 })
    const tie = (executors: string[], ratio: number | null): Partial<Result> => ({
      cells,
      verdicts: [
        verdict({ kind: 'tie', executors, size: 10, ratio, interval: ratio === null ? null : [1.9, 2.1] }),
      ],
    })
    expect(await sentences(tie(['threads', 'processes'], 2), 'winner')).toEqual([
      'At size 10 threads and processes are tied within 5 %, 2.00× as fast as serial (1.90× to 2.10×, 3 launches).',
    ])
    expect(await sentences(tie(['threads', 'serial'], 1.01), 'winner')).toEqual([
      'At size 10 threads and serial are tied within 5 %.',
    ])
  })

  test('what is undecided is never called won', async () => {
    const cells = race(10, { serial: 10, threads: 5 })
    const open = (executors: string[], reason: string): Partial<Result> => ({
      cells,
      verdicts: [verdict({ kind: 'undecided', executors, size: 10, reason })],
    })
    expect(await sentences(open(['threads', 'serial'], 'needs 9 launches'), 'winner')).toEqual([
      'At size 10 it is undecided: threads is ahead, but serial is still in the race. Needs 9 launches.',
    ])
    expect(await sentences(open(['threads'], 'Interrupted!'), 'winner')).toEqual([
      'At size 10 it is undecided: only threads is left. Interrupted!',
    ])
    expect(await sentences(open([], 'nothing could be measured'), 'winner')).toEqual([
      'At size 10 there is no verdict. Nothing could be measured.',
    ])
  })

  test('a sure win and a race still open are not taken together', async () => {
    const cells = [...race(10, { serial: 10, threads: 5 }), ...race(20, { serial: 20, threads: 10 })]
    const open = verdict({ kind: 'undecided', executors: ['threads'], size: 20 })
    expect(
      await sentences({ cells, verdicts: [winner(10, 'threads', { ratio: 2 }), open] }, 'winner'),
    ).toEqual([
      'At size 10 threads wins, 2.00× as fast as serial (3 launches).',
      'At 20, the largest size, it is undecided: only threads is left. Because.',
    ])
  })

  test('an open race tells by how much its leader is ahead so far', async () => {
    const open = verdict({
      kind: 'undecided',
      executors: ['threads', 'processes', 'serial'],
      size: 10,
      ratio: 1.8,
    })
    const cells = race(10, { serial: 9, threads: 5, processes: 6 })
    expect(await sentences({ cells, verdicts: [open] }, 'winner')).toEqual([
      'At size 10 it is undecided: threads is ahead (1.80× as fast as serial), but processes and serial are still in the race. Because.',
    ])
  })
})

describe('the hypothesis of the author', () => {
  const cells = [...race(10, { serial: 1 }), ...race(20, { serial: 2 })]

  test('is judged at the largest size that was diagnosed', async () => {
    const diagnoses = [diagnosis(20, 'cpu', 0.99), diagnosis(10, 'overhead', 0.9)]
    expect(await sentences({ cells, diagnoses }, 'hypothesis')).toEqual([
      'The author expected it to be bound by the CPU: right. At 20 it was on the CPU for 99 % of the time and waiting for 1 %; at 10 it was mostly overhead.',
    ])
  })

  test('can be wrong', async () => {
    expect(await sentences({ cells, diagnoses: [diagnosis(20, 'io', 0.02)] }, 'hypothesis')).toEqual([
      'The author expected it to be bound by the CPU: not so. At 20 it was bound by I/O: on the CPU for 2 % of the time and waiting for 98 %.',
    ])
  })

  test('is left alone where nothing was diagnosed', async () => {
    expect(await sentences({ cells }, 'hypothesis')).toEqual([])
  })
})

describe("the tutorial's rules", () => {
  const cells = [
    ...race(10, { serial: 1, 'event-loop': 1.2, threads: 4, processes: 9 }),
    ...race(1000, { serial: 100, 'event-loop': 101, threads: 55, processes: 52 }),
  ]
  const io = [
    { workload: 'w', size: 1000, bound: 'io' as const, cpuShare: 0.1, runQueueShare: 0, blockedShare: 0.9 },
  ]

  test.each<[string, Verdict, string]>([
    ['a winner', winner(1000, 'processes'), 'holds: at 1,000 processes wins.'],
    [
      'a rival',
      winner(1000, 'threads'),
      'does not hold here: at 1,000 threads wins, processes took 0.95× as long.',
    ],
    [
      'a tie',
      verdict({ kind: 'tie', executors: ['threads', 'processes'], size: 1000 }),
      'holds: at 1,000 threads and processes are tied.',
    ],
  ])('processes for CPU work: %s', async (_, last, expected) => {
    const said = await sentences({ cells, verdicts: [winner(10, 'serial'), last] }, 'rule')
    expect(said).toContain(`Rule "processes for CPU work on large data" ${expected}`)
    expect(said).toContain('Rule "one thread while the problem is small" holds: at 10 serial wins.')
  })

  test('what was measured, not what the author expected, chooses the rule', async () => {
    const verdicts = [winner(10, 'threads'), winner(1000, 'event-loop')]
    const said = await sentences({ cells, verdicts, diagnoses: io }, 'rule')
    expect(said).toEqual([
      'Rule "threads or the event loop for I/O" holds: at 1,000 event-loop wins.',
      'Rule "one thread while the problem is small" does not hold here: at 10 threads wins, serial took 0.25× as long.',
    ])
  })

  test('an open race is counted as undecided, and not spelled out', async () => {
    const open = verdict({ kind: 'undecided', executors: ['threads', 'processes'], size: 1000 })
    const result = await resultOf({ cells, verdicts: [winner(10, 'serial'), open] })
    const { rules, workloads } = summarize(result, byWorkload(result))
    expect(rules.map(({ outcome, text }) => `${outcome}: ${text}`)).toContain('undecided: undecided in w')
    expect([...workloads.values()].flat().filter(({ text }) => text.includes('processes for CPU'))).toEqual(
      [],
    )
  })

  test('an open race among favoured executors only holds all the same', async () => {
    const verdicts = [verdict({ kind: 'undecided', executors: ['event-loop', 'threads'], size: 1000 })]
    const said = await sentences({ cells, verdicts, diagnoses: io }, 'rule')
    expect(said[0]).toContain('for I/O" holds: at 1,000 only event-loop and threads are left')
  })

  test('a rule whose executor did not race was not tested', async () => {
    const verdicts = [winner(1000, 'threads')]
    const raced = race(1000, { serial: 100, threads: 55 })
    expect(await sentences({ cells: raced, verdicts }, 'rule')).toEqual([
      'Rule "one thread while the problem is small" does not hold here: at 1,000 threads wins, serial took 1.82× as long.',
    ])
  })

  test('misuse is claimed only where the intervals are apart by more than the margin', async () => {
    expect(await sentences({ cells, verdicts: [winner(10, 'serial')] }, 'misuse')).toEqual([
      'The wrong choice costs: at 10 processes took 9.00× as long as serial.',
    ])
    const overlapping = [
      cell({ executor: 'serial', medianMs: 10, intervalMs: [5, 20] }),
      cell({ executor: 'threads', medianMs: 30, intervalMs: [20.5, 40] }),
    ]
    expect(await sentences({ cells: overlapping, verdicts: [winner(100, 'serial')] }, 'misuse')).toEqual([])
  })
})

test('over all workloads each rule is counted, for and against', async () => {
  const result = await fixture('default-suite')
  const { rules } = summarize(result, byWorkload(result))
  expect(rules.map(({ outcome, text }) => [outcome, text])).toEqual([
    ['holds', 'holds in http-get'],
    ['refuted', 'does not hold in primes, word-count and file-read'],
    ['holds', expect.stringMatching(/^holds in primes, http-get, tiny, word-count/u)],
    ['holds', 'an executor was slower than serial in primes, tiny, word-count and file-read'],
  ])
})
