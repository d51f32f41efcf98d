/** Tables of the terminal: columns between horizontal rules. */

import Table from 'cli-table3'

/** Horizontal rules above, below the head and at the end; columns two spaces apart. */
const rulesOnly = {
  top: '─',
  'top-mid': '──',
  'top-left': '',
  'top-right': '',
  mid: '',
  'mid-mid': '',
  'left-mid': '',
  'right-mid': '',
  bottom: '─',
  'bottom-mid': '──',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  right: '',
  middle: '  ',
}
const ruleAbove = { mid: '─', 'mid-mid': '──' }

/** A table between horizontal rules; the columns named are aligned left, all others right. */
export function ruledTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  left: readonly string[] = [],
): { readonly text: string; readonly width: number } {
  const table = new Table({
    head: [...head],
    colAligns: head.map((name) => (left.includes(name) ? 'left' : 'right')),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    chars: rulesOnly,
  })
  for (const [index, row] of rows.entries())
    table.push(index === 0 ? row.map((content) => ({ content, chars: ruleAbove })) : [...row])
  const text = table.toString()
  // The first line is a rule; the table's own `width` would draw it all again.
  return { text, width: text.indexOf('\n') }
}
