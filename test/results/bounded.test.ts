/** What is told of a wrong result does not grow with what is wrong in it: a file may hold millions of wrong values. */

import { expect, test } from 'vitest'
import type { ZodType } from 'zod'
import { parseRow } from '#dist/harness/journal-rows.js'
import { resultSchema } from '#dist/results/schema.js'
import { fullResult } from '../reporters/html/made-up-results.ts'

type Path = readonly string[]

/** Every list, by way of the first entry of those around it. */
function listsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return []
  const entries = Object.entries(value).slice(0, Array.isArray(value) ? 1 : undefined)
  const within = entries.flatMap(([name, entry]) => listsIn(entry, [...path, name]))
  return Array.isArray(value) ? [path, ...within] : within
}

function withValue(whole: unknown, [name, ...rest]: Path, value: unknown): unknown {
  if (name === undefined) return value
  const copy = (Array.isArray(whole) ? [...(whole as unknown[])] : { ...(whole as object) }) as Record<
    string,
    unknown
  >
  copy[name] = withValue(copy[name], rest, value)
  return copy
}

const result = { ...fullResult({}), plannedPairs: 1 }
const wrong = Array.from({ length: 50_000 }, () => ({}))

const issuesOf = (parsed: ReturnType<ZodType['safeParse']>) => parsed.error?.issues ?? []

test.each(listsIn(result).map((path) => ({ path, name: path.join('.') })))(
  '$name full of wrong values is refused at the first',
  ({ path }) => {
    const issues = issuesOf(resultSchema.safeParse(withValue(result, path, wrong)))
    expect(issues.length).toBeGreaterThan(0)
    expect(issues.length).toBeLessThan(30)
    expect(issues[0]?.path.slice(0, path.length).join('.')).toBe(path.join('.'))
  },
)

test('so is a table', () => {
  const poolMethods = Object.fromEntries(wrong.map((value, index) => [`x${index}`, value]))
  const issues = issuesOf(
    resultSchema.safeParse(withValue(result, ['environment', 'poolMethods'], poolMethods)),
  )
  expect(issues.length).toBeLessThan(30)
  expect(issues[0]?.path).toEqual(['environment', 'poolMethods', 'x0', 'threads'])
})

test('all lists of all cells are wrong: the first of them is told', () => {
  const [cell] = result.cells
  const cells = Array.from({ length: 100 }, () => ({ ...cell, launches: [wrong], yardstickMs: wrong }))
  const issues = issuesOf(resultSchema.safeParse({ ...result, cells }))
  expect(issues.map(({ path }) => path.join('.'))).toEqual(['cells.0.launches.0.0', 'cells.0.yardstickMs.0'])
})

const race = {
  kind: 'race',
  spentMs: 0,
  workload: 'w',
  control: null,
  piloted: false,
  typicalLaunchesMs: [],
  taskCalls: 0,
  pilots: [],
  skipped: [],
  removedSizes: [],
  cells: [
    {
      size: 1,
      arm: { executor: 'serial', workers: 1 },
      observations: [],
      startupsMs: [],
      watched: [],
      rounds: [{ launch: 0, from: 0, makespansMs: [], yardsticksMs: [] }],
    },
  ],
  settled: [],
}

test.each(listsIn(race).map((path) => ({ path, name: path.join('.') })))(
  "$name of a journal's row full of wrong values is refused at the first",
  ({ path }) => {
    expect(parseRow(race).success).toBe(true)
    const issues = issuesOf(parseRow(withValue(race, path, wrong)))
    expect(issues.length).toBeGreaterThan(0)
    expect(issues.length).toBeLessThan(30)
  },
)
