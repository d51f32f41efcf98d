/** A comparison for the terminal: the answer, what changed, and the cells. */

import { evidence, findings, headline } from '../../analysis/comparison/sentences.ts'
import { formatCount } from '../../analysis/quantities.ts'
import { escapeStrings, escapeText } from '../escape.ts'
import { Style } from '../style.ts'
import { ruledTable } from '../ruled-table.ts'
import type { ComparisonReporter } from './reporter.ts'
import { comparisonHead, isChanged, orderedCells, rowOf, wordColumns } from './rows.ts'

/** Rows of changed cells, the largest change on top, and rows beyond them: the rest is in the other formats. */
const mostChanged = 100
const mostUnchanged = 20
/** Without them the table fits 80 columns. */
const droppable: readonly string[] = ['launches', 'interval', 'before']

function cellsTable(rows: readonly (readonly string[])[], width: number): string {
  let head: readonly string[] = comparisonHead
  let body = rows
  let table = ruledTable(head, body, wordColumns)
  for (const name of droppable) {
    if (table.width <= width) break
    const at = head.indexOf(name)
    head = head.toSpliced(at, 1)
    body = body.map((row) => row.toSpliced(at, 1))
    table = ruledTable(head, body, wordColumns)
  }
  return table.text
}

export const comparisonTable: ComparisonReporter = {
  summary: 'a table and plain words for the terminal',
  render(comparison, options) {
    const style = new Style(options)
    const ordered = orderedCells(comparison)
    const changed = ordered.filter(isChanged).length
    const shown = ordered.slice(0, Math.min(changed, mostChanged) + mostUnchanged)
    const hidden = ordered.length - shown.length
    const hiddenChanged = Math.max(0, changed - shown.length)
    const rest =
      hidden === 0
        ? []
        : [
            `${formatCount(hidden, 'more cell')}, ${hiddenChanged === 0 ? 'none' : `${hiddenChanged} of them`} slower or faster: see --reporter json.`,
          ]
    const points = [...rest, ...findings(comparison), ...evidence(comparison)]
    const sections = [
      style.paragraph(style.paint(comparison.alarm ? 'failed' : 'title', escapeText(headline(comparison)))),
      ...(shown.length === 0 ? [] : [cellsTable(escapeStrings(shown.map(rowOf)), style.width)]),
      escapeStrings(points)
        .map((text) => style.paragraph(text, { bullet: '  - ' }))
        .join('\n'),
    ]
    return style.encode(`${sections.filter((section) => section !== '').join('\n\n')}\n`)
  },
}
