/** The cells of a comparison as rows of words: the changed first, the largest change on top. */

import type { ComparedCell, Comparison } from '../../analysis/comparison.ts'
import { executorText } from '../../analysis/comparison/sentences.ts'
import { formatDuration, formatPercent, formatSize } from '../../analysis/quantities.ts'

export const comparisonHead = [
  '',
  'workload',
  'size',
  'executor',
  'before',
  'now',
  'change',
  'interval',
  'launches',
]
/** Columns of words; the others are numbers. */
export const wordColumns: readonly string[] = ['', 'workload', 'executor']

const marks = { slower: '▲', faster: '▼', unchanged: '=', unclear: '?' } as const
const order = ['slower', 'faster', 'unclear', 'unchanged'] as const

const signed = (ratio: number): string =>
  `${ratio < 1 ? '−' : '+'}${formatPercent(ratio < 1 ? 1 - ratio : ratio - 1)}`

const distance = ({ ratio }: ComparedCell): number => Math.max(ratio ?? 1, 1 / (ratio ?? 1))

export const isChanged = ({ change }: ComparedCell): boolean => change === 'slower' || change === 'faster'

export function orderedCells({ cells }: Comparison): readonly ComparedCell[] {
  return order.flatMap((kind) =>
    cells.filter(({ change }) => change === kind).toSorted((a, b) => distance(b) - distance(a)),
  )
}

export function rowOf(cell: ComparedCell): string[] {
  const { workload, size, change, ratio, interval, baselineMs, candidateMs, launches } = cell
  return [
    `${marks[change]} ${change}`,
    workload,
    formatSize(size),
    executorText(cell),
    formatDuration(baselineMs),
    formatDuration(candidateMs),
    ratio === null ? '–' : signed(ratio),
    interval === null ? '–' : `${signed(interval[0])} to ${signed(interval[1])}`,
    launches.join(', '),
  ]
}
