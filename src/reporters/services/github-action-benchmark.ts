/** For the action benchmark-action/github-action-benchmark with `tool: customSmallerIsBetter`. */

import { formatCount } from '../../analysis/quantities.ts'
import { escapeJson } from '../escape.ts'
import type { Reporter } from '../reporter.ts'
import { measuredCells } from './measured-cells.ts'

export const githubActionBenchmarkReporter: Reporter = {
  summary: 'for github-action-benchmark (customSmallerIsBetter)',
  render(result) {
    const entries = measuredCells(result).map(({ cell, name, medianMs }) => ({
      name,
      unit: 'ms',
      value: medianMs,
      ...(cell.intervalMs === null
        ? {}
        : { range: `± ${((cell.intervalMs[1] - cell.intervalMs[0]) / 2).toPrecision(3)}` }),
      extra: [
        formatCount(cell.launches.length, 'launch'),
        formatCount(cell.tasks, 'task'),
        cell.workers === null ? 'unbounded' : formatCount(cell.workers, 'worker'),
      ].join(', '),
    }))
    return escapeJson(`${JSON.stringify(entries, null, 2)}\n`)
  },
}
