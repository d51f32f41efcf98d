/** A comparison for a pull request: the answer, what changed, and the rest folded. */

import { evidence, findings, headline } from '../../analysis/comparison/sentences.ts'
import { formatCount } from '../../analysis/quantities.ts'
import { escapeMarkdown } from '../markdown-escape.ts'
import type { ComparisonReporter } from './reporter.ts'
import { comparisonHead, isChanged, orderedCells, rowOf, wordColumns } from './rows.ts'

/** A comment may hold 65,536 characters, a job's summary 1 MiB. */
const mostRows = 300

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
const list = (points: readonly string[]): string =>
  points.map((point) => `- ${escapeMarkdown(point)}`).join('\n')

function tableOf(rows: readonly (readonly string[])[]): string {
  return [
    line(comparisonHead),
    line(comparisonHead.map((name) => (wordColumns.includes(name) ? ':--' : '--:'))),
    ...rows.map((row) => line(row.map(escapeMarkdown))),
  ].join('\n')
}

export const comparisonMarkdown: ComparisonReporter = {
  summary: "for a pull request's comment",
  render(comparison) {
    const ordered = orderedCells(comparison)
    const allChanged = ordered.filter(isChanged)
    const changed = allChanged.slice(0, mostRows)
    const others = ordered.filter((cell) => !isChanged(cell))
    const shown = others.slice(0, mostRows - changed.length)
    const sections = [
      `### boundby: ${escapeMarkdown(headline(comparison))}`,
      list(findings(comparison)),
      changed.length === 0 ? '' : tableOf(changed.map(rowOf)),
      changed.length === allChanged.length
        ? ''
        : `The first ${changed.length} of ${allChanged.length} that changed.`,
      list(evidence(comparison)),
      shown.length === 0
        ? ''
        : `<details><summary>${formatCount(others.length, 'cell')} neither slower nor faster${shown.length < others.length ? `, ${shown.length} of them` : ''}</summary>\n\n${tableOf(shown.map(rowOf))}\n\n</details>`,
    ]
    return `${sections.filter((section) => section !== '').join('\n\n')}\n`
  },
}
