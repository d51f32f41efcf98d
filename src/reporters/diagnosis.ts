/** The diagnosis of one function, as text for a terminal and as JSON for a program. */

import { describeProspect, rankingOf } from '../analysis/advice-forecast.ts'
import type { Advice } from '../analysis/advice.ts'
import { notesOn } from '../analysis/diagnosed-function.ts'
import type { DiagnosedFunction } from '../analysis/diagnosed-function.ts'
import type { TaskDiagnosis } from '../analysis/diagnosis.ts'
import { formatCount, formatDuration, formatRatio } from '../analysis/quantities.ts'
import type { Prospect } from '../analysis/what-if.ts'
import { escapeJson, escapeStrings } from './escape.ts'
import type { RenderOptions } from './reporter.ts'
import { Style } from './style.ts'

export const boundWords = {
  cpu: 'bound by the CPU',
  io: 'bound by I/O',
  mixed: 'bound by both the CPU and I/O',
  overhead: 'too small to move: mostly overhead',
} as const

const barWidth = 50
const barMarks = { cpu: '█', runQueue: '▒', blocked: '░' } as const

/** Whole marks that add up to the width, each part as near to its share as can be. */
function bar(parts: readonly (readonly [share: number, mark: string])[]): string {
  let drawn = 0
  let total = 0
  return parts
    .map(([share, mark]) => {
      total += share
      const marks = Math.round(total * barWidth) - drawn
      drawn += marks
      return mark.repeat(Math.max(0, marks))
    })
    .join('')
}

/** A bar of where the time went, and below it its legend. */
export function renderShares({ cpuShare, runQueueShare, blockedShare }: TaskDiagnosis): string[] {
  const parts = [
    { share: cpuShare, mark: barMarks.cpu, words: 'on the CPU' },
    ...(runQueueShare === null
      ? []
      : [{ share: runQueueShare, mark: barMarks.runQueue, words: 'waiting for a core' }]),
    { share: blockedShare, mark: barMarks.blocked, words: 'blocked' },
  ]
  return [
    `  ${bar(parts.map(({ share, mark }) => [share, mark]))}`,
    `  ${parts.map(({ share, mark, words }) => `${mark} ${words} ${Math.round(100 * share)} %`).join('   ')}`,
  ]
}

function renderRace({ result, tasks }: DiagnosedFunction): string[] {
  const cells = (result?.cells ?? []).filter(({ medianMs }) => medianMs !== null)
  const serialMs = cells.find(({ executor }) => executor === 'serial')?.medianMs ?? null
  const rows = cells.map(({ executor, workers, medianMs }) => [
    executor === 'serial' || workers === null ? executor : `${executor} ×${workers}`,
    formatDuration(medianMs ?? 0),
    executor === 'serial' || serialMs === null || medianMs === null || medianMs === 0
      ? ''
      : formatRatio(serialMs / medianMs),
  ])
  if (rows.length === 0) return []
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return [
    `Raced: the median time of ${formatCount(tasks, 'call')}, and how many times as fast as serial that is`,
    ...rows.map(([name = '', time = '', speed = '']) =>
      `  ${name.padEnd(widths[0] ?? 0)}  ${time.padStart(widths[1] ?? 0)}  ${speed.padStart(widths[2] ?? 0)}`.trimEnd(),
    ),
    '',
  ]
}

/** Executors of which nothing was measured, the fastest first. */
function foreseen({ forecastable, result }: DiagnosedFunction): Prospect[] {
  if (forecastable === null) return []
  const raced = new Set(result?.cells.flatMap(({ executor, error }) => (error === null ? [executor] : [])))
  return rankingOf(forecastable).filter(({ executor }) => !raced.has(executor))
}

function renderForecast(found: DiagnosedFunction, style: Style): string[] {
  const prospects = foreseen(found)
  if (prospects.length === 0) return []
  return [
    `Predicted from the serial calls, not raced: the time of ${formatCount(found.tasks, 'call')}, and within what`,
    ...prospects.map((prospect) => style.paragraph(describeProspect(prospect), { bullet: '  ' })),
    '',
  ]
}

export function renderDiagnosis(given: DiagnosedFunction, advised: Advice, options: RenderOptions): string {
  const style = new Style(options)
  const found = escapeStrings({ ...given, inputs: [] })
  const advice = escapeStrings({ ...advised, code: '' })
  // It is made of escaped strings, and its line breaks are its own.
  const code = advised.code.split('\n').map((line) => escapeStrings(line))
  const { bound, reason, taskMs = 0, runQueueShare } = found.diagnosis
  const ownMs = taskMs * (1 - (runQueueShare ?? 0))
  const tone = advice.kind === 'winner' ? 'winner' : advice.kind === 'tie' ? 'tied' : 'open'
  const bulleted = (texts: readonly string[]): string[] =>
    texts.map((text) => style.paragraph(text, { bullet: '  - ' }))
  const because = reason ?? ''
  const lines = [
    style.paint('title', `${found.exportName} (${found.file}) is ${boundWords[bound]}`),
    ...renderShares(found.diagnosis),
    style.paragraph(
      `${bound === 'overhead' ? '' : `A call takes ${formatDuration(ownMs)}${taskMs - ownMs > 0.05 * taskMs ? ', not counting the wait for a core' : ''}. `}${because.charAt(0).toUpperCase()}${because.slice(1)}.`,
      { bullet: '  ' },
    ),
    '',
    ...renderRace(found),
    ...renderForecast(found, style),
    style.paragraph(style.paint(tone, advice.sentence)),
    style.paragraph(advice.sureness, { bullet: '  ' }),
    '',
    ...code.map((line) => (line === '' ? '' : `    ${line}`)),
    '',
    style.paint('title', 'What would change the answer'),
    ...bulleted(advice.changes),
    '',
    style.paint('title', 'To know'),
    ...bulleted(notesOn(found)),
  ]
  return style.encode(`${lines.join('\n')}\n`)
}

/** One entry of a result's `diagnoses`, with the advice and what it rests on. */
export function diagnosisJson(found: DiagnosedFunction, advice: Advice): string {
  const { diagnosis, exportName, file, tasks, calls, cores, isRepeatable, keepsInput, result } = found
  const entry = {
    workload: exportName,
    size: tasks,
    ...diagnosis,
    file,
    advice,
    calls,
    cores,
    repeatable: isRepeatable,
    keepsInput,
    cells: result?.cells ?? [],
    verdict: result?.verdicts[0] ?? null,
    predictions: foreseen(found),
    notes: notesOn(found),
  }
  return `${escapeJson(JSON.stringify(entry, null, 2))}\n`
}
