/** How each cell changed, with its interval: a row a cell, the changed first, one and the same at 1×. */

import type { ComparedCell, Comparison } from '../../analysis/comparison.ts'
import { cellText, executorText } from '../../analysis/comparison/sentences.ts'
import { formatCount, formatPercent, formatRatio, formatRatioTick } from '../../analysis/quantities.ts'
import type { ExecutorLook } from '../html/executor-look.ts'
import { mark } from '../html/figure.ts'
import type { Chart } from '../html/figure.ts'
import { markup } from '../html/markup.ts'
import type { Markup } from '../html/markup.ts'
import { logScale, logTicks, positiveExtent, shortSize } from '../html/scale.ts'
import type { Scale } from '../html/scale.ts'
import { fitted, markerAt, widthOf } from '../html/shapes.ts'
import { comparisonHead, isChanged, orderedCells, rowOf } from './rows.ts'

/** Rows that are drawn; all are in the table. */
const mostRows = 60
const rowHeight = 20
const width = 460
const plot = { left: 230, right: 448, top: 22 }
/** Of a row's name. */
const characterPx = 6.4
/** From the middle of one tick's number to that of the next. */
const leastTickDistance = 34

/** Ratios that are worth a line where changes are small; beyond, powers of ten and their halves. */
const roundRatios = [0.5, 0.7, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2, 3]

type Drawn = ComparedCell & { readonly ratio: number }

/** Which executor it is stands in the row's name; what one looks for is what became of it, marked as in the table. */
const looks: Readonly<Record<Drawn['change'], Pick<ExecutorLook, 'className' | 'marker'>>> = {
  slower: { className: 'x-slower', marker: 'triangle' },
  faster: { className: 'x-faster', marker: 'triangle-down' },
  unchanged: { className: 'x-steady', marker: 'bar' },
  unclear: { className: 'x-steady', marker: 'circle' },
}

/** All ratios are on the chart, and their intervals as far as they do not squeeze them. */
function domainOf(cells: readonly Drawn[], margin: number): readonly [number, number] {
  const [low, high] = positiveExtent([
    1 / (1 + 2 * margin),
    1 + 2 * margin,
    ...cells.map(({ ratio }) => ratio),
  ]) ?? [1, 1]
  const ends = positiveExtent(cells.flatMap(({ interval }) => interval ?? [])) ?? [low, high]
  const room = 1.5
  return [Math.max(Math.min(ends[0], low), low / room), Math.min(Math.max(ends[1], high), high * room)]
}

/** As many as can stand beside each other, and 1 among them. */
function ticksOf(x: Scale): readonly number[] {
  const [low, high] = x.domain
  if (high / low > 8) return logTicks(x.domain, 6)
  const kept = [1]
  const apart = (tick: number): boolean =>
    kept.every((other) => Math.abs(x(tick) - x(other)) >= leastTickDistance)
  const near = roundRatios.filter((ratio) => ratio >= low && ratio <= high)
  for (const tick of near.toSorted((a, b) => Math.abs(Math.log(a)) - Math.abs(Math.log(b))))
    if (apart(tick)) kept.push(tick)
  return kept
}

/** Of a long name the beginning, so that the size and the executor stay; the whole name is in the numbers. */
function rowName({ workload, size, executor, workers }: Drawn): string {
  const rest = ` at ${shortSize(size)}, ${executorText({ workload, size, executor, workers })}`
  return `${fitted(workload, plot.left - 12 - widthOf(rest, characterPx), characterPx)}${rest}`
}

function rowAt(cell: Drawn, index: number, x: Scale): Markup {
  const { change, ratio, interval } = cell
  const y = plot.top + (index + 0.5) * rowHeight
  const look = looks[change]
  const range = interval === null ? '' : ` (${formatRatio(interval[0])} to ${formatRatio(interval[1])})`
  const whisker =
    interval === null
      ? null
      : markup`<path class="${look.className} whisker" d="M${x(interval[0])} ${y}H${x(interval[1])}"/>`
  return markup`<text class="cell" x="${plot.left - 10}" y="${y + 4}" text-anchor="end">${rowName(cell)}</text>${mark(
    `${cellText(cell)}: ${change}, ${formatRatio(ratio)} as long as before${range}`,
    markup`<rect class="hit" x="${plot.left}" y="${y - rowHeight / 2}" width="${plot.right - plot.left}" height="${rowHeight}"/>${whisker}${markerAt(look, { x: x(ratio), y }, isChanged(cell))}`,
  )}`
}

/** Null if no cell can be compared. */
export function changesChart(comparison: Comparison): Chart | null {
  const ordered = orderedCells(comparison)
  const known = ordered.filter((cell): cell is Drawn => cell.ratio !== null)
  const drawn = known.slice(0, mostRows)
  if (drawn.length === 0) return null
  const bottom = plot.top + drawn.length * rowHeight
  const x = logScale(domainOf(drawn, comparison.margin), [plot.left, plot.right])
  const within = [x(1 / (1 + comparison.margin)), x(1 + comparison.margin)] as const
  return {
    id: 'changes',
    title: 'How long each cell took, by how long it took before',
    caption: markup`How long each cell took, by how long it took before <small>▲ surely slower, ▼ surely faster, ▭ unchanged, ○ unclear; the band is the margin of ${formatPercent(comparison.margin)}</small>`,
    description: `${formatCount(known.filter(isChanged).length, 'cell')} of ${known.length} changed.`,
    drawing: {
      width,
      height: bottom + 8,
      content: markup`<rect class="x-serial reach" x="${within[0]}" y="${plot.top}" width="${within[1] - within[0]}" height="${bottom - plot.top}"/><g class="grid">${ticksOf(
        x,
      ).map(
        (tick) =>
          markup`<path d="M${x(tick)} ${plot.top}V${bottom}"/><text x="${x(tick)}" y="${plot.top - 8}" text-anchor="middle">${formatRatioTick(tick)}</text>`,
      )}<path class="axis" d="M${x(1)} ${plot.top}V${bottom}"/></g>${drawn.map((cell, index) => rowAt(cell, index, x))}`,
    },
    table: {
      columns: ['cell', ...comparisonHead.slice(4), 'outcome'],
      rows: ordered.map((cell) => {
        const [word = '', , , , ...numbers] = rowOf(cell)
        return [cellText(cell), ...numbers, word]
      }),
      note: known.length > drawn.length ? `${drawn.length} of ${known.length} are drawn.` : null,
    },
  }
}
