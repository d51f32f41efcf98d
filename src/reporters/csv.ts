/**
 * Every measurement that counts as a row of a table, for spreadsheets and data frames: RFC 4180, in UTF-8.
 *
 * A failed cell has no measurements, and so no rows. Text that a spreadsheet would take for a formula (it begins with
 * `=`, `+`, `-` or `@`; tabs and line breaks are replaced everywhere) has an apostrophe before it: a spreadsheet shows
 * the text, other programs see the apostrophe. Numbers never have one.
 */

import type { Cell } from '../results/schema.ts'
import { escapeText } from './escape.ts'
import type { Reporter } from './reporter.ts'

type Field = string | number | null

/** Those of the cell first, then the launch and the round, which count from 1, and the makespan. */
const columns = [
  'workload',
  'size',
  'executor',
  'workers',
  'runtime',
  'arm',
  'tasks',
  'added_size',
  'launch',
  'round',
  'makespan_ms',
] as const

export const csvReporter: Reporter = {
  summary: 'a row a measurement, for spreadsheets and data frames',
  render: (result) => [columns.join(','), ...result.cells.flatMap(rowsOf), ''].join('\r\n'),
}

function rowsOf(cell: Cell): string[] {
  const { workload, size, executor, workers, runtime = 'node', arm = null, tasks, refines = false } = cell
  // Once a cell: a large result has a million rows.
  const ofCell = [workload, size, executor, workers, runtime, arm, tasks, refines ? 1 : 0]
    .map(encode)
    .join(',')
  return cell.launches.flatMap((makespansMs, launch) =>
    makespansMs.map((makespanMs, round) => `${ofCell},${launch + 1},${round + 1},${makespanMs}`),
  )
}

/** Also their full-width twins, and behind spaces, since some spreadsheets look there. */
const formula = /^\s*[=+\-@＝＋－＠]/u

function encode(field: Field): string {
  if (field === null) return ''
  if (typeof field === 'number') return String(field)
  const harmless = escapeText(field)
  const text = formula.test(harmless) ? `'${harmless}` : harmless
  return /[",]|^\s|\s$/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
