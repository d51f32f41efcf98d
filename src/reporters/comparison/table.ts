/** A comparison for the terminal: the answer, what changed, and the cells. */

import { evidence, findings, headline } from '../../analysis/comparison/sentences.ts'
import { formatCount } from '../../analysis/quantities.ts'
import { escapeStrings } from '../escape.ts'
import { Style } from '../style.ts'
import { ruledTable } from '../ruled-table.ts'
import type { ComparisonReporter } from './reporter.ts'
import { comparisonHead, isChanged, orderedCells, rowOf, wordColumns } from './rows.ts'

/** Rows beyond the changed ones: the rest is in the other formats. */
const mostUnchanged = 20
/** Without them the table fits 80 columns. */
const droppable: readonly string[] = ['launches', 'interval', 'before']

function cellsTable(rows: readonly (readonly string[])[], width: number): string {
  let head: readonly string[] = comparisonHead
  let body = rows
  for (const name of ['', ...droppable]) {
    const at = head.indexOf(name)
    if (name !== '' && at !== -1) {
      head = head.toSpliced(at, 1)
      body = body.map((row) => row.toSpliced(at, 1))
    }
    if (ruledTable(head, body, wordColumns).width <= width) break
  }
  return ruledTable(head, body, wordColumns).text
}

export const comparisonTable: ComparisonReporter = {
  summary: 'a table and plain words for the terminal',
  render(given, options) {
    const comparison = escapeStrings(given)
    const style = new Style(options)
    const ordered = orderedCells(comparison)
    const changed = ordered.filter(isChanged)
    const shown = ordered.slice(0, changed.length + mostUnchanged)
    const hidden = ordered.length - shown.length
    const sections = [
      style.paragraph(style.paint(comparison.alarm ? 'failed' : 'title', headline(comparison))),
      ...(shown.length === 0 ? [] : [cellsTable(shown.map(rowOf), style.width)]),
      [
        ...(hidden === 0
          ? []
          : [`${formatCount(hidden, 'more cell')}, none slower or faster: see --reporter json.`]),
        ...findings(comparison),
        ...evidence(comparison),
      ]
        .map((text) => style.paragraph(text, { bullet: '  - ' }))
        .join('\n'),
    ]
    return style.encode(`${sections.filter((section) => section !== '').join('\n\n')}\n`)
  },
}
