/** What makespans went into, as bars: as long as the makespan, and filled by what took it. */

import { formatDuration } from '../analysis/quantities.ts'
import type { Cell } from '../results/schema.ts'
import type { Style } from './style.ts'

export interface CostBar {
  readonly label: string
  readonly cell: Pick<Cell, 'costsMs'> & { readonly medianMs: number }
}

/** In the order in which they fill a bar; each has one character, in ASCII another one. */
const fillings = [
  { parts: ['cpu'], glyph: '█', meaning: 'CPU' },
  { parts: ['runQueue'], glyph: '▒', meaning: 'no core' },
  { parts: ['blocked'], glyph: '░', meaning: 'blocked' },
  { parts: ['dispatch'], glyph: '▚', meaning: 'dispatch' },
  { parts: ['transfer'], glyph: '▓', meaning: 'transfer' },
  { parts: ['idle', 'imbalance'], glyph: '╌', meaning: 'idle' },
] as const
const untold = { glyph: '?', meaning: 'not told' }

const widest = 100
const indent = 2

/** A bar an executor, and what its characters mean; none if nothing took any time. */
export function renderCostBars(bars: readonly CostBar[], style: Style): string[] {
  const longestMs = Math.max(0, ...bars.map(({ cell }) => cell.medianMs))
  if (longestMs === 0) return []
  const labelWidth = Math.max(...bars.map(({ label }) => label.length))
  const durations = bars.map(({ cell }) => formatDuration(cell.medianMs))
  const durationWidth = Math.max(...durations.map(({ length }) => length))
  const room = Math.min(style.width, widest) - indent - labelWidth - durationWidth - 4
  if (room < 10) return []
  const drawn = bars.map(({ cell }) => barOf(cell, longestMs, room))
  const key = [...fillings, untold].filter(({ glyph }) => drawn.some((bar) => bar.includes(glyph)))
  return [
    ...bars.map(
      ({ label }, index) =>
        `${' '.repeat(indent)}${label.padEnd(labelWidth)}  ${durations[index]?.padStart(durationWidth)}  ${drawn[index]}`,
    ),
    style.paint(
      'quiet',
      `${' '.repeat(indent + labelWidth + durationWidth + 4)}${key.map(({ glyph, meaning }) => `${glyph} ${meaning}`).join('  ')}`,
    ),
  ]
}

/** Ends are rounded, not lengths, so that all parts together are as long as the makespan. */
function barOf({ costsMs, medianMs }: CostBar['cell'], longestMs: number, room: number): string {
  const columns = (ms: number): number => Math.round((ms / longestMs) * room)
  const end = Math.max(1, columns(medianMs))
  let toldMs = 0
  let bar = ''
  for (const { parts, glyph } of fillings) {
    toldMs += parts.reduce((sum, part) => sum + (costsMs[part] ?? 0), 0)
    bar = bar.padEnd(Math.min(end, columns(toldMs)), glyph)
  }
  return bar.padEnd(end, medianMs - toldMs > medianMs / 100 ? untold.glyph : (bar.at(-1) ?? '█'))
}
