/** The rows for spreadsheets and data frames, read back by a parser of RFC 4180. */
import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import { reporters } from '#dist/reporters/index.js'
import type { Result } from '../../src/results/schema.ts'
import { cell, fixture, resultOf } from '../results/fixture.ts'

function source(result: Result): string {
  const text = reporters['csv']?.render(result, { color: false, width: 80 })
  if (text === undefined) throw new Error('there is no CSV reporter')
  return text
}

const rowsOf = (result: Result): Record<string, string>[] =>
  parse(source(result), { columns: true, record_delimiter: '\r\n' })

describe('the CSV report', () => {
  test('has a row a measurement, launches and rounds counted from 1', async () => {
    const rows = rowsOf(
      await resultOf({
        cells: [
          cell({ executor: 'threads', workers: 2, launches: [[1.5, 2], [3]] }),
          cell({
            executor: 'python-serial',
            runtime: 'cpython 3.11',
            size: 1e6,
            launches: [[1e-7]],
            refines: true,
          }),
          cell({ executor: 'processes', medianMs: null, error: { name: 'Error', message: 'no' } }),
        ],
      }),
    )
    expect(rows.map((row) => Object.values(row).join(' '))).toEqual([
      'w 100 threads 2 node  8 0 1 1 1.5',
      'w 100 threads 2 node  8 0 1 2 2',
      'w 100 threads 2 node  8 0 2 1 3',
      'w 1000000 python-serial  cpython 3.11  8 1 1 1 1e-7',
    ])
    expect(Object.keys(rows[0] ?? {})).toEqual(
      'workload size executor workers runtime arm tasks added_size launch round makespan_ms'.split(' '),
    )
  })

  test('keeps every measurement of a whole run', async () => {
    const result = await fixture('default-suite')
    const measured = result.cells.flatMap(({ launches }) => launches.flat())
    expect(rowsOf(result).map((row) => Number(row['makespan_ms']))).toEqual(measured)
  })

  test('gives a spreadsheet nothing to compute, and quotes what needs it', async () => {
    const names = [
      '=cmd()',
      '+1',
      '-1',
      '@SUM(A1)',
      '\t=1',
      '\r=1',
      ' =1',
      '＝1',
      'a,b',
      'a"b',
      'fine-name',
      '',
    ]
    const text = source(
      await resultOf({
        cells: names.map((workload) => cell({ executor: 'serial', workload, launches: [[1]] })),
      }),
    )
    const read: string[][] = parse(text, { from_line: 2, record_delimiter: '\r\n' })
    expect(read.map(([workload]) => workload)).toEqual([
      "'=cmd()",
      "'+1",
      "'-1",
      "'@SUM(A1)",
      "' =1",
      "' =1",
      "' =1",
      "'＝1",
      'a,b',
      'a"b',
      'fine-name',
      '',
    ])
  })
})
