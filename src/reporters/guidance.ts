/** The tutorial's sentences in a terminal report: what became of each, the runtimes that were tested side by side. */

import { shownRuntime } from '../analysis/runtime.ts'
import type { Guidance, Result } from '../results/schema.ts'
import type { Style, Tone } from './style.ts'

const marks: Readonly<Record<Guidance['outcome'], { mark: string; tone: Tone }>> = {
  holds: { mark: '✓ holds', tone: 'winner' },
  refuted: { mark: '✗ refuted', tone: 'failed' },
  undecided: { mark: '? undecided', tone: 'open' },
  'not tested': { mark: '– not tested', tone: 'quiet' },
}
const longestMark = '– not tested'.length

interface Column {
  readonly name: string
  /** By claim. */
  readonly entries: ReadonlyMap<string, Guidance>
}

/** Null for a control, which tests no claim, and for a file without guidance. */
export function renderGuidance({ guidance, options }: Result, style: Style): string | null {
  if (guidance.length === 0 || options.control === true) return null
  const columns = [...new Set(guidance.map(({ runtime }) => runtime))].map((runtime): Column => {
    const ofRuntime = guidance.filter((entry) => entry.runtime === runtime)
    return { name: shortName(runtime), entries: new Map(ofRuntime.map((entry) => [entry.claim, entry])) }
  })
  const claims = [...new Set(guidance.map(({ claim }) => claim))]
  const tested = columns.filter((column) => !isUntested(column))
  return [
    style.paragraph(style.paint('title', "The tutorial's sentences, put to the test")),
    ...chunksOf(tested, style).flatMap((chunk) => renderColumns(claims, chunk, style)),
    ...columns.filter(isUntested).map((column) => renderUntested(column, style)),
  ].join('\n')
}

function shortName(runtime: string): string {
  return shownRuntime(runtime).replace(/^(.{15}).{2,}$/u, '$1…')
}

function isUntested({ entries }: Column): boolean {
  return [...entries.values()].every(({ outcome }) => outcome === 'not tested')
}

function widthOf(columns: readonly Column[]): number {
  return 2 + Math.max(longestMark, ...columns.map(({ name }) => name.length))
}

/** So many columns beside each other that half of the line is left for the claim. */
function chunksOf(columns: readonly Column[], { width }: Style): Column[][] {
  const many = Math.max(1, Math.floor((width / 2 - 2) / widthOf(columns)))
  return Array.from({ length: Math.ceil(columns.length / many) }, (_, index) =>
    columns.slice(index * many, (index + 1) * many),
  )
}

function renderColumns(claims: readonly string[], columns: readonly Column[], style: Style): string[] {
  const width = widthOf(columns)
  const head = columns.map(({ name }) => name.padEnd(width)).join('')
  return [
    style.paint('quiet', `  ${head}`.trimEnd()),
    ...claims.flatMap((claim) => renderClaim(claim, columns, width, style)),
  ]
}

function renderClaim(claim: string, columns: readonly Column[], width: number, style: Style): string[] {
  const told = columns.map(({ name, entries }) => ({ name, entry: entries.get(claim) }))
  const cells = told.map(({ entry }) => marks[entry?.outcome ?? 'not tested'])
  const bullet = `  ${cells.map(({ mark }) => mark.padEnd(width)).join('')}`
  const painted = cells.map(({ mark, tone }) => style.paint(tone, mark) + ' '.repeat(width - mark.length))
  return [
    `  ${painted.join('')}${style.paragraph(claim, { bullet }).slice(bullet.length)}`,
    ...told.flatMap(({ name, entry }) => {
      const reason = entry?.outcome === 'not tested' ? undefined : entry?.reason
      const words = [entry?.evidence, reason].flatMap((text) => (text ? [asSentence(text)] : []))
      return words.length === 0
        ? []
        : [style.paragraph(style.paint('quiet', `${name}: ${words.join(' ')}`), { bullet: '      ' })]
    }),
  ]
}

/** The first entry speaks for all: nothing of the runtime took part. */
function renderUntested({ name, entries }: Column, style: Style): string {
  const [first] = entries.values()
  const why = first?.evidence === undefined ? '' : `: ${first.evidence}`
  return style.paragraph(`${name} was not tested${why}.`, { bullet: '  ' })
}

function asSentence(text: string): string {
  return /[.!?]$/u.test(text) ? text : `${text}.`
}
