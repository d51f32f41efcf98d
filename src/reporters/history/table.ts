/** A history for the terminal: a sparkline for each cell, its steps marked and told. */

import type { History, Series } from '../../analysis/history.ts'
import { executorText } from '../../analysis/comparison/sentences.ts'
import { formatCount, formatDuration, formatSize } from '../../analysis/quantities.ts'
import { escapeStrings } from '../escape.ts'
import type { RenderOptions } from '../reporter.ts'
import { Style } from '../style.ts'
import { ruledTable } from '../ruled-table.ts'
import { describeStep } from './steps.ts'

const bars = '▁▂▃▄▅▆▇█'
const asciiBars = '12345678'
/** Runs shown at most, the latest. */
const mostRuns = 30

function sparkline(values: readonly (number | null)[], levels: string): string {
  const known = values.filter((value) => value !== null && value > 0).map(Number)
  const [low, high] = [Math.log(Math.min(...known)), Math.log(Math.max(...known))]
  return values
    .map((value) => {
      if (value === null || value <= 0) return ' '
      // Less than a tenth from end to end is no landscape.
      const range = Math.max(high - low, 0.1)
      return levels[
        Math.min(levels.length - 1, Math.floor(((Math.log(value) - low) / range) * levels.length))
      ]
    })
    .join('')
}

/** A cell in a row. */
function rowsOf(series: Series, history: History, levels: string): string[] {
  const from = Math.max(0, history.startedAt.length - mostRuns)
  const shown = series.mediansMs.slice(from)
  const latest = series.mediansMs.findLast((value) => value !== null) ?? null
  return [
    series.workload,
    formatSize(series.size),
    executorText(series),
    sparkline(shown, levels),
    latest === null ? '–' : formatDuration(latest),
    series.steps.map((step) => describeStep(step, history)).join('; '),
  ]
}

/** The whole report, ending in a newline. */
export function renderHistory(given: History, options: RenderOptions): string {
  const history = escapeStrings(given)
  const style = new Style(options)
  const { startedAt, series, leftOut } = history
  const levels = options.unicode === false ? asciiBars : bars
  const stepped = series.filter(({ steps }) => steps.length > 0).length
  const lines = [
    style.paint(
      'title',
      `${formatCount(startedAt.length, 'run')}, ${formatCount(series.length, 'cell')}, ${stepped === 0 ? 'no steps' : `steps in ${stepped}`}`,
    ),
    ...(series.length === 0
      ? []
      : [
          ruledTable(
            ['workload', 'size', 'executor', 'runs', 'latest', 'steps'],
            series.map((each) => rowsOf(each, history, levels)),
            ['workload', 'executor', 'runs', 'steps'],
          ).text,
        ]),
    style.paragraph(
      'A step is a change that clears the margin and what days differ by, and that the next run shows too. A bar is the logarithm of a median, from the fastest of its row to the slowest.',
    ),
    ...(leftOut === 0
      ? []
      : [
          style.paragraph(
            `${formatCount(leftOut, 'result')} of other machines left out: their times do not compare.`,
          ),
        ]),
  ]
  return style.encode(`${lines.join('\n')}\n`)
}
