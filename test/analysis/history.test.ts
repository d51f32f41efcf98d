/** Cells over many results: steps that stay, bad days that do not, and machines that differ. */
import { describe, expect, it } from 'vitest'
import { historyOf } from '#dist/analysis/history.js'
import { renderHistory } from '#dist/reporters/history/table.js'
import { seededRandom } from '#dist/stats/random.js'
import type { Result } from '../../src/results/schema.ts'
import { cell, resultOf } from '../results/fixture.ts'
import { normals } from './crossover-races.js'

const executors = ['serial', 'event-loop', 'threads', 'processes']

/** A result a day: ten launches, 4 % of noise, days that are off by 10 % as a whole. */
async function results(days: number, factor: (day: number, workload: string) => number): Promise<Result[]> {
  const normal = normals(seededRandom(days * 104_729))
  return Promise.all(
    Array.from({ length: days }, (_, day) => {
      const ofDay = Math.exp(0.1 * normal())
      const cells = ['a', 'b', 'c', 'd'].flatMap((workload) =>
        executors.map((executor) => {
          const launches = Array.from({ length: 10 }, () => [
            10 * ofDay * factor(day, workload) * Math.exp(0.04 * normal()),
          ])
          return cell({ workload, executor, launches, medianMs: launches[4]?.[0] ?? 0 })
        }),
      )
      return resultOf({ cells, startedAt: `2026-01-${String(day + 1).padStart(2, '0')}T00:00:00.000Z` })
    }),
  )
}

const stepsOf = (runs: readonly Result[]) =>
  historyOf(runs, 0.05).series.flatMap(({ workload, executor, steps }) =>
    steps.map((step) => ({ workload, executor, ...step })),
  )

describe('a history', () => {
  it('of the same code has no steps, whatever the days do', async () => {
    const history = historyOf(await results(12, () => 1), 0.05)
    expect(history.series.flatMap(({ steps }) => steps)).toEqual([])
    expect(history.series).toHaveLength(16)
    expect(history.shifts.some((shift) => Math.abs(shift - 1) > 0.05)).toBe(true)
  })

  it('marks a step that stays, once, at the first run that shows it', async () => {
    const steps = stepsOf(await results(10, (day, workload) => (workload === 'b' && day >= 5 ? 1.4 : 1)))
    expect(
      steps.map(({ workload, at, change, isConfirmed }) => ({ workload, at, change, isConfirmed })),
    ).toEqual(executors.map(() => ({ workload: 'b', at: 5, change: 'slower', isConfirmed: true })))
    for (const { ratio } of steps) expect(ratio).toBeGreaterThan(1.25)
  })

  it('takes a bad day for what it is, and the latest run for what may be one', async () => {
    expect(stepsOf(await results(10, (day, workload) => (workload === 'b' && day === 5 ? 1.4 : 1)))).toEqual(
      [],
    )
    const last = stepsOf(await results(8, (day, workload) => (workload === 'b' && day === 7 ? 1.4 : 1)))
    expect(last.map(({ at, isConfirmed }) => ({ at, isConfirmed }))).toEqual(
      executors.map(() => ({ at: 7, isConfirmed: false })),
    )
  })

  it('takes two bad days, one slow and one fast, for no step', async () => {
    const factors = new Map([
      [5, 1.4],
      [6, 1 / 1.4],
    ])
    expect(
      stepsOf(await results(10, (day, workload) => (workload === 'b' ? (factors.get(day) ?? 1) : 1))),
    ).toEqual([])
  })

  it('sees no step in a cell that is new on a day when the machine was slow', async () => {
    const runs = await results(8, (day) => (day === 3 ? 1.6 : 1))
    const grown = runs.map((run, day) => ({
      ...run,
      cells: run.cells.filter(({ workload }) => day >= 3 || workload !== 'd'),
    }))
    expect(stepsOf(grown)).toEqual([])
  })

  it('does not depend on the order of the files, and leaves other machines out', async () => {
    const runs = await results(6, (day, workload) => (workload === 'b' && day >= 3 ? 1.4 : 1))
    expect(historyOf(runs.toReversed(), 0.05)).toEqual(historyOf(runs, 0.05))
    const [first, ...others] = runs
    if (first === undefined) throw new Error('there is a first run')
    const elsewhere = { ...first, environment: { ...first.environment, cpuModel: 'Another' } }
    expect(historyOf([elsewhere, ...others], 0.05)).toMatchObject({ leftOut: 1, shifts: { length: 5 } })
  })

  it('is a line for each cell, as wide as the runs', async () => {
    const runs = await results(10, (day, workload) => (workload === 'b' && day >= 5 ? 1.4 : 1))
    const history = historyOf(runs, 0.05)
    const text = renderHistory(history, { color: false, width: 100 })
    expect(text).toMatch(/^10 runs, 16 cells, steps in 4\n/u)
    expect(text).toMatch(/b +100 +threads +[▁-█]{10} .*slower by 1\.[34]\d× on 2026-01-06/u)
    expect(renderHistory(history, { color: false, width: 100, unicode: false })).not.toMatch(/\P{ASCII}/u)
  })
})
