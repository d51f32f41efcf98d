/** Two versions in one run: what their launches say, and what of it raises an alarm. */
import { expect, it } from 'vitest'
import { compareInTurns } from '#dist/analysis/comparison/in-turns.js'
import { evidence } from '#dist/analysis/comparison/sentences.js'
import type { Result } from '../../../src/results/schema.ts'
import { cell, resultOf, verdict } from '../../results/fixture.ts'

const launches = (times: number) =>
  Array.from({ length: 10 }, (_, launch) => [times * (10 + ((launch * 7) % 5) / 50)])

/** Both arms of serial, ten launches each; B takes so many times as long as A. */
async function raced(factor: number, change: Partial<Result> = {}): Promise<Result> {
  const arms = [
    cell({ executor: 'serial', arm: 'A', launches: launches(1) }),
    cell({ executor: 'serial', arm: 'B', launches: launches(factor) }),
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

it('a verdict that was reached stands', async () => {
  const verdicts = [verdict({ kind: 'winner', executors: ['serial'], arms: ['A'] })]
  expect(compareInTurns(await raced(1, { verdicts }), []).cells).toMatchObject([{ change: 'slower' }])
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
