/** A result for a pull request's comment or a job's summary: the surprising first, the rest folded, never too long. */

import { byWorkload, measuredCell, referenceArm } from '../analysis/by-workload.ts'
import type { Arm, SizeResult, WorkloadResult } from '../analysis/by-workload.ts'
import { headline, standingOf } from '../analysis/headline.ts'
import {
  formatCount,
  formatDuration,
  formatPercent,
  formatRatio,
  formatSize,
} from '../analysis/quantities.ts'
import { describeError, surprisesIn } from '../analysis/surprises.ts'
import type { Surprise } from '../analysis/surprises.ts'
import { summarize } from '../analysis/summary.ts'
import type { Summary } from '../analysis/summary.ts'
import { groupedWarnings } from '../analysis/warnings/grouped.ts'
import type { Result } from '../results/schema.ts'
import { machineText, severalMachines } from './machines.ts'
import { escapeMarkdown, escapeMarkdownHtml } from './markdown-escape.ts'
import type { Reporter } from './reporter.ts'
import { reproduce } from './reproduce.ts'
import { describeSkips } from './skip.ts'

/** GitHub takes 65,536 characters for a comment; a few of them are for whoever posts it. */
const mostCharacters = 60_000
/** Of one list; a reader of more needs the page or the table. */
const mostPoints = 20
const mostRows = 40
const longestText = 1000

export const markdownReporter: Reporter = {
  summary: "for a pull request's comment or a job's summary",
  render(result) {
    const workloads = byWorkload(result)
    const summary = summarize(result, workloads)
    const { text, sureness } = headline(result, workloads)
    const sections = [
      `### boundby: ${words(text)}`,
      words(sureness),
      cautions(result),
      ...surpriseLists(surprisesIn(result, workloads)),
      overview(workloads),
      ...workloads.map((workload) => foldedWorkload(workload, summary)),
    ]
    return `${fitting(sections, background(result)).join('\n\n')}\n`
  },
}

/** As much as there is room for, in this order; the last section in any case. */
function fitting(sections: readonly string[], last: string): readonly string[] {
  let length = last.length
  const some = sections.filter((section) => section !== '')
  const kept = some.filter((section) => {
    if (length + section.length > mostCharacters) return false
    length += section.length + 2
    return true
  })
  const omitted = some.length - kept.length
  const note = `${formatCount(omitted, 'part')} of this report would not fit into a comment; \`boundby report\` shows all.`
  return [...kept, ...(omitted === 0 ? [] : [note]), last]
}

/** A name or a message of any length. */
function words(text: string): string {
  return escapeMarkdown(text.length <= longestText ? text : `${text.slice(0, longestText)}…`)
}

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

/** The first column is words, the others are numbers; contents are escaped, marks excepted. */
function table(head: readonly string[], rows: readonly (readonly string[])[], wordColumns: number): string {
  const shown = rows.slice(0, mostRows)
  return [
    line(head.map(escapeMarkdown)),
    line(head.map((_, column) => (column < wordColumns ? ':--' : '--:'))),
    ...shown.map(line),
    ...(shown.length === rows.length ? [] : ['', `${formatCount(rows.length - shown.length, 'row')} more.`]),
  ].join('\n')
}

function points(texts: readonly string[]): string {
  const shown = texts.slice(0, mostPoints)
  const more = texts.length - shown.length
  return [
    ...shown.map((text) => `- ${words(text)}`),
    ...(more === 0 ? [] : [`- ${formatSize(more)} more`]),
  ].join('\n')
}

/** What casts doubt on everything below. */
function cautions({ interrupted, warnings = [] }: Result): string {
  return points([
    ...(interrupted === null || interrupted === undefined ? [] : [`Interrupted: ${interrupted}`]),
    ...new Set(warnings.map((warning) => `Warning: ${warning}`)),
  ])
}

const surpriseTitles: Readonly<Record<Surprise['topic'], string>> = {
  failed: '❌ Failed',
  refuted: '❗ Not as expected',
  undecided: '❔ Undecided',
}

function surpriseLists(surprises: readonly Surprise[]): readonly string[] {
  return (Object.keys(surpriseTitles) as Surprise['topic'][]).flatMap((topic) => {
    const texts = surprises.filter((surprise) => surprise.topic === topic).map(({ text }) => text)
    return texts.length === 0 ? [] : [`**${surpriseTitles[topic]}**\n\n${points(texts)}`]
  })
}

/** A row a workload: what to ship for it. */
function overview(workloads: readonly WorkloadResult[]): string {
  const standings = workloads
    .filter(({ control }) => control === null)
    .flatMap((workload) => standingOf(workload) ?? [])
  if (standings.length === 0) return ''
  const rows = standings.map(({ workload, at }) => {
    const { verdict, leaders, diagnosis } = at
    const interval = verdict?.interval ?? null
    return [
      escapeMarkdown(workload.name),
      escapeMarkdown(diagnosis?.bound ?? '–'),
      `${verdictMarks[verdict?.kind ?? 'undecided']} ${escapeMarkdown(leaders.map(({ label }) => label).join(', '))}`,
      formatSize(at.size),
      verdict === undefined || verdict.ratio === null ? '–' : formatRatio(verdict.ratio),
      interval === null ? '–' : `${formatRatio(interval[0])} to ${formatRatio(interval[1])}`,
    ]
  })
  return table(
    ['workload', 'bound by', '✓ winner, ≈ tied, ? open', 'at size', 'over serial', 'interval'],
    rows,
    3,
  )
}

const verdictMarks = { winner: '✓', tie: '≈', undecided: '?' } as const

function foldedWorkload(workload: WorkloadResult, summary: Summary): string {
  const { name, control, record, arms, sizes, skipped } = workload
  const about = control === null ? (record?.summary ?? '') : `${control} against itself`
  const skips = describeSkips(skipped)
  const body = [
    words(about),
    arms.length === 0
      ? ''
      : table(
          ['size', ...arms.map(({ label }) => label)],
          sizes.map((at) => [
            `${formatSize(at.size)}${at.refines ? '+' : ''}`,
            ...arms.map((arm) => entryOf(at, arm)),
          ]),
          0,
        ),
    sizes.some(({ refines }) => refines) ? '\\+ added, where another executor takes the lead' : '',
    points([
      ...(summary.workloads.get(workload) ?? []).map(({ text }) => text),
      ...groupedWarnings(sizes).map((text) => `Warning: ${text}`),
      ...skips,
    ]),
  ].filter((part) => part !== '')
  return `<details><summary>${escapeMarkdownHtml(name)}</summary>\n\n${body.join('\n\n')}\n\n</details>`
}

/** As in the terminal's table: the verdict's mark, the median, how many times as fast as the reference. */
function entryOf(at: SizeResult, arm: Arm): string {
  const cell = at.cells.get(arm)
  if (cell !== undefined && cell.error !== null)
    return `❌ ${escapeMarkdown(describeError(cell.error).slice(0, 80))}`
  const measured = measuredCell(at, arm)
  if (measured === undefined) return '–'
  const referred = referenceArm([...at.cells.keys()])
  const reference = referred && measuredCell(at, referred)
  const isLeader = at.leaders.includes(arm)
  const mark = isLeader ? `${verdictMarks[at.verdict?.kind ?? 'undecided']} ` : ''
  const speedUp =
    arm === referred || reference === undefined || measured.medianMs === 0
      ? ''
      : ` (${formatRatio(reference.medianMs / measured.medianMs)})`
  const text = `${mark}${formatDuration(measured.medianMs)}${speedUp}`
  return isLeader && at.verdict?.kind === 'winner' ? `**${text}**` : text
}

function background(result: Result): string {
  const { environment, options, cells, durationMs } = result
  const time = durationMs === undefined ? '' : ` in ${formatDuration(durationMs)}`
  const count = `${formatCount(cells.length, 'cell')}${time}`
  const machine = `boundby ${environment.boundby}, Node ${environment.node}, ${machineText(environment)}; ${count}`
  const several = severalMachines(result)
  return [
    '<details><summary>The machine, and how to repeat this</summary>',
    points([
      ...(several === null ? [machine] : [`boundby ${environment.boundby}; ${count}`, ...several]),
      `Decided at ${formatPercent(options.confidence)} confidence with a margin of ${formatPercent(options.margin)}; a time is the median for all tasks of a size.`,
      `Again with the same seed: ${reproduce(result)}`,
    ]),
    '</details>',
  ].join('\n\n')
}
