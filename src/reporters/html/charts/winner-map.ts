/** Who wins where: a row a workload, a tile a size; a glyph and a pattern tell winner, tie and undecided apart. */

import type { SizeResult, WorkloadResult } from '../../../analysis/by-workload.ts'
import { formatList, formatRatio, formatSize } from '../../../analysis/quantities.ts'
import { lookOf } from '../executor-look.ts'
import { mark } from '../figure.ts'
import type { Chart } from '../figure.ts'
import { maxSizesPerChart, thinned } from '../limits.ts'
import { markup } from '../markup.ts'
import type { Markup } from '../markup.ts'
import { shortSize } from '../scale.ts'
import { fitted } from '../shapes.ts'

const rowHeight = 70
const tileHeight = 28
/** What a row has on a phone. */
const narrowPx = 330

export const verdictGlyphs = { winner: '✓', tie: '≈', undecided: '?' } as const

/** Null where there is no verdict. */
export function winnerMap(workloads: readonly WorkloadResult[]): Chart | null {
  const rows = workloads.filter(({ sizes }) => sizes.length > 0)
  if (!rows.some(({ sizes }) => sizes.some(({ verdict }) => verdict !== undefined))) return null
  return {
    id: 'map',
    title: 'Who wins where: every workload and size',
    caption: markup`Who wins where <small>from the smallest size on the left to the largest</small>`,
    description: rows
      .map(
        (row) =>
          `${row.name}: ${row.sizes
            .map((at) => `${formatSize(at.size)} ${outcomeOf(at)}`)
            .slice(0, 6)
            .join(', ')}`,
      )
      .join('; '),
    drawing: {
      width: null,
      height: rows.length * rowHeight,
      content: markup`${rows.map((row, index) => drawRow(row, index * rowHeight))}`,
    },
    key: markup`<ul class="key"><li><b class="glyph">✓</b>wins</li><li><b class="glyph">≈</b>tied: no difference that matters</li><li><svg width="22" height="12" aria-hidden="true"><rect class="tile open" x="0.5" y="0.5" width="21" height="11"/></svg><b class="glyph">?</b>undecided: still in the race </li></ul>`,
    table: {
      columns: ['workload and size', 'verdict', 'executors', 'over serial', 'interval', 'launches'],
      rows: rows.flatMap((row) => thinned(row.sizes, maxSizesPerChart).map((at) => tableRow(row, at))),
    },
  }
}

function outcomeOf({ verdict, leaders, cells }: SizeResult): string {
  const names = formatList(leaders.map(({ label }) => label))
  if (verdict === undefined)
    return [...cells.values()].some(({ error }) => error !== null) ? 'failed' : 'was not raced'
  if (verdict.kind === 'winner') return `${names} wins`
  return verdict.kind === 'tie' ? `tie of ${names}` : `undecided between ${names}`
}

const asRatio = (ratio: number | null | undefined): string | null =>
  ratio === null || ratio === undefined ? null : formatRatio(ratio)

const rangeOf = (interval: readonly [number, number] | null | undefined): string | null =>
  interval === null || interval === undefined
    ? null
    : `${formatRatio(interval[0])} to ${formatRatio(interval[1])}`

function tableRow(row: WorkloadResult, at: SizeResult): readonly (string | null)[] {
  const { verdict, leaders } = at
  return [
    `${row.name}, ${formatSize(at.size)}${at.refines ? ' (added)' : ''}`,
    verdict?.kind ?? null,
    leaders.map(({ label }) => label).join(', '),
    asRatio(verdict?.ratio),
    rangeOf(verdict?.interval),
    verdict?.launches === undefined ? null : String(verdict.launches),
  ]
}

function drawRow(row: WorkloadResult, y: number): Markup {
  const sizes = thinned(
    row.sizes,
    maxSizesPerChart,
    (at, index) => outcomeOf(at) !== outcomeOf(row.sizes[index - 1] ?? at),
  )
  const control = row.control === null ? '' : `, ${row.control} against itself`
  return markup`<text class="row" x="0" y="${y + 12}">${fitted(`${row.name}${control}`, narrowPx, 7.2)}</text>${sizes.map((at, index) => drawTile(row, at, index, sizes.length, y + 20))}`
}

function drawTile(row: WorkloadResult, at: SizeResult, index: number, tiles: number, y: number): Markup {
  const left = (index * 100) / tiles
  const wide = 100 / tiles - (tiles > 1 ? 0.6 : 0)
  const { verdict, leaders, cells } = at
  const glyph =
    verdict === undefined
      ? [...cells.values()].some(({ error }) => error !== null)
        ? '✗'
        : '–'
      : verdictGlyphs[verdict.kind]
  const names = leaders.map(({ executor }) => executor).join(', ')
  const widthPx = narrowPx / tiles - 16
  const words = tiles > 6 ? glyph : fitted(`${glyph} ${names}`, widthPx, 6.1)
  const [first] = leaders
  const tint =
    verdict === undefined || verdict.kind === 'undecided' || first === undefined
      ? 'tile open'
      : `tile ${lookOf(first.executor).className}`
  const edge = Math.min(4, Math.max(2, widthPx / 6))
  const ratio = asRatio(verdict?.ratio)
  const over = ratio === null ? '' : `, ${ratio} as fast as ${verdict?.over ?? ''}`
  return mark(
    `${row.name} at ${formatSize(at.size)}: ${outcomeOf(at)}${over}`,
    markup`<rect class="${tint}" x="${left}%" y="${y}" width="${wide}%" height="${tileHeight}"/>${leaders.map((arm, part) => markup`<rect class="${lookOf(arm.executor).className} full" x="${left}%" y="${y + (part * tileHeight) / leaders.length}" width="${edge}" height="${tileHeight / leaders.length}"/>`)}<text class="tile-name" x="${left}%" dx="${edge + 5}" y="${y + 18}">${words}</text><text class="tile-size" x="${left}%" dx="1" y="${y + tileHeight + 13}">${tiles > 8 && index % 2 === 1 ? '' : `${shortSize(at.size)}${at.refines ? '+' : ''}`}</text>`,
  )
}
