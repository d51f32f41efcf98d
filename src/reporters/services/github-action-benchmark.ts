/** For the action benchmark-action/github-action-benchmark with `tool: customSmallerIsBetter`. */

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
      extra: `${cell.launches.length} launches, ${cell.tasks} tasks, ${cell.workers ?? 'unbounded'} workers`,
    }))
    return escapeJson(`${JSON.stringify(entries, null, 2)}\n`)
  },
}
