/** For Bencher (`bencher run --adapter json`): the Bencher Metric Format, with latencies in nanoseconds. */

import { escapeJson } from '../escape.ts'
import type { Reporter } from '../reporter.ts'
import { measuredCells } from './measured-cells.ts'

const nsPerMs = 1e6
/** Of a name, in characters. */
const longestName = 1024

export const bencherReporter: Reporter = {
  summary: 'for Bencher (Bencher Metric Format)',
  render(result) {
    const metrics = measuredCells(result).map(({ cell: { intervalMs }, name, medianMs }) => [
      name.slice(0, longestName),
      {
        latency: {
          value: medianMs * nsPerMs,
          ...(intervalMs === null
            ? {}
            : { lower_value: intervalMs[0] * nsPerMs, upper_value: intervalMs[1] * nsPerMs }),
        },
      },
    ])
    return escapeJson(`${JSON.stringify(Object.fromEntries(metrics), null, 2)}\n`)
  },
}
