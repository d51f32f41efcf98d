/** A history as a page: a line for each cell over all runs, workload by workload, its steps marked. */

import type { History, Series } from '../../analysis/history.ts'
import { formatCount, formatDuration, formatSize } from '../../analysis/quantities.ts'
import { version } from '../../version.ts'
import { escapeStrings } from '../escape.ts'
import { documentOf } from '../html/document.ts'
import { cellText, executorText } from '../../analysis/comparison/sentences.ts'
import { lookOf } from '../html/executor-look.ts'
import { figure, mark } from '../html/figure.ts'
import type { Chart } from '../html/figure.ts'
import { markup } from '../html/markup.ts'
import type { Markup } from '../html/markup.ts'
import { prose } from '../html/prose.ts'
import { logScale, logTicks, positiveExtent, roundDuration } from '../html/scale.ts'
import type { Scale } from '../html/scale.ts'
import { dashesOf, lineThrough, markerAt } from '../html/shapes.ts'
import { describeStep } from './steps.ts'

const width = 460
const plot = { left: 56, right: 448, top: 10, bottom: 200 }
const height = 226
/** Charts of a page; all numbers of the others are in the terminal's report and in JSON. */
const mostCharts = 60
/** Of a line; more would hide it, and only the steps keep theirs. */
const mostMarkers = 40
/** Steps that are told before the charts. */
const mostSteps = 12

const dayOf = ({ startedAt }: History, run: number): string =>
  startedAt[run]?.slice(0, 10) ?? `run ${run + 1}`

function lineOf(series: Series, history: History, x: (run: number) => number, y: Scale): Markup {
  const look = lookOf(series.executor)
  const points = series.mediansMs.flatMap((ms, run) =>
    ms === null || ms <= 0 ? [] : [{ run, ms, x: x(run), y: y(ms) }],
  )
  const steps = new Map(series.steps.map((step) => [step.at, step]))
  return markup`<path class="${look.className} line" ${dashesOf(look)} d="${lineThrough(points)}"/>${points.map(
    ({ run, ms, ...place }) => {
      const step = steps.get(run)
      const words = step === undefined ? '' : `; ${describeStep(step, history)}`
      return mark(
        `${executorText(series)}, ${dayOf(history, run)}: ${formatDuration(ms)}${words}`,
        markup`<circle class="hit" cx="${place.x}" cy="${place.y}" r="8"/>${
          step === undefined && points.length > mostMarkers
            ? null
            : markerAt(look, place, step?.isConfirmed === true)
        }`,
      )
    },
  )}`
}

function chartOf(all: readonly Series[], history: History, id: string): Chart | null {
  const [first] = all
  const domain = positiveExtent(all.flatMap(({ mediansMs }) => mediansMs.map((ms) => ms ?? 0)))
  if (first === undefined || domain === null) return null
  const title = `${first.workload} at ${formatSize(first.size)}`
  const last = history.startedAt.length - 1
  const x = (run: number): number =>
    last === 0 ? (plot.left + plot.right) / 2 : plot.left + 8 + (run / last) * (plot.right - plot.left - 16)
  const y = logScale(domain, [plot.bottom, plot.top], 1.1)
  const steps = all.flatMap((series) =>
    series.steps.map((step) => `${executorText(series)}: ${describeStep(step, history)}`),
  )
  return {
    id,
    title,
    caption: markup`${title} <small>median by run; filled: a step that stayed</small>`,
    description: steps.length === 0 ? 'No steps.' : `${steps.join('; ')}.`,
    key: markup`<ul class="key">${all.map((series) => markup`<li><b class="${lookOf(series.executor).className} ink">${executorText(series)}</b></li>`)}</ul>`,
    drawing: {
      width,
      height,
      content: markup`<g class="grid">${logTicks(y.domain, 5).map(
        (tick) =>
          markup`<path d="M${plot.left} ${y(tick)}H${plot.right}"/><text x="${plot.left - 6}" y="${y(tick) + 4}" text-anchor="end">${roundDuration(tick)}</text>`,
      )}<path class="axis" d="M${plot.left} ${plot.bottom}H${plot.right}"/><text x="${x(0)}" y="${plot.bottom + 18}" text-anchor="${last === 0 ? 'middle' : 'start'}">${dayOf(history, 0)}</text>${last === 0 ? null : markup`<text x="${x(last)}" y="${plot.bottom + 18}" text-anchor="end">${dayOf(history, last)}</text>`}</g>${all.map((series) => lineOf(series, history, x, y))}`,
    },
    table: {
      columns: ['run', ...all.map(executorText)],
      rows: history.startedAt.map((_, run) => [
        dayOf(history, run),
        ...all.map(({ mediansMs }) => {
          const ms = mediansMs[run] ?? null
          return ms === null ? null : formatDuration(ms)
        }),
      ]),
      note: steps.length === 0 ? null : steps.join('; '),
    },
  }
}

function stepList(told: readonly string[]): Markup | null {
  if (told.length === 0) return null
  const more = told.length - mostSteps
  const shown = [...told.slice(0, mostSteps), ...(more > 0 ? [`And ${more} more: see the charts.`] : [])]
  return markup`<ul class="found">${shown.map((step) => markup`<li>${prose(step)}</li>`)}</ul>`
}

const raceOf = ({ workload, size }: Series): string => JSON.stringify([workload, size])

/** The whole page. */
export function renderHistoryPage(given: History): string {
  const history = escapeStrings(given)
  const { series, startedAt, leftOut } = history
  const withSteps = series.filter(({ steps }) => steps.length > 0)
  const stepped = withSteps.length
  // What changed comes first, and is drawn even if not all can be.
  const races = [...new Set([...withSteps, ...series].map(raceOf))]
  const told = withSteps.flatMap((each) =>
    each.steps.map((step) => `${cellText(each)}: ${describeStep(step, history)}.`),
  )
  const answer = `${formatCount(startedAt.length, 'run')}, ${formatCount(series.length, 'cell')}, ${stepped === 0 ? 'no steps' : `steps in ${stepped}`}`
  const charts = races.slice(0, mostCharts).flatMap((race, index) => {
    const all = series.filter((each) => raceOf(each) === race)
    return chartOf(all, history, `h${index + 1}`) ?? []
  })
  const omitted = races.length - Math.min(races.length, mostCharts)
  return documentOf({
    title: `boundby history: ${answer}`,
    front: markup`<header><p class="brand">boundby <span>history</span></p><h1>${answer}</h1><p class="lead">A step is a change that clears the margin and what days differ by, and that the next run shows too.</p>${stepList(told)}${leftOut === 0 ? null : markup`<p class="machine">${formatCount(leftOut, 'result')} of other machines left out: their times do not compare.</p>`}</header>\n`,
    main: markup`<section aria-labelledby="cells"><h2 id="cells">Cell by cell</h2>${charts.length === 0 ? markup`<p>There is no cell to show.</p>` : markup`<div class="charts wide">${charts.map((chart) => figure(chart))}</div>`}${omitted === 0 ? null : markup`<p class="note">${omitted} more are not drawn.</p>`}</section>\n`,
    footer: `Made by boundby ${version} from result files; nothing was measured again for it.`,
  })
}
