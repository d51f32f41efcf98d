/** What is predicted elsewhere: for each workload the executor that would be the fastest at its largest size. */

import { formatDuration, formatSize } from '../../../analysis/quantities.ts'
import type { WhatIf } from '../../../results/schema.ts'
import { lookOf } from '../executor-look.ts'
import type { Chart, Drawing } from '../figure.ts'
import { maxDrawnWorkloads } from '../limits.ts'
import { markup } from '../markup.ts'
import type { Markup } from '../markup.ts'
import { logScale, logTicks, positiveExtent, roundDuration } from '../scale.ts'
import type { Scale } from '../scale.ts'

type Forecast = WhatIf['predictions'][number]

const rowHeight = 40

/** Null where nothing was predicted. */
export function whatIfChart(id: string, { predictions }: WhatIf, title: string): Chart | null {
  const workloads = [...new Set(predictions.map(({ workload }) => workload))]
  const best = workloads
    .slice(0, maxDrawnWorkloads)
    .map((workload) => fastest(predictions.filter((each) => each.workload === workload)))
    .filter((forecast) => forecast !== undefined)
  if (best.length === 0) return null
  const rows = predictions.filter(({ workload, size }) =>
    best.some((drawn) => drawn.workload === workload && drawn.size === size),
  )
  return {
    id,
    title: `${title}: the fastest executor`,
    caption: markup`The fastest executor, as predicted <small>makespan at the largest size, logarithmic</small>`,
    description: best.map(describe).join('; '),
    drawing: draw(best),
    key: markup`<ul class="key"><li><svg width="26" height="14" aria-hidden="true"><rect class="expected" x="1" y="3" width="24" height="8"/><path class="expected-at" d="M13 0V14"/></svg>predicted, within</li></ul>`,
    table: {
      columns: ['workload, size and executor', 'predicted', 'within'],
      rows: rows.map((forecast) => [
        nameOf(forecast),
        formatDuration(forecast.predictedMs),
        rangeOf(forecast.intervalMs),
      ]),
      note: rows.length < predictions.length ? 'All that was predicted is in the result file.' : null,
    },
  }
}

function fastest(predictions: readonly Forecast[]): Forecast | undefined {
  const largest = Math.max(...predictions.map(({ size }) => size))
  return predictions
    .filter(({ size }) => size === largest)
    .toSorted((one, other) => one.predictedMs - other.predictedMs)[0]
}

const labelOf = ({ executor, workers }: Forecast): string =>
  executor === 'serial' || workers === null ? executor : `${executor} ×${workers}`

const nameOf = (forecast: Forecast): string =>
  `${forecast.workload}, ${formatSize(forecast.size)}, ${labelOf(forecast)}`

const rangeOf = ([low, high]: readonly [number, number]): string =>
  `${formatDuration(Math.max(low, 0))} to ${formatDuration(Math.max(high, 0))}`

const describe = (forecast: Forecast): string =>
  `${nameOf(forecast)}: ${formatDuration(forecast.predictedMs)} (${rangeOf(forecast.intervalMs)})`

function draw(best: readonly Forecast[]): Drawing {
  const extent = positiveExtent(best.flatMap(({ predictedMs, intervalMs }) => [predictedMs, ...intervalMs]))
  const [low, high] = extent ?? [1, 1]
  const x = logScale([low, high], [1, 99], 1.15)
  const bottom = best.length * rowHeight
  return {
    width: null,
    height: bottom + 20,
    content: markup`<g class="grid">${logTicks(x.domain, 4).map((tick) => drawTick(x(tick), bottom, roundDuration(tick)))}</g>${best.map((forecast, index) => drawRow(forecast, index * rowHeight, x))}`,
  }
}

function drawTick(percent: number, bottom: number, label: string): Markup {
  const anchor = percent < 10 ? 'start' : percent > 90 ? 'end' : 'middle'
  return markup`<line x1="${percent}%" x2="${percent}%" y1="4" y2="${bottom}"/><text x="${percent}%" y="${bottom + 15}" text-anchor="${anchor}">${label}</text>`
}

function drawRow(forecast: Forecast, y: number, x: Scale): Markup {
  const { predictedMs, intervalMs } = forecast
  const [low, high] = [x(Math.max(intervalMs[0], x.domain[0])), x(intervalMs[1])]
  const at = x(predictedMs)
  return markup`<svg class="${lookOf(forecast.executor).className} pair m" y="${y}" height="${rowHeight}"><title>${describe(forecast)}</title><text class="row label" y="12">${`${forecast.workload}: ${labelOf(forecast)}`}</text><svg y="14"><rect class="hit" width="100%" height="24"/><rect class="expected" x="${low}%" y="5" width="${Math.max(0, high - low)}%" height="14"/><line class="expected-at" x1="${at}%" x2="${at}%" y1="2" y2="22"/></svg></svg>`
}
