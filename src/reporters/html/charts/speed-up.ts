/** Speed-up against size, both logarithmic: a line an executor with its interval, and where the lead changes. */

import { measuredCell } from '../../../analysis/by-workload.ts'
import type { Arm, SizeResult } from '../../../analysis/by-workload.ts'
import type { ToldCrossover } from '../../../analysis/crossover-sentences.ts'
import {
  formatDuration,
  formatPercent,
  formatRatio,
  formatRatioTick,
  formatSize,
} from '../../../analysis/quantities.ts'
import { speedUpOf } from '../../../analysis/speed-up.ts'
import type { SpeedUp } from '../../../analysis/speed-up.ts'
import { lookOf, shortLabel } from '../executor-look.ts'
import { mark } from '../figure.ts'
import type { Chart, Drawing } from '../figure.ts'
import { markup } from '../markup.ts'
import type { Markup } from '../markup.ts'
import { logScale, logTicks, positiveExtent, shortSize, spreadApart } from '../scale.ts'
import type { Scale } from '../scale.ts'
import { dashesOf, fitted, lineThrough, markerAt } from '../shapes.ts'

export interface SpeedUpChart {
  readonly id: string
  readonly workload: string
  /** Ascending; those that are shown. */
  readonly sizes: readonly SizeResult[]
  /** How many sizes are not shown. */
  readonly omittedSizes: number
  readonly arms: readonly Arm[]
  /** What 1× is. */
  readonly reference: Arm
  /** As it is shown; null: Node. */
  readonly runtime: string | null
  readonly crossovers: readonly ToldCrossover[]
  readonly confidence: number
}

interface Entry extends SpeedUp {
  readonly at: SizeResult
  readonly medianMs: number
}

interface Series {
  readonly arm: Arm
  readonly entries: readonly [Entry, ...Entry[]]
}

const width = 360
const plot = { left: 42, right: 262, top: 8, bottom: 208 }
const height = 232
/** Of the name of a crossover, above the plot. */
const crossoverHeight = 13
const labelHeight = 14

/** Null where there is nothing to compare. */
export function speedUpChart(request: SpeedUpChart): Chart | null {
  const { id, workload, reference, runtime, confidence, omittedSizes } = request
  const series = seriesOf(request)
  if (series.length === 0) return null
  const last = series
    .map(({ arm, entries }) => ({ arm, entry: entries.at(-1) ?? entries[0] }))
    .toSorted((a, b) => b.entry.ratio - a.entry.ratio)
  const hasIntervals = series.some(({ entries }) => entries.some(({ interval }) => interval !== null))
  const where = runtime === null ? '' : ` in ${runtime}`
  return {
    id,
    title: `${workload}: speed-up over ${shortLabel(reference)}${where}, by size`,
    caption: markup`Speed-up over ${shortLabel(reference)}${where} <small>by size; ${hasIntervals ? `bands are ${formatPercent(confidence)} intervals` : 'too few launches for intervals'}</small>`,
    description: `${last
      .map(
        ({ arm, entry }) => `${shortLabel(arm)}: ${formatRatio(entry.ratio)} at ${formatSize(entry.at.size)}`,
      )
      .join('; ')}. ${request.crossovers.map(({ text }) => text).join(' ')}`,
    drawing: draw(request, series),
    table: {
      columns: ['executor and size', 'median', 'speed-up', 'interval'],
      rows: [
        ...request.sizes.flatMap((at) => {
          const medianMs = measuredCell(at, reference)?.medianMs
          return medianMs === undefined
            ? []
            : [[`${shortLabel(reference)}, ${formatSize(at.size)}`, formatDuration(medianMs), '1×', '']]
        }),
        ...series.flatMap(({ arm, entries }) =>
          entries.map(({ at, medianMs, ratio, interval }) => [
            `${shortLabel(arm)}, ${formatSize(at.size)}`,
            formatDuration(medianMs),
            formatRatio(ratio),
            interval === null ? null : `${formatRatio(interval[0])} to ${formatRatio(interval[1])}`,
          ]),
        ),
      ],
      note:
        omittedSizes === 0
          ? null
          : `${omittedSizes} of the sizes are not drawn; every cell is in the table at the end.`,
    },
  }
}

function seriesOf({ arms, sizes, reference }: SpeedUpChart): readonly Series[] {
  return arms.flatMap((arm) => {
    const [first, ...others] = sizes.flatMap((at): Entry[] => {
      const medianMs = measuredCell(at, arm)?.medianMs
      const speedUp = arm === reference ? null : speedUpOf(at, arm, reference)
      return speedUp === null || medianMs === undefined ? [] : [{ at, medianMs, ...speedUp }]
    })
    return first === undefined ? [] : [{ arm, entries: [first, ...others] satisfies [Entry, ...Entry[]] }]
  })
}

/** All ratios and 1 are on the chart, intervals as far as they do not squeeze them. */
function ratioDomain(series: readonly Series[]): readonly [number, number] {
  const entries = series.flatMap(({ entries: all }) => all)
  const [low, high] = positiveExtent([1, ...entries.map(({ ratio }) => ratio)]) ?? [1, 1]
  const ends = positiveExtent(entries.flatMap(({ interval }) => interval ?? [])) ?? [low, high]
  const room = 1.6
  return [
    Math.max(Math.min(ends[0], low), low / room) / 1.08,
    Math.min(Math.max(ends[1], high), high * room) * 1.08,
  ]
}

function draw(request: SpeedUpChart, series: readonly Series[]): Drawing {
  const sizes = request.sizes.map(({ size }) => size)
  const crossovers = request.crossovers.filter(({ crossover }) => crossover.size !== null).slice(0, 2)
  const above = crossovers.length * crossoverHeight
  const x = logScale(positiveExtent(sizes) ?? [1, 1], [plot.left + 10, plot.right - 6])
  const y = logScale(ratioDomain(series), [plot.bottom, plot.top])
  return {
    width,
    height: height + above,
    content: markup`<g transform="translate(0 ${above})">${axes(x, y, sizes)}${crossovers.map((told, index) => crossoverMark(told, index, x))}${series.map((one) => bandOf(one, x, y))}${series.map((one) => lineOf(one, x, y))}${series.map((one) => pointsOf(one, request.reference, x, y))}${labelsOf(series, request.reference, y)}</g>`,
  }
}

function axes(x: Scale, y: Scale, sizes: readonly number[]): Markup {
  const ticks = sizes.length <= 5 ? sizes : logTicks(x.domain, 5)
  const shown = ticks.filter((tick, index) => index === 0 || x(tick) - x(ticks[index - 1] ?? tick) > 24)
  return markup`<g class="grid">${logTicks(y.domain, 6).map(
    (tick) =>
      markup`<path d="M${plot.left} ${y(tick)}H${plot.right}"/><text x="${plot.left - 6}" y="${y(tick) + 4}" text-anchor="end">${formatRatioTick(tick)}</text>`,
  )}${shown.map(
    (tick) =>
      markup`<path class="tick" d="M${x(tick)} ${plot.bottom}v4"/><text x="${x(tick)}" y="${plot.bottom + 17}" text-anchor="middle">${shortSize(tick)}</text>`,
  )}<path class="axis" d="M${plot.left} ${plot.bottom}H${plot.right}"/></g>`
}

function crossoverMark({ crossover, to, from, text }: ToldCrossover, index: number, x: Scale): Markup | null {
  if (crossover.size === null) return null
  const [low, high] = crossover.interval ?? [crossover.size, crossover.size]
  const [left, right] = [x(low ?? x.domain[0]), x(high ?? x.domain[1])]
  const place = x(crossover.size)
  const look = lookOf(to.executor)
  const isSure = crossover.answer !== 'unbounded'
  const words = `≈ ${shortSize(Number(crossover.size.toPrecision(2)))}${isSure ? '' : ' ?'}`
  const labelY = plot.top - 6 - index * crossoverHeight
  return mark(
    `Crossover of ${from.label} and ${to.label}: ${text}`,
    markup`<rect class="${look.className} reach" x="${left}" y="${plot.top}" width="${Math.max(right - left, 1)}" height="${plot.bottom - plot.top}"/><path class="${look.className} crossing" ${isSure ? null : markup` stroke-dasharray="2 4"`} d="M${place} ${labelY + 3}V${plot.bottom}"/><text class="${look.className} label" x="${Math.min(Math.max(place, plot.left + 24), plot.right - 16)}" y="${labelY}" text-anchor="middle">${words}</text>`,
  )
}

function bandOf({ arm, entries }: Series, x: Scale, y: Scale): Markup | null {
  const known = entries.flatMap(({ at, interval }) =>
    interval === null ? [] : [{ x: x(at.size), interval }],
  )
  const { className } = lookOf(arm.executor)
  if (known.length === 0) return null
  if (known.length === 1)
    return markup`${known.map(({ x: place, interval }) => markup`<path class="${className} whisker" d="M${place} ${y(interval[0])}V${y(interval[1])}"/>`)}`
  const upper = known.map(({ x: place, interval }) => ({ x: place, y: y(interval[1]) }))
  const lower = known.map(({ x: place, interval }) => ({ x: place, y: y(interval[0]) }))
  return markup`<path class="${className} band" d="${`${lineThrough([...upper, ...lower.toReversed()])}Z`}"/>`
}

function lineOf({ arm, entries }: Series, x: Scale, y: Scale): Markup | null {
  if (entries.length < 2) return null
  const look = lookOf(arm.executor)
  return markup`<path class="${look.className} line" ${dashesOf(look)} d="${lineThrough(entries.map(({ at, ratio }) => ({ x: x(at.size), y: y(ratio) })))}"/>`
}

function pointsOf({ arm, entries }: Series, reference: Arm, x: Scale, y: Scale): Markup {
  const look = lookOf(arm.executor)
  return markup`${entries.map(({ at, ratio, interval, medianMs }) => {
    const place = { x: x(at.size), y: y(ratio) }
    const range = interval === null ? '' : ` (${formatRatio(interval[0])} to ${formatRatio(interval[1])})`
    return mark(
      `${shortLabel(arm)} at ${formatSize(at.size)}: ${formatRatio(ratio)} as fast as ${shortLabel(reference)}${range}; ${formatDuration(medianMs)}`,
      markup`<circle class="hit" cx="${place.x}" cy="${place.y}" r="9"/>${markerAt(look, place, at.leaders.includes(arm))}`,
    )
  })}`
}

/** At the end of each line its name, the reference's at 1×. */
function labelsOf(series: readonly Series[], reference: Arm, y: Scale): Markup {
  const labels = [
    { arm: reference, wish: y(1) },
    ...series.map(({ arm, entries }) => ({ arm, wish: y((entries.at(-1) ?? entries[0]).ratio) })),
  ]
  const places = spreadApart(
    labels.map(({ wish }) => wish),
    labelHeight,
    [plot.top, plot.bottom - 2],
  )
  const { className, dashes } = lookOf(reference.executor)
  return markup`<path class="${className} line" ${dashes === null ? null : markup` stroke-dasharray="${dashes}"`} d="M${plot.left} ${y(1)}H${plot.right}"/>${labels.map(
    ({ arm, wish }, index) => {
      const place = places[index] ?? wish
      const look = lookOf(arm.executor)
      return markup`<path class="${look.className} leader" d="M${plot.right - 2} ${wish}L${plot.right + 6} ${place}"/><text class="${look.className} label" x="${plot.right + 9}" y="${place + 4}">${fitted(shortLabel(arm), width - plot.right - 9, 6)}</text>`
    },
  )}`
}
