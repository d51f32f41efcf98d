/** Cautions about a race: each fires on its own kind of data, and calm data give none. */

import { describe, expect, test } from 'vitest'
import { byWorkload } from '#dist/analysis/by-workload.js'
import { clockWarnings } from '#dist/analysis/warnings/clock.js'
import { driftWarnings } from '#dist/analysis/warnings/drift.js'
import { fewLaunchesWarnings } from '#dist/analysis/warnings/few-launches.js'
import { groupedWarnings } from '#dist/analysis/warnings/grouped.js'
import { withWarnings } from '#dist/analysis/warnings/index.js'
import { warmUpWarnings } from '#dist/analysis/warnings/warm-up.js'
import { splitWarning } from '#dist/analysis/warnings/warning.js'
import { seededRandom } from '#dist/stats/random.js'
import type { Cell, Result } from '../../../src/results/schema.ts'
import { cell, fixture, resultOf, verdict } from '../../results/fixture.ts'
import { gauss } from './simulated-launches.ts'

type Makespan = (launch: number, round: number) => number

/** A cell whose makespan is given by launch and round, with 5 % of noise. */
function noisy(
  executor: string,
  launches: number,
  rounds: number,
  makespan: Makespan,
  seed = 1,
  fields: Partial<Cell> = {},
): Cell {
  const random = seededRandom(seed)
  return cell({
    executor,
    launches: Array.from({ length: launches }, (_, launch) =>
      Array.from({ length: rounds }, (__, round) => makespan(launch, round) * Math.exp(0.05 * gauss(random))),
    ),
    ...fields,
  })
}

const race = (launches: number, rounds: number, makespan: Makespan, seed = 1): Cell[] => [
  noisy('serial', launches, rounds, makespan, seed),
  noisy('threads', launches, rounds, makespan, seed + 1000, { workers: 2 }),
]
const steady: Makespan = () => 10

describe('drift', () => {
  test.each<[string, number, RegExp]>([
    ['up', 1.02, /^from the first to the last of 12 launches, makespans became 2\d % longer/u],
    ['down', 1 / 1.02, /became (?:1\d|20) % shorter/u],
  ])('%s is seen', (_, factor, sentence) => {
    const [warning] = driftWarnings(
      race(12, 5, (launch) => 10 * factor ** launch),
      0.05,
    )
    expect(warning?.message).toMatch(sentence)
  })

  test('steady launches have none, in 1 of 100 races at the most, nor have few launches, nor a small change', () => {
    const seeds = Array.from({ length: 200 }, (_, seed) => seed)
    expect(
      seeds.filter((seed) => driftWarnings(race(12, 3, steady, seed), 0.05).length > 0).length,
    ).toBeLessThan(3)
    expect(
      driftWarnings(
        race(4, 5, (launch) => 10 * 1.5 ** launch),
        0.05,
      ),
    ).toEqual([])
    expect(
      driftWarnings(
        race(12, 50, (launch) => 10 * 1.002 ** launch),
        0.05,
      ),
    ).toEqual([])
  })

  test('an arm that was dropped early counts for nothing', () => {
    const dropped = noisy('processes', 7, 5, (launch) => 10 * 2 ** launch)
    expect(driftWarnings([...race(12, 5, steady), dropped], 0.05)).toEqual([])
    expect(driftWarnings([], 0.05)).toEqual([])
  })
})

const judge = async (cells: readonly Cell[]): Promise<string[]> => {
  const { options } = await fixture('default-suite')
  const found = verdict({ kind: 'undecided', executors: ['serial'] })
  return warmUpWarnings(found, { cells: [...cells], options }).map(({ message }) => message)
}

const cold: Makespan = (_, round) => (round === 0 ? 14 : 10)

describe('warm-up', () => {
  test('a slow first round is seen from three launches on, in the arm that has it', async () => {
    const cells = [noisy('serial', 3, 10, steady), noisy('threads', 3, 10, cold, 2, { workers: 2 })]
    expect((await judge(cells)).join('')).toMatch(/\(threads ×2 by [34]\d %\)/u)
  })

  test('noise is none, in 1 of 100 races at the most; nor are single rounds', async () => {
    const seeds = Array.from({ length: 200 }, (_, seed) => seed)
    const found = await Promise.all(seeds.map((seed) => judge(race(5, 5, steady, seed))))
    expect(found.filter((messages) => messages.length > 0).length).toBeLessThan(3)
    expect(await judge(race(20, 1, steady))).toEqual([])
  })

  test('what is sure but smaller than the margin is not worth a word', async () => {
    expect(await judge(race(20, 10, (_, round) => (round === 0 ? 10.15 : 10)))).toEqual([])
  })
})

describe('clock', () => {
  test('makespans within some hundred steps are told', async () => {
    const { environment } = await fixture('default-suite')
    const cells = [cell({ executor: 'serial', launches: [[0.5, 0.6]] }), cell({ executor: 'threads' })]
    const said = (clockStepMs: number): string[] =>
      clockWarnings(cells, { ...environment, clockStepMs }, 0.05).map(({ message }) => message)
    expect(said(0.001)).toEqual([])
    expect(said(0.01).join('')).toMatch(
      /^the clock goes in steps of 10\.0 µs, 1\.8 % of a makespan \(serial: 550 µs\); .* at least 1\.00 ms$/u,
    )
    expect(said(1)).toHaveLength(1)
    expect(clockWarnings(cells, environment, 0.05)).toEqual([])
  })
})

describe('few launches', () => {
  test('fewer than a verdict needs are told, with the budget that would do', () => {
    const [warning] = fewLaunchesWarnings(race(2, 3, steady), 10_000)
    expect(warning?.message).toMatch(/from 2 launches, .* --budget 15s should fit 3$/u)
    expect(fewLaunchesWarnings(race(3, 3, steady), 10_000)).toEqual([])
    expect(fewLaunchesWarnings(race(1, 3, steady).slice(0, 1), 10_000)).toEqual([])
  })
})

const drifting = async (): Promise<Result> =>
  resultOf({
    cells: [10, 100].flatMap((size) =>
      race(12, 5, (launch) => 10 * 1.02 ** launch).map((each) => ({ ...each, size })),
    ),
    verdicts: [10, 100].map((size) => verdict({ kind: 'tie', executors: ['serial', 'threads'], size })),
  })

const controlled = (executor: string, makespan: Makespan): Cell[] =>
  (['A', 'B'] as const).map((name, seed) => noisy(executor, 12, 5, makespan, seed, { arm: name }))

describe('a result', () => {
  test('keeps its verdicts, each with the warnings of its own race', async () => {
    const result = await drifting()
    const calm = verdict({ kind: 'winner', executors: ['serial'], workload: 'calm' })
    const judged = withWarnings({
      ...result,
      cells: [...result.cells, ...race(12, 5, steady).map((each) => ({ ...each, workload: 'calm' }))],
      verdicts: [...result.verdicts, calm],
    })
    expect(judged.verdicts.map(({ warnings }) => warnings.length)).toEqual([1, 1, 0])
    expect(judged.verdicts[0]?.warnings[0]).toMatch(/^drift: .*\.$/u)
    expect(judged.verdicts.map((each) => ({ ...each, warnings: [] }))).toEqual([...result.verdicts, calm])
    expect(judged.warnings).toEqual([])
  })

  test('of a control keeps the arms of each executor apart', async () => {
    const judged = withWarnings(
      await resultOf({
        cells: [...controlled('serial', steady), ...controlled('threads', (launch) => 10 * 1.02 ** launch)],
        verdicts: ['serial', 'threads'].map((executor) =>
          verdict({ kind: 'undecided', executors: [executor, executor], arms: ['A', 'B'] }),
        ),
      }),
    )
    expect(judged.verdicts.map(({ warnings }) => warnings.length)).toEqual([0, 1])
  })

  test('says the same caution at several sizes once', async () => {
    const [workload] = byWorkload(withWarnings(await drifting()))
    const texts = groupedWarnings(workload?.sizes ?? [])
    expect(texts).toHaveLength(1)
    expect(texts[0]).toMatch(/^drift at 10: from the first .* run again\. Likewise at 100\.$/u)
  })

  test('with a warning of another origin is shown as it is', () => {
    expect(splitWarning('At 10 it rained: badly')).toEqual({
      caution: null,
      message: 'At 10 it rained: badly',
    })
    expect(splitWarning('slow-mode: a: b')).toEqual({ caution: 'slow-mode', message: 'a: b' })
  })
})
