/** OpenMetrics text: for GitLab's `artifacts:reports:metrics`, or a Prometheus that collects it. */

import type { Cell, Result } from '../../results/schema.ts'
import { escapeText } from '../escape.ts'
import type { Reporter } from '../reporter.ts'
import { measuredCells } from './measured-cells.ts'
import type { MeasuredCell } from './measured-cells.ts'

const labelValue = (text: string): string =>
  `"${escapeText(text)
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('"', String.raw`\"`)}"`

const labels = ({ cell: { workload, size, executor, arm }, distinction }: MeasuredCell): string =>
  Object.entries({
    workload,
    size: String(size),
    executor,
    ...distinction,
    ...(arm === undefined ? {} : { arm }),
  })
    .map(([name, value]) => `${name}=${labelValue(value)}`)
    .join(',')

/** Without the digits that a division of binary fractions adds. */
const seconds = (durationMs: number): number => Number((durationMs / 1000).toPrecision(12))

function family(name: string, help: string, samples: readonly string[]): string[] {
  if (samples.length === 0) return []
  return [`# TYPE ${name} gauge`, `# UNIT ${name} seconds`, `# HELP ${name} ${help}`, ...samples]
}

function samplesOf(result: Result, name: string, read: (cell: Cell) => number | undefined): string[] {
  return measuredCells(result).flatMap((measured) => {
    const valueMs = read(measured.cell)
    return valueMs === undefined ? [] : [`${name}{${labels(measured)}} ${seconds(valueMs)}`]
  })
}

export const openMetricsReporter: Reporter = {
  summary: 'OpenMetrics text, for GitLab or Prometheus',
  render(result) {
    const lines = [
      ...family(
        'boundby_makespan_seconds',
        'All tasks of a size, first submit to last result: the median over launches.',
        samplesOf(result, 'boundby_makespan_seconds', ({ medianMs }) => medianMs ?? undefined),
      ),
      ...family(
        'boundby_makespan_low_seconds',
        'Lower end of the interval.',
        samplesOf(result, 'boundby_makespan_low_seconds', ({ intervalMs }) => intervalMs?.[0]),
      ),
      ...family(
        'boundby_makespan_high_seconds',
        'Upper end of the interval.',
        samplesOf(result, 'boundby_makespan_high_seconds', ({ intervalMs }) => intervalMs?.[1]),
      ),
      '# EOF',
    ]
    return `${lines.join('\n')}\n`
  },
}
