/** The numbers behind a chart as a table that is folded away until it is wanted; long ones in pages. */

import { formatSize } from '../../analysis/quantities.ts'
import { markup } from './markup.ts'
import type { Markup } from './markup.ts'

export interface DataTable {
  readonly columns: readonly string[]
  /** The first entry names the row. Null: nothing was measured. */
  readonly rows: readonly (readonly (string | null)[])[]
  /** What was left out, if something was. */
  readonly note?: string | null
}

const rowsPerPage = 200

export function dataTable(table: DataTable, title: string): Markup {
  return markup`<details class="data"><summary>Numbers<span class="unseen">: ${title}</span></summary>${pagedTable(table, title)}</details>`
}

/** Without the fold around it. */
export function pagedTable(table: DataTable, title: string): Markup {
  const { columns, rows, note } = withoutEmptyColumns(table)
  const pages = Array.from({ length: Math.ceil(rows.length / rowsPerPage) }, (_, page) =>
    rows.slice(page * rowsPerPage, (page + 1) * rowsPerPage),
  )
  const [first = [], ...others] = pages
  return markup`${oneTable(columns, first)}${others.map((page, index) => {
    const from = (index + 1) * rowsPerPage + 1
    const range = `rows ${formatSize(from)} to ${formatSize(from + page.length - 1)} of ${formatSize(rows.length)}`
    return markup`<details class="data"><summary>${range}<span class="unseen">: ${title}</span></summary>${oneTable(columns, page)}</details>\n`
  })}${note === null || note === undefined ? null : markup`<p class="note">${note}</p>`}`
}

function withoutEmptyColumns({ columns, rows, note }: DataTable): DataTable {
  const isFilled = columns.map((_, column) => rows.some((row) => (row[column] ?? '') !== ''))
  return {
    columns: columns.filter((_, column) => isFilled[column]),
    rows: rows.map((row) => row.filter((_, column) => isFilled[column])),
    note: note ?? null,
  }
}

/**
 * End tags and scopes that HTML lets one leave out are most of what a table weighs; a first row and a first column of
 * nothing but `th` are headers as they are.
 */
function oneTable(columns: readonly string[], rows: DataTable['rows']): Markup {
  return markup`<div class="scroll" tabindex="0" role="group" aria-label="Table"><table><thead><tr>${columns.map((column) => markup`<th>${column}`)}<tbody>${rows.map(
    ([name, ...cells]) => markup`<tr><th>${name ?? '–'}${cells.map((cell) => markup`<td>${cell ?? '–'}`)}`,
  )}</table></div>`
}
