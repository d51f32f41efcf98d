/** Tables and plain words for the terminal: per workload a row a size, a column an arm, and what follows from it. */

import { byWorkload, measuredCell, referenceArm } from '../analysis/by-workload.ts'
import type { Arm, SizeResult, WorkloadResult } from '../analysis/by-workload.ts'
import { reasonsEverywhere } from '../analysis/not-tested.ts'
import { formatDuration, formatRatio, formatSize } from '../analysis/quantities.ts'
import { shownRuntime } from '../analysis/runtime.ts'
import type { Sentence } from '../analysis/sentence.ts'
import { summarize } from '../analysis/summary.ts'
import { describeError } from '../analysis/surprises.ts'
import { groupedWarnings } from '../analysis/warnings/grouped.ts'
import type { Result, Skip } from '../results/schema.ts'
import { renderCosts } from './costs.ts'
import { escapeStrings } from './escape.ts'
import { renderControl, renderFooter, renderHeader } from './frame.ts'
import { renderGuidance } from './guidance.ts'
import { Notes } from './notes.ts'
import type { RenderOptions, Reporter } from './reporter.ts'
import { renderSizeChart } from './size-chart.ts'
import { ruledTable } from './ruled-table.ts'
import { describeSkips } from './skip.ts'
import { Style } from './style.ts'
import type { Tone } from './style.ts'
import { renderWhatIf } from './what-if.ts'

export const tableReporter: Reporter = {
  summary: 'tables and plain words for the terminal',
  render(result, options) {
    return renderReport(escapeStrings(result), options)
  },
}

function renderReport(result: Result, options: RenderOptions): string {
  const style = new Style(options)
  const workloads = byWorkload(result)
  const summary = summarize(result, workloads)
  const told = new Set(reasonsEverywhere(result))
  const sections = [
    renderHeader(result, style),
    ...workloads.map((workload) =>
      renderWorkload(
        workload,
        summary.workloads.get(workload) ?? [],
        told,
        renderSizeChart(workload, result, workloads.length <= mostAlwaysCharted, style),
        style,
      ),
    ),
    renderWhatIf(result, style),
    renderGuidance(result, style),
    renderControl(summary, style),
    renderFooter(result, style),
  ]
  return style.encode(`${sections.filter((section) => section !== null).join('\n\n')}\n`)
}

/** A report of few workloads has all their charts, a longer one those in which the lead changes. */
const mostAlwaysCharted = 2

/** @param told reasons for what was left out that were told of all workloads. */
function renderWorkload(
  workload: WorkloadResult,
  sentences: readonly Sentence[],
  told: ReadonlySet<string>,
  chart: readonly string[],
  style: Style,
): string {
  const notes = new Notes()
  const title = style.paint('title', workload.name)
  const summary = workload.record === undefined ? '' : `: ${workload.record.summary}`
  const about = workload.control === null ? summary : `, ${workload.control} against itself`
  const tables = renderTables(workload, notes, style)
  const skipped = [workload, ...workload.twins].flatMap((each) => each.skipped)
  const unseen = skipped.filter(({ reason }) => !told.has(reason) && !notes.has(`skipped: ${reason}`))
  return [
    style.paragraph(`${title}${about}`),
    ...tables,
    ...(addedMark(workload) === ''
      ? []
      : [style.paragraph('added, where another executor takes the lead', { bullet: '  + ' })]),
    ...notes.list().map(({ mark, reason }) => style.paragraph(reason, { bullet: `  ${mark} ` })),
    ...describeSkips(unseen).map((text) => style.paragraph(text, { bullet: '  ' })),
    ...chart,
    ...(workload.control === null ? renderCosts(workload, style) : []),
    ...sentences.map(({ text }) => style.paragraph(text, { bullet: '  - ' })),
    ...[workload, ...workload.twins].flatMap(({ sizes, runtime }) =>
      groupedWarnings(sizes).map((text) => {
        const where = runtime === null ? '' : ` in ${shownRuntime(runtime)}`
        return style.paragraph(style.paint('warning', `Warning${where}: ${text}`), { bullet: '  - ' })
      }),
    ),
  ].join('\n')
}

/** One cell of a column before it is aligned with the others. */
type Entry =
  | {
      readonly kind: 'time'
      readonly mark: string
      readonly parts: readonly string[]
      readonly tone: Tone | null
    }
  | { readonly kind: 'words'; readonly words: string; readonly tone: Tone | null }

/** A column, and whose it is: a twin's stands beside Node's, with its own marks and its own serial. */
interface Column {
  readonly arm: Arm
  readonly of: WorkloadResult
}

const columnsOf = (of: WorkloadResult): Column[] => of.arms.map((arm) => ({ arm, of }))

/** One table if all columns fit with their intervals; otherwise CPython has tables of its own. */
function renderTables(workload: WorkloadResult, notes: Notes, style: Style): readonly string[] {
  const { twins } = workload
  const all = [workload, ...twins].flatMap(columnsOf)
  if (all.length === 0) return []
  // Two Pythons have columns of the same names.
  const beside = twins.length > 1 ? null : draw(workload, all, true, notes, style)
  if (beside !== null && beside.width <= style.width) return [beside.text]
  return [
    ...tablesOf(workload, columnsOf(workload), notes, style),
    ...twins.flatMap((twin) => [
      style.paragraph(style.paint('title', shownRuntime(twin.runtime ?? 'node')), { bullet: '  ' }),
      ...tablesOf(workload, columnsOf(twin), notes, style),
    ]),
  ]
}

/** With intervals if all columns fit; otherwise without, and in as many tables as it takes. */
function tablesOf(
  workload: WorkloadResult,
  all: readonly Column[],
  notes: Notes,
  style: Style,
): readonly string[] {
  if (all.length === 0) return []
  const rich = draw(workload, all, true, notes, style)
  if (rich.width <= style.width) return [rich.text]
  const tables: string[] = []
  let columns: readonly Column[] = []
  let fitting = ''
  for (const column of all) {
    const drawn = draw(workload, [...columns, column], false, notes, style)
    if (columns.length > 0 && drawn.width > style.width) {
      tables.push(fitting)
      columns = [column]
      fitting = draw(workload, columns, false, notes, style).text
    } else {
      columns = [...columns, column]
      fitting = drawn.text
    }
  }
  return [...tables, fitting]
}

/** The sizes of a workload's table; of its twin's where nothing of Node's was raced. */
function rowsOf({ sizes, twins }: WorkloadResult): readonly SizeResult[] {
  return sizes.length > 0 ? sizes : (twins[0]?.sizes ?? [])
}

function draw(
  workload: WorkloadResult,
  shown: readonly Column[],
  withInterval: boolean,
  notes: Notes,
  style: Style,
): { text: string; width: number } {
  const rows = rowsOf(workload)
  const columns = shown.map(({ arm, of }) => {
    const ofSize = (size: number): SizeResult | undefined => of.sizes.find((at) => at.size === size)
    const skipped = of === workload ? of.skipped : [...workload.skipped, ...of.skipped]
    return alignColumn(
      rows.map((row) => entryOf(row.size, ofSize(row.size), arm, skipped, withInterval, notes)),
      style,
    )
  })
  const mark = addedMark(workload)
  return ruledTable(
    ['size', ...shown.map(({ arm }) => shorten(arm.label))],
    rows.map(({ size, refines }, row) => [
      `${formatSize(size)}${refines ? mark : ' '.repeat(mark.length)}`,
      ...columns.map((column) => column[row] ?? ''),
    ]),
  )
}

/** What marks the sizes that nobody listed; empty where there is none. */
function addedMark({ sizes }: WorkloadResult): string {
  return sizes.some(({ refines }) => refines) ? '+' : ''
}

function shorten(label: string): string {
  return label.replace(/^(.{23}).{2,}$/u, '$1…')
}

function entryOf(
  size: number,
  at: SizeResult | undefined,
  arm: Arm,
  skipped: readonly Skip[],
  withInterval: boolean,
  notes: Notes,
): Entry {
  const cell = at?.cells.get(arm)
  if (cell !== undefined && cell.error !== null)
    return { kind: 'words', words: `✗ failed ${notes.mark(describeError(cell.error))}`, tone: 'failed' }
  const measured = at && measuredCell(at, arm)
  if (at === undefined || measured === undefined) {
    const skip = skipped.find(
      (each) =>
        (each.size === null || each.size === size) &&
        (each.executor === null || each.executor === arm.executor),
    )
    const words = skip === undefined ? '–' : `skipped ${notes.mark(`skipped: ${skip.reason}`)}`
    return { kind: 'words', words, tone: 'quiet' }
  }
  const { medianMs, intervalMs } = measured
  const spreadMs = intervalMs === null ? null : Math.max(intervalMs[1] - medianMs, medianMs - intervalMs[0])
  const spread = spreadMs === null || medianMs === 0 ? '' : formatSpread(spreadMs / medianMs)
  const referred = referenceArm([...at.cells.keys()])
  const reference = referred && measuredCell(at, referred)
  const speedUp =
    arm === referred || reference === undefined || medianMs === 0
      ? ''
      : formatRatio(reference.medianMs / medianMs)
  return {
    kind: 'time',
    ...markOf(at, arm),
    parts: [formatDuration(medianMs), withInterval ? spread : '', speedUp],
  }
}

/** Beyond its own size the exact width of an interval tells nothing more. */
function formatSpread(share: number): string {
  const percent = Math.round(share * 100)
  return percent > 99 ? '±>99%' : `±${percent}%`
}

function markOf({ verdict, leaders }: SizeResult, arm: Arm): { mark: string; tone: Tone | null } {
  if (verdict === undefined || !leaders.includes(arm)) return { mark: ' ', tone: null }
  if (verdict.kind === 'winner') return { mark: '✓', tone: 'winner' }
  return verdict.kind === 'tie' ? { mark: '≈', tone: 'tied' } : { mark: '?', tone: 'open' }
}

/** Pads the parts of a column so that medians, intervals and speed-ups stand below each other. */
function alignColumn(entries: readonly Entry[], style: Style): readonly string[] {
  const times = entries.filter((entry) => entry.kind === 'time')
  const widths = [0, 1, 2].map((part) => Math.max(0, ...times.map(({ parts }) => parts[part]?.length ?? 0)))
  return entries.map((entry) => {
    const text =
      entry.kind === 'words'
        ? entry.words
        : [
            entry.mark,
            ...entry.parts.flatMap((part, index) => {
              const width = widths[index] ?? 0
              return width === 0 ? [] : [part.padStart(width)]
            }),
          ].join(' ')
    return entry.tone === null ? text : style.paint(entry.tone, text)
  })
}
