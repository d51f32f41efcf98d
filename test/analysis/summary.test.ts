/** What a result says in words: each sentence follows from the numbers, and from nothing else. */

import { describe, expect, test } from 'vitest'
import { byWorkload } from '#dist/analysis/by-workload.js'
import { summarize } from '#dist/analysis/summary.js'
import type { Cell, Result, Verdict } from '../../src/results/schema.ts'
import { cell, resultOf, verdict } from '../results/fixture.ts'

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

const loser = (size: number, executor: string, ratio: number, outcome: 'slower' | 'open'): Cell =>
  cell({ executor, size, overSerial: { ratio, interval: [ratio / 1.1, ratio * 1.1], outcome } })

describe('misuse', () => {
  test('is told at its worst, where it is sure', async () => {
    const cells = [
      loser(10, 'processes', 0.1, 'slower'),
      loser(10, 'threads', 0.05, 'open'),
      loser(1000, 'processes', 0.5, 'slower'),
    ]
    expect(await sentences({ cells }, 'misuse')).toEqual([
      'The wrong choice costs: at 10 processes took 10.0× as long as serial (9.09× to 11.0×).',
    ])
  })

  test('is not told where nothing is sure, or there is nothing to compare', async () => {
    expect(await sentences({ cells: [loser(10, 'threads', 0.05, 'open')] }, 'misuse')).toEqual([])
    expect(await sentences({ cells: race(10, { threads: 3 }) }, 'misuse')).toEqual([])
  })
})
