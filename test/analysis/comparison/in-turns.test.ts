/** Two versions in one run: what their launches say, and what of it raises an alarm. */
import { expect, it } from 'vitest'
import { compareInTurns } from '#dist/analysis/comparison/in-turns.js'
import { evidence, findings, headline } from '#dist/analysis/comparison/sentences.js'
import { comparisonAnnotations } from '#dist/reporters/services/annotations.js'
import type { Result } from '../../../src/results/schema.ts'
import { cell, resultOf } from '../../results/fixture.ts'

/** @param stride the same noise in another order: 7 as A has it, so that the ratio of both is steady. */
const launches = (times: number, stride = 7) =>
  Array.from({ length: 10 }, (_, launch) => [times * (10 + ((launch * stride) % 5) / 2)])

/** Both arms of serial, ten launches each; B takes so many times as long as A. */
async function raced(factor: number, change: Partial<Result> = {}, stride = 7): Promise<Result> {
  const arms = [
    cell({ executor: 'serial', arm: 'A', launches: launches(1) }),
    cell({ executor: 'serial', arm: 'B', launches: launches(factor, stride) }),
  ]
  const result = await resultOf({ cells: arms, plannedPairs: 2, ...change })
  return { ...result, options: { ...result.options, control: true, against: 'main' } }
}

it.each([
  [1.5, 'slower'],
  [1 / 1.5, 'faster'],
  [1, 'unchanged'],
])('a candidate that takes %f times as long is %s', async (factor, change) => {
  const comparison = compareInTurns(await raced(factor), ['slower'])
  expect(comparison.cells).toMatchObject([{ executor: 'serial', change, launches: [10, 10] }])
  expect(comparison.cells[0]?.ratio).toBeCloseTo(factor, 2)
  expect(comparison.alarm).toBe(change === 'slower')
  expect(evidence(comparison).join(' ')).toContain('took turns')
})

it('does not claim to watch for verdicts that flip: versions race, not executors', async () => {
  const watching = compareInTurns(await raced(1), ['slower', 'flipped'])
  expect(watching.failOn).toEqual(['slower'])
  expect(headline(watching)).toBe('No alarm (watched: slower).')
})

it('another result is told, and a candidate that fails is missing', async () => {
  const { cells, ...rest } = await raced(1)
  const failed = (name: string): Result => ({
    ...rest,
    cells: cells.map((each) => (each.arm === 'B' ? { ...each, error: { name, message: 'no' } } : each)),
  })
  const differs = compareInTurns(failed('ChecksumMismatch'), ['checksum'])
  expect(differs).toMatchObject({ alarms: ['checksum'], cells: [], missing: [{ executor: 'serial' }] })
  expect(compareInTurns(failed('TypeError'), ['slower', 'missing'])).toMatchObject({ alarms: ['missing'] })
})

it('says how small a slowdown it would have found, and when it would have found none', async () => {
  const noisy = async (factor: number) => compareInTurns(await raced(factor, {}, 3), ['slower'])
  const comparison = await noisy(1)
  const detectable = comparison.cells[0]?.detectable ?? 0
  expect(evidence(comparison).join(' ')).toMatch(
    /Smallest slowdown .* nine times in ten: .* A longer --budget/u,
  )
  expect(await noisy(detectable)).toMatchObject({ alarm: true })
  expect(await noisy(1 + (detectable - 1) / 2)).toMatchObject({ alarm: false })

  const { cells, ...rest } = await raced(3)
  const thin = { ...rest, cells: cells.map((each) => ({ ...each, launches: each.launches.slice(0, 2) })) }
  const blind = compareInTurns(thin, ['slower'])
  expect(headline(blind)).toMatch(/^No alarm, but no slowdown could be found/u)
  expect(evidence(blind).join(' ')).toContain(
    'In 1 cell no slowdown could be found: fewer than three launches',
  )
})

it('says that it was ended before its time', async () => {
  const told = evidence(compareInTurns(await raced(1, { interrupted: 'SIGINT' }), [])).join(' ')
  expect(told).toContain('ended before its time (SIGINT)')
  expect(evidence(compareInTurns(await raced(1), [])).join(' ')).not.toContain('before its time')
})

it('knows no better way where each has had all launches that there are', async () => {
  const { cells, ...rest } = await raced(1)
  const doubled = cells.map((each) => ({ ...each, launches: [...each.launches, ...each.launches] }))
  expect(evidence(compareInTurns({ ...rest, cells: doubled }, [])).join(' ')).toContain(
    'a longer --budget would hardly find smaller ones',
  )
})

it('says what neither version was measured with', async () => {
  const skipped = ['serial', 'threads'].map((executor) => ({
    workload: 'fine',
    size: 9,
    executor,
    reason: 'too long for the budget',
  }))
  const told = findings(compareInTurns(await raced(1, { skipped }), []))
  expect(told).toEqual(['Not measured: fine at 9: too long for the budget.'])
})

it('misses what only the other version has', async () => {
  const gone = { executor: null, reason: 'only main has it', isGone: true }
  const skipped = [
    { workload: 'gone', size: null, ...gone },
    { workload: 'w', size: 9, ...gone },
  ]
  const comparison = compareInTurns(await raced(1, { skipped }), ['missing'])
  expect(comparison).toMatchObject({ alarms: ['missing'], skipped: [] })
  expect(findings(comparison)).toEqual(['Only in the other version, and so not compared: gone; w at 9.'])
  expect(comparisonAnnotations(comparison)).toMatch(
    /^::error title=gone::is in the other version only\n::error title=w at 9::is in the other version only$/mu,
  )
  expect(compareInTurns(await raced(1, { skipped }), ['slower']).alarm).toBe(false)
})

it('tells of a cell with other results once, as that', async () => {
  const { cells, ...rest } = await raced(1)
  const error = { name: 'ChecksumMismatch', message: 'no' }
  const failed = { ...rest, cells: cells.map((each) => (each.arm === 'B' ? { ...each, error } : each)) }
  expect(findings(compareInTurns(failed, []))).toEqual([expect.stringMatching(/different results/u)])
})
