/** What a control says in words and shows in tables. */

import { expect, test } from 'vitest'
import { byWorkload } from '#dist/analysis/by-workload.js'
import { summarizeControl } from '#dist/analysis/control.js'
import { summarize } from '#dist/analysis/summary.js'
import { reporters } from '#dist/reporters/index.js'
import type { Result, Verdict } from '../../src/results/schema.ts'
import { cell, resultOf, verdict } from '../results/fixture.ts'

/** Serial and threads against themselves, at two sizes. */
async function control(kinds: readonly Verdict['kind'][], launches = 3): Promise<Result> {
  const executors = ['serial', 'threads']
  const races = executors.flatMap((executor) => [100, 200].map((size) => ({ executor, size })))
  const { options } = await resultOf({})
  return resultOf({
    options: { ...options, executors, control: true },
    cells: races.flatMap(({ executor, size }) =>
      (['A', 'B'] as const).map((arm) =>
        cell({
          executor,
          size,
          arm,
          workers: executor === 'threads' ? 2 : 1,
          medianMs: arm === 'A' ? 10 : 8,
        }),
      ),
    ),
    verdicts: races.map(({ executor, size }, index) => {
      const kind = kinds[index] ?? 'undecided'
      const arms: Verdict['arms'] = kind === 'winner' ? ['B'] : ['B', 'A']
      return verdict({ kind, executors: arms.map(() => executor), arms, size, launches })
    }),
  })
}

test('is null for a race of different executors', async () => {
  expect(summarizeControl(await resultOf({}))).toBeNull()
})

test('counts, and says no more where no winner was named', async () => {
  const summary = summarizeControl(await control(['tie', 'undecided', 'undecided', 'undecided']))
  expect(summary).toMatchObject({ races: 4, named: [] })
  expect(summary?.sentences).toEqual([
    'Control: a winner was named in 0 of 4 races of an executor against itself; 1 tie, 3 undecided.',
  ])
})

test('says which winners are false, and what to do', async () => {
  const summary = summarizeControl(await control(['tie', 'undecided', 'winner', 'undecided']))
  expect(summary?.named).toHaveLength(1)
  const [counts, where, advice] = summary?.sentences ?? []
  expect(counts).toContain('a winner was named in 1 of 4 races')
  expect(where).toBe('False winners: w at 100 (threads B).')
  expect(advice).toMatch(/at most 5 % of the runs.*cries wolf.*--margin above 5 %/u)
})

test('does not pass off races as tested that no winner could come from', async () => {
  const summary = summarizeControl(await control([], 2))
  expect(summary?.sentences[0]).toContain('4 had fewer than 3 launches, from which no winner is ever named')
})

test('has one arrangement for each workload and executor, with A and B as arms', async () => {
  const contests = byWorkload(await control(['winner']))
  expect(
    contests.map(({ name, control: executor, arms }) => [name, executor, arms.map((arm) => arm.label)]),
  ).toEqual([
    ['w', 'serial', ['serial A', 'serial B']],
    ['w', 'threads', ['threads ×2 A', 'threads ×2 B']],
  ])
  expect(contests[0]?.sizes[0]?.leaders.map(({ label }) => label)).toEqual(['serial B'])
  expect(contests[1]?.sizes[0]?.leaders.map(({ label }) => label)).toEqual(['threads ×2 B', 'threads ×2 A'])
})

test('judges no hypothesis', async () => {
  const result = await control(['winner', 'tie', 'winner', 'tie'])
  const summary = summarize(result, byWorkload(result))
  expect([...summary.workloads.values()].flat()).toEqual([])
})

test('is shown as a table a workload and executor, and ends with what it found', async () => {
  const report =
    reporters['table']?.render(await control(['winner', 'tie']), { color: false, width: 100 }) ?? ''
  const sections = report.split('\n\n')
  expect(sections.slice(1, 3).map((section) => section.split('\n')[0])).toEqual([
    'w, serial against itself',
    'w, threads against itself',
  ])
  expect(sections[0]?.replaceAll(/\s+/gu, ' ')).toContain('how many times as fast as A that is')
  const row = sections[1]?.split('\n').find((line) => line.trim().startsWith('100 '))
  expect(row?.trim()).toMatch(/^100 +10\.0 ms ±\d+% +✓ 8\.00 ms ±\d+% 1\.25×$/u)
  expect(sections.at(-2)?.replaceAll(/\s+/gu, ' ')).toMatch(/^Control: a winner was named in 1 of 4 races/u)
  expect(sections.at(-1)?.replaceAll(/\s+/gu, ' ')).toContain(
    'boundby run --control --executors serial,threads',
  )
})
