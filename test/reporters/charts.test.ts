/** What the terminal draws: bars of costs and makespans by size, in characters that stay within the width. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { byWorkload } from '#dist/analysis/by-workload.js'
import { renderCostBars } from '#dist/reporters/cost-bars.js'
import { reporters } from '#dist/reporters/index.js'
import { renderSizeChart } from '#dist/reporters/size-chart.js'
import { Style } from '#dist/reporters/style.js'
import type { Crossover, Result } from '../../src/results/schema.ts'
import { cell, resultOf } from '../results/fixture.ts'

const style = new Style({ color: false, width: 80 })
const none = { dispatch: 0, transfer: 0, cpu: 0, runQueue: 0, blocked: 0, idle: 0, imbalance: 0 }

const count = (line: string, glyph: string): number => line.split(glyph).length - 1

describe('bars of costs', () => {
  test('are as long as makespans are, and filled by what these went into', () => {
    const lines = renderCostBars(
      [
        { label: 'serial', cell: { medianMs: 100, costsMs: { ...none, cpu: 75, blocked: 25 } } },
        {
          label: 'threads ×2',
          cell: { medianMs: 50, costsMs: { ...none, cpu: 25, dispatch: 5, transfer: 20 } },
        },
      ],
      style,
    )
    const [serial = '', threads = '', key] = lines
    expect(serial).toMatch(/^ {2}serial {6} 100 ms {2}█+░+$/u)
    expect(threads).toMatch(/^ {2}threads ×2  50\.0 ms {2}█+▚+▓+$/u)
    expect(count(serial, '█') / count(serial, '░')).toBeCloseTo(3, 0)
    expect(count(threads, '█') / count(serial, '█')).toBeCloseTo(1 / 3, 1)
    expect(key?.trim()).toBe('█ CPU  ░ blocked  ▚ dispatch  ▓ transfer')
  })

  test('say what the system does not tell', () => {
    const [bar] = renderCostBars(
      [{ label: 'threads', cell: { medianMs: 10, costsMs: { dispatch: 2 } } }],
      style,
    )
    expect(bar).toMatch(/▚+\?+$/u)
  })

  test('stay within the width whatever a file says', () => {
    const ms = fc.oneof(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.constantFrom(0, 5e-324, 1e308))
    const bar = fc.record({
      label: fc.string({ maxLength: 25 }),
      cell: fc.record({
        medianMs: ms,
        costsMs: fc.record({ cpu: ms, blocked: ms, dispatch: ms, idle: ms }, { requiredKeys: [] }),
      }),
    })
    fc.assert(
      fc.property(
        fc.array(bar, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 60, max: 130 }),
        (bars, width) => {
          const lines = renderCostBars(bars, new Style({ color: false, width }))
          for (const line of lines.slice(0, -1)) expect(line.length).toBeLessThanOrEqual(width)
        },
      ),
    )
  })
})

const race = (
  points: Readonly<Record<string, readonly (readonly [size: number, ms: number])[]>>,
): Promise<Result> =>
  resultOf({
    cells: Object.entries(points).flatMap(([executor, own]) =>
      own.map(([size, medianMs]) => cell({ executor, size, medianMs, workers: 2 })),
    ),
  })

const crossover = (size: number | null, runtime?: string): Crossover => ({
  workload: 'w',
  from: 'serial',
  to: 'threads',
  size,
  interval: null,
  ...(runtime === undefined ? {} : { runtime }),
})

async function chart(
  points: Parameters<typeof race>[0],
  crossovers: Crossover[],
  isWanted = true,
  width = 80,
): Promise<string[]> {
  const [workload] = byWorkload(await race(points))
  if (workload === undefined) throw new Error('no workload')
  return renderSizeChart(workload, { crossovers }, isWanted, new Style({ color: false, width }))
}

describe('the chart of makespans by size', () => {
  const crossing = {
    serial: [
      [10, 1],
      [1000, 100],
    ],
    threads: [
      [10, 10],
      [1000, 10],
    ],
  } as const

  test('has a letter an executor, lines that cross where makespans do, and the crossover marked', async () => {
    const lines = await chart(crossing, [crossover(100)])
    expect(lines[0]).toBe('Makespan by size, both logarithmic: s serial, t threads ×2')
    const rows = lines.slice(1, -2).map((line) => line.slice(line.indexOf(' │') + 2))
    // Serial rises from the lower left to the upper right corner.
    expect(rows[0]).toMatch(/s$/u)
    expect(rows.at(-1)).toMatch(/^s/u)
    const level = rows.find((row) => row.includes('tttt')) ?? ''
    const columns = Math.max(...rows.map(({ length }) => length))
    expect(level.replaceAll(/[^t]/gu, '').length).toBeGreaterThan(0.8 * columns)
    const marked = lines.at(-1)?.indexOf('↑') ?? -1
    expect(rows[1]?.charAt(marked - 10)).toBe('│')
    expect(Math.abs(marked - 10 - columns / 2)).toBeLessThan(2)
    expect(lines.at(-1)).toMatch(/^ {10}10 +↑ 100 +1,000$/u)
    expect(lines.join('\n')).toMatch(/ 10 ms │/u)
  })

  test('is there where the lead changes, or if it is wanted, and never of a single size', async () => {
    expect(await chart(crossing, [], false)).toEqual([])
    expect(await chart(crossing, [crossover(null), crossover(100, 'cpython 3.11')], false)).toEqual([])
    expect(await chart(crossing, [crossover(100)], false)).not.toEqual([])
    expect(await chart({ serial: [[10, 1]], threads: [[10, 2]] }, [], true)).toEqual([])
  })

  test('stays within the width whatever the sizes and makespans are', async () => {
    const value = fc.double({ min: 1e-6, max: 1e9, noNaN: true })
    const curve = fc.uniqueArray(fc.tuple(value, value), {
      selector: ([size]) => size,
      minLength: 2,
      maxLength: 8,
    })
    await fc.assert(
      fc.asyncProperty(
        curve,
        curve,
        value,
        fc.integer({ min: 60, max: 130 }),
        async (serial, threads, at, width) => {
          const lines = await chart({ serial, threads }, [crossover(at)], true, width)
          for (const line of lines) expect(line.length).toBeLessThanOrEqual(width)
        },
      ),
    )
  })
})

test('in ASCII nothing else is drawn', async () => {
  const result = await resultOf({
    cells: [10, 1000].flatMap((size) =>
      ['serial', 'threads'].map((executor) =>
        cell({
          executor,
          size,
          costsMs: { ...none, cpu: 4, dispatch: 1, transfer: 1, runQueue: 1, blocked: 1, idle: 2 },
        }),
      ),
    ),
    crossovers: [crossover(100)],
  })
  const text = reporters['table']?.render(result, { color: false, width: 80, unicode: false })
  expect(text).toMatch(/^\p{ASCII}*$/u)
  expect(text).toContain('# CPU  + no core  . blocked  % dispatch  = transfer  _ idle')
  // What has no twin becomes a question mark; the one of the legend is meant.
  expect(text?.match(/\?/gu)).toHaveLength(1)
})
