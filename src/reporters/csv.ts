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

/** The makespan stands last; a launch and a round count from 1. */
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

type Row = Readonly<Record<(typeof columns)[number], Field>>

export const csvReporter: Reporter = {
  summary: 'a row a measurement, for spreadsheets and data frames',
  render(result) {
    const rows = result.cells.flatMap(rowsOf)
    return [columns, ...rows.map((row) => columns.map((column) => row[column]))]
      .map((fields) => `${fields.map(encode).join(',')}\r\n`)
      .join('')
  },
}

function rowsOf(cell: Cell): Row[] {
  const { workload, size, executor, workers, runtime = 'node' } = cell
  const { arm = null, tasks, refines = false } = cell
  return cell.launches.flatMap((makespansMs, launch) =>
    makespansMs.map((makespanMs, round) => ({
      workload,
      size,
      executor,
      workers,
      runtime,
      arm,
      tasks,
      added_size: refines ? 1 : 0,
      launch: launch + 1,
      round: round + 1,
      makespan_ms: makespanMs,
    })),
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
