/** Prediction beside measurement: where the model expected each executor, and where it was found. */

import { measuredCell } from '../../../analysis/by-workload.ts'
import type { Arm, SizeResult, WorkloadResult } from '../../../analysis/by-workload.ts'
import { formatDuration, formatSize } from '../../../analysis/quantities.ts'
import type { Prediction } from '../../../results/schema.ts'
import { lookOf } from '../executor-look.ts'
import type { Chart, Drawing } from '../figure.ts'
import { maxRowsOfAllSizes } from '../limits.ts'
import { markup } from '../markup.ts'
import type { Markup } from '../markup.ts'
import { logScale, logTicks, positiveExtent, roundDuration } from '../scale.ts'
import type { Scale } from '../scale.ts'
import { contestsOf } from '../view.ts'

interface Pair {
  readonly at: SizeResult
  readonly arm: Arm
  readonly prediction: Prediction
  /** Null where it was not measured. */
  readonly measuredMs: number | null
  readonly intervalMs: readonly [number, number] | null
}

const rowHeight = 40

/** Null where nothing was predicted. */
export function predictionChart(
  id: string,
  workload: WorkloadResult,
  predictions: readonly Prediction[],
): Chart | null {
  const held = contestsOf(workload)
    .flatMap(({ sizes }) => sizes)
    .flatMap((at) => pairsOf(at, predictions))
  const sizes = [...new Set(held.map(({ at }) => at.size))].toSorted((one, other) => one - other)
  const bySize = sizes.map((size) => held.filter(({ at }) => at.size === size))
  const largest = bySize.at(-1)
  const [first] = largest ?? []
  if (largest === undefined || first === undefined) return null
  const tabled = held.length > maxRowsOfAllSizes ? [largest] : bySize
  return {
    id,
    title: `${workload.name}: prediction beside measurement`,
    caption: markup`Prediction beside measurement <small>makespan at size ${formatSize(first.at.size)}, logarithmic</small>`,
    description: largest.map(describe).join('; '),
    drawing: draw(largest),
    key: markup`<ul class="key"><li><svg width="26" height="14" aria-hidden="true"><rect class="expected" x="1" y="3" width="24" height="8"/><path class="expected-at" d="M13 0V14"/></svg>predicted, within</li><li><svg width="26" height="14" aria-hidden="true"><path class="found" d="M1 7H25"/><circle class="found-at" cx="13" cy="7" r="4"/></svg>measured, within</li></ul>`,
    table: {
      columns: ['executor and size', 'predicted', 'within', 'measured', 'where the model was wrong'],
      rows: tabled.flatMap((pairs) =>
        pairs.map(({ at, arm, prediction, measuredMs }) => [
          `${arm.label}, ${formatSize(at.size)}`,
          formatDuration(prediction.predictedMs),
          rangeOf(prediction.intervalMs),
          measuredMs === null ? null : formatDuration(measuredMs),
          prediction.disagreement ?? '',
        ]),
      ),
      note: tabled === bySize ? null : 'Those for other sizes are in the result file.',
    },
  }
}

const rangeOf = ([low, high]: readonly [number, number]): string =>
  `${formatDuration(Math.max(low, 0))} to ${formatDuration(Math.max(high, 0))}`

function pairsOf(at: SizeResult, predictions: readonly Prediction[]): readonly Pair[] {
  return predictions.flatMap((prediction) => {
    if (prediction.size !== at.size) return []
    const arms = [...at.cells.keys()].filter(({ executor }) => executor === prediction.executor)
    const arm = arms.find((candidate) => at.cells.get(candidate)?.workers === prediction.workers) ?? arms[0]
    if (arm === undefined) return []
    const cell = measuredCell(at, arm)
    return [{ at, arm, prediction, measuredMs: cell?.medianMs ?? null, intervalMs: cell?.intervalMs ?? null }]
  })
}

function describe({ arm, prediction, measuredMs }: Pair): string {
  const measured = measuredMs === null ? 'not measured' : `measured ${formatDuration(measuredMs)}`
  return `${arm.label}: predicted ${formatDuration(prediction.predictedMs)}, ${measured}`
}

function draw(pairs: readonly Pair[]): Drawing {
  const domain = positiveExtent(
    pairs.flatMap(({ prediction, measuredMs, intervalMs }) => [
      prediction.predictedMs,
      ...prediction.intervalMs,
      ...(measuredMs === null ? [] : [measuredMs]),
      ...(intervalMs ?? []),
    ]),
  ) ?? [1, 1]
  const x = logScale(domain, [1, 99], 1.15)
  const bottom = pairs.length * rowHeight
  const ticks = logTicks(x.domain, 4)
  return {
    width: null,
    height: bottom + 20,
    content: markup`<g class="grid">${ticks.map(
      (tick) =>
        markup`<line x1="${x(tick)}%" x2="${x(tick)}%" y1="4" y2="${bottom}"/><text x="${x(tick)}%" y="${bottom + 15}" text-anchor="${anchorAt(x(tick))}">${roundDuration(tick)}</text>`,
    )}</g>${pairs.map((pair, index) => drawPair(pair, index * rowHeight, x))}`,
  }
}

function anchorAt(percent: number): string {
  if (percent < 10) return 'start'
  return percent > 90 ? 'end' : 'middle'
}

function drawPair({ arm, prediction, measuredMs, intervalMs }: Pair, y: number, x: Scale): Markup {
  const { className } = lookOf(arm.executor)
  const { predictedMs, intervalMs: range, disagreement } = prediction
  const [low, high] = [x(Math.max(range[0], x.domain[0])), x(range[1])]
  const measured = measuredMs === null ? 'not measured' : `measured ${formatDuration(measuredMs)}`
  const found =
    measuredMs === null || measuredMs <= 0
      ? null
      : markup`${intervalMs === null ? null : horizontal(x(intervalMs[0]), x(intervalMs[1]))}<circle class="full" cx="${x(measuredMs)}%" cy="12" r="4.5"/>`
  return markup`<svg class="${className} pair m" y="${y}" height="${rowHeight}"><title>${`${arm.label}: predicted ${formatDuration(predictedMs)} (${rangeOf(range)}), ${measured}${disagreement === null ? '' : ', outside what was predicted'}`}</title><text class="row label" y="12">${arm.label}</text><svg y="14"><rect class="hit" width="100%" height="24"/><rect class="expected" x="${low}%" y="5" width="${Math.max(0, high - low)}%" height="14"/>${vertical(x(predictedMs))}${found}</svg></svg>`
}

const horizontal = (from: number, to: number): Markup =>
  markup`<line class="found" x1="${from}%" x2="${to}%" y1="12" y2="12"/>`

const vertical = (at: number): Markup =>
  markup`<line class="expected-at" x1="${at}%" x2="${at}%" y1="2" y2="22"/>`
