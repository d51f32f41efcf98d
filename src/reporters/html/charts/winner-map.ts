/** Who wins where: a row a workload, a tile a size; a glyph and a pattern tell winner, tie and undecided apart. */

import type { SizeResult, WorkloadResult } from '../../../analysis/by-workload.ts'
import { formatList, formatRatio, formatSize } from '../../../analysis/quantities.ts'
import { shownRuntime } from '../../../analysis/runtime.ts'
import { lookOf, shortName } from '../executor-look.ts'
import { mark } from '../figure.ts'
import type { Chart } from '../figure.ts'
import { maxSizesPerChart, thinned } from '../limits.ts'
import { markup } from '../markup.ts'
import type { Markup } from '../markup.ts'
import { shortSize } from '../scale.ts'
import { fitted } from '../shapes.ts'
import { contestsOf } from '../view.ts'

/** A workload stands level in the charts of the overview. */
export const overviewRowHeight = 66
const tileHeight = 28
/** What a row has on a phone. */
const narrowPx = 330

export const verdictGlyphs = { winner: '✓', tie: '≈', undecided: '?' } as const

/** Null where there is no verdict. */
export function winnerMap(workloads: readonly WorkloadResult[]): Chart | null {
  const rows = workloads.flatMap(contestsOf)
  if (!rows.some(({ sizes }) => sizes.some(({ verdict }) => verdict !== undefined))) return null
  return {
    id: 'map',
    title: 'Who wins where: every workload and size',
    caption: markup`Who wins where <small>from the smallest size on the left to the largest</small>`,
    description: rows
      .map(
        (row) =>
          `${rowName(row)}: ${row.sizes
            .map((at) => `${formatSize(at.size)} ${outcomeOf(at)}`)
            .slice(0, 6)
            .join(', ')}`,
      )
      .join('; '),
    drawing: {
      width: null,
      height: rows.length * overviewRowHeight,
      content: markup`${rows.map((row, index) => drawRow(row, index * overviewRowHeight))}`,
    },
    isKeyBelow: true,
    key: markup`<ul class="key"><li><b class="glyph">✓</b>wins</li><li><b class="glyph">≈</b>tied: no difference that matters</li><li><svg class="k" aria-hidden="true"><rect class="open"/></svg><b class="glyph">?</b>undecided: still in the race</li></ul>`,
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
    `${rowName(row)}, ${formatSize(at.size)}${at.refines ? ' (added)' : ''}`,
    verdict?.kind ?? null,
    leaders.map(({ label }) => label).join(', '),
    asRatio(verdict?.ratio),
    rangeOf(verdict?.interval),
    verdict?.launches === undefined ? null : String(verdict.launches),
  ]
}

function rowName({ name, runtime, control }: WorkloadResult): string {
  if (control !== null) return `${name}, ${control} against itself`
  return runtime === null ? name : `${name} in ${shownRuntime(runtime)}`
}

function drawRow(row: WorkloadResult, y: number): Markup {
  const sizes = thinned(
    row.sizes,
    maxSizesPerChart,
    (at, index) => outcomeOf(at) !== outcomeOf(row.sizes[index - 1] ?? at),
  )
  const width = 100 / sizes.length
  return markup`<text class="row" x="0" y="${y + 12}">${fitted(rowName(row), narrowPx, 7.2)}</text>${sizes.map(
    (at, index) =>
      markup`<svg x="${index * width}%" y="${y + 18}" width="${width - (sizes.length > 1 ? 0.6 : 0)}%" height="${tileHeight + 18}">${drawTile(row, at, sizes.length, index)}</svg>`,
  )}`
}

function glyphOf({ verdict, cells }: SizeResult): string {
  if (verdict !== undefined) return verdictGlyphs[verdict.kind]
  return [...cells.values()].some(({ error }) => error !== null) ? '✗' : '–'
}

/** What does not fit into the tile is cut off by its edge. */
function drawTile(row: WorkloadResult, at: SizeResult, tiles: number, index: number): Markup {
  const { verdict, leaders } = at
  const isOpen = verdict === undefined || verdict.kind === 'undecided' || leaders.length === 0
  const edge = tiles > 10 ? 2 : 4
  const height = tileHeight / Math.max(1, leaders.length)
  const ratio = asRatio(verdict?.ratio)
  const names = leaders.map(({ executor }) => shortName(executor, executor))
  const shownNames = leaders.length > 2 && isOpen ? `${leaders.length} in the race` : names.join(', ')
  const parts = leaders.map(({ executor }, part) => {
    const { className } = lookOf(executor)
    const box = markup`y="${part * height}" height="${height}"`
    const tint = isOpen ? null : markup`<rect class="${className} tint" width="100%" ${box}/>`
    return markup`${tint}<rect class="${className} solid" width="${edge}" ${box}/>`
  })
  const isSizeShown = tiles <= 6 || index % Math.ceil(tiles / 6) === 0
  return mark(
    `${rowName(row)} at ${formatSize(at.size)}: ${outcomeOf(at)}${ratio === null ? '' : `, ${ratio} as fast as ${verdict?.over ?? ''}`}`,
    markup`<rect class="tile${isOpen ? ' open' : ''}" width="100%" height="${tileHeight}"/>${parts}<text class="tile-name" x="${edge + 6}" y="18">${glyphOf(at)}${tiles > 6 ? '' : ` ${shownNames}`}</text><text class="tile-size" x="1" y="${tileHeight + 13}">${isSizeShown ? `${shortSize(at.size)}${at.refines ? '+' : ''}` : ''}</text>`,
  )
}
