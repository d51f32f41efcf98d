/** Tables and plain words for the terminal: per workload a row a size, a column an arm, and what follows from it. */

import Table from 'cli-table3'
import { byWorkload, measuredCell, referenceArm } from '../analysis/by-workload.ts'
import type { Arm, SizeResult, WorkloadResult } from '../analysis/by-workload.ts'
import { formatDuration, formatRatio, formatSize } from '../analysis/quantities.ts'
import type { Sentence } from '../analysis/sentence.ts'
import { summarize } from '../analysis/summary.ts'
import { groupedWarnings } from '../analysis/warnings/grouped.ts'
import type { Result, Skip } from '../results/schema.ts'
import { renderCosts } from './costs.ts'
import { escapeStrings } from './escape.ts'
import { describeError, renderControl, renderFooter, renderHeader } from './frame.ts'
import { renderGuidance } from './guidance.ts'
import { Notes } from './notes.ts'
import type { RenderOptions, Reporter } from './reporter.ts'
import { describeSkip } from './skip.ts'
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
  const sections = [
    renderHeader(result, style),
    ...workloads.map((workload) => renderWorkload(workload, summary.workloads.get(workload) ?? [], style)),
    renderWhatIf(result, style),
    renderGuidance(result, style),
    renderControl(summary, style),
    renderFooter(result, style),
  ]
  return style.encode(`${sections.filter((section) => section !== null).join('\n\n')}\n`)
}

function renderWorkload(workload: WorkloadResult, sentences: readonly Sentence[], style: Style): string {
  const notes = new Notes()
  const title = style.paint('title', workload.name)
  const summary = workload.record === undefined ? '' : `: ${workload.record.summary}`
  const about = workload.control === null ? summary : `, ${workload.control} against itself`
  const tables = workload.arms.length === 0 ? [] : renderTables(workload, notes, style)
  const unseen = workload.skipped.filter(({ reason }) => !notes.has(`skipped: ${reason}`))
  return [
    style.paragraph(`${title}${about}`),
    ...tables,
    ...(addedMark(workload) === ''
      ? []
      : [style.paragraph('added, where another executor takes the lead', { bullet: '  + ' })]),
    ...notes.list().map(({ mark, reason }) => style.paragraph(reason, { bullet: `  ${mark} ` })),
    ...new Set(unseen.map((skip) => style.paragraph(describeSkip(skip), { bullet: '  ' }))),
    ...(workload.control === null ? renderCosts(workload, style) : []),
    ...sentences.map(({ text }) => style.paragraph(text, { bullet: '  - ' })),
    ...groupedWarnings(workload.sizes).map((text) =>
      style.paragraph(style.paint('warning', `Warning: ${text}`), { bullet: '  - ' }),
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

/** With intervals if all columns fit; otherwise without, and in as many tables as it takes. */
function renderTables(workload: WorkloadResult, notes: Notes, style: Style): readonly string[] {
  const rich = draw(workload, workload.arms, true, notes, style)
  if (rich.width <= style.width) return [rich.text]
  const tables: string[] = []
  let arms: readonly Arm[] = []
  let fitting = ''
  for (const arm of workload.arms) {
    const drawn = draw(workload, [...arms, arm], false, notes, style)
    if (arms.length > 0 && drawn.width > style.width) {
      tables.push(fitting)
      arms = [arm]
      fitting = draw(workload, arms, false, notes, style).text
    } else {
      arms = [...arms, arm]
      fitting = drawn.text
    }
  }
  return [...tables, fitting]
}

function draw(
  workload: WorkloadResult,
  arms: readonly Arm[],
  withInterval: boolean,
  notes: Notes,
  style: Style,
): { text: string; width: number } {
  const columns = arms.map((arm) =>
    alignColumn(
      workload.sizes.map((at) => entryOf(at, arm, workload.skipped, withInterval, notes)),
      style,
    ),
  )
  const mark = addedMark(workload)
  return ruledTable(
    ['size', ...arms.map(({ label }) => shorten(label))],
    workload.sizes.map(({ size, refines }, row) => [
      `${formatSize(size)}${refines ? mark : ' '.repeat(mark.length)}`,
      ...columns.map((column) => column[row] ?? ''),
    ]),
  )
}

/** A table between horizontal rules; the columns named are aligned left, all others right. */
export function ruledTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  left: readonly string[] = [],
): { readonly text: string; readonly width: number } {
  const table = new Table({
    head: [...head],
    colAligns: head.map((name) => (left.includes(name) ? 'left' : 'right')),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    chars: rulesOnly,
  })
  for (const [index, row] of rows.entries())
    table.push(index === 0 ? row.map((content) => ({ content, chars: ruleAbove })) : [...row])
  return { text: table.toString(), width: table.width }
}

/** What marks the sizes that nobody listed; empty where there is none. */
function addedMark({ sizes }: WorkloadResult): string {
  return sizes.some(({ refines }) => refines) ? '+' : ''
}

/** Horizontal rules above, below the head and at the end; columns two spaces apart. */
const rulesOnly = {
  top: '─',
  'top-mid': '──',
  'top-left': '',
  'top-right': '',
  mid: '',
  'mid-mid': '',
  'left-mid': '',
  'right-mid': '',
  bottom: '─',
  'bottom-mid': '──',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  right: '',
  middle: '  ',
}
const ruleAbove = { mid: '─', 'mid-mid': '──' }

function shorten(label: string): string {
  return label.replace(/^(.{23}).{2,}$/u, '$1…')
}

function entryOf(
  at: SizeResult,
  arm: Arm,
  skipped: readonly Skip[],
  withInterval: boolean,
  notes: Notes,
): Entry {
  const cell = at.cells.get(arm)
  if (cell !== undefined && cell.error !== null)
    return { kind: 'words', words: `✗ failed ${notes.mark(describeError(cell.error))}`, tone: 'failed' }
  const measured = measuredCell(at, arm)
  if (measured === undefined) {
    const skip = skipped.find(
      ({ size, executor }) =>
        (size === null || size === at.size) && (executor === null || executor === arm.executor),
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
