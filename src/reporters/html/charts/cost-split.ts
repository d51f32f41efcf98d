/** What each executor's makespan went into: stacked bars at the smallest and the largest size; each runtime and size has its scale. */

import { measuredCell } from '../../../analysis/by-workload.ts'
import type { Arm, SizeResult, WorkloadResult } from '../../../analysis/by-workload.ts'
import { formatDuration, formatPercent, formatSize } from '../../../analysis/quantities.ts'
import { shownRuntime } from '../../../analysis/runtime.ts'
import type { Cell } from '../../../results/schema.ts'
import { lookOf, shortLabel } from '../executor-look.ts'
import type { Chart } from '../figure.ts'
import { markup } from '../markup.ts'
import { maxRowsOfAllSizes } from '../limits.ts'
import { stateKey, stateLabels } from '../states.ts'
import type { State } from '../states.ts'
import { contestsOf } from '../view.ts'
import { stackedBars } from './stacked-bars.ts'
import type { Bar } from './stacked-bars.ts'

interface Split {
  readonly arm: Arm
  readonly medianMs: number
  readonly parts: readonly { readonly state: State; readonly durationMs: number }[]
}

/** Null where no cell tells its costs. */
export function costSplit(id: string, workload: WorkloadResult): Chart | null {
  const contests = contestsOf(workload)
    .map(({ runtime, arms, sizes }) => ({
      runtime,
      sizes: sizes
        .map((at) => ({ at, splits: splitsOf(at, arms) }))
        .filter(({ splits }) => splits.length > 0),
    }))
    .filter(({ sizes }) => sizes.length > 0)
  const largest = contests.flatMap(({ sizes }) => sizes.at(-1)?.splits ?? [])
  if (largest.length === 0) return null
  // Beside another runtime there is room for one size only.
  const shown = contests.flatMap(({ runtime, sizes }) =>
    sizes
      .filter((_, index) => index === sizes.length - 1 || (index === 0 && contests.length === 1))
      .map((size) => ({ runtime, ...size })),
  )
  const all = contests.flatMap(({ sizes }) => sizes)
  const isLong = all.reduce((sum, { splits }) => sum + splits.length, 0) > maxRowsOfAllSizes
  const tabled = isLong ? shown : all
  return {
    id,
    title: `${workload.name}: what the time went into`,
    caption: markup`What the time went into <small>all tasks of a size, first submit to last result</small>`,
    description: largest
      .map(
        ({ arm, medianMs, parts }) =>
          `${arm.label}: ${formatDuration(medianMs)}, ${describeParts(parts, medianMs)}`,
      )
      .join('; '),
    drawing: stackedBars(
      shown.map(({ runtime, at, splits }) => ({
        heading: `${runtime === null ? 'At' : `${shownRuntime(runtime)}, at`} size ${formatSize(at.size)}`,
        bars: barsOf(splits),
      })),
    ),
    key: stateKey(
      shown.flatMap(({ splits }) => splits.flatMap(({ parts }) => parts.map(({ state }) => state))),
    ),
    table: {
      columns: ['executor and size', 'makespan', ...costColumns.map(({ label }) => label), 'start-up'],
      rows: tabled.flatMap(({ at, splits }) => rowsOf(at, splits)),
      note: `The parts but start-up, which comes before, add up to the makespan; each is the mean over the workers.${tabled === shown ? ' Those of other sizes are in the result file.' : ''}`,
    },
  }
}

const costColumns: readonly {
  readonly cost: keyof Cell['costsMs']
  readonly state: State
  readonly label: string
}[] = [
  { cost: 'cpu', state: 'cpu', label: 'on CPU' },
  { cost: 'runQueue', state: 'runQueue', label: 'for a core' },
  { cost: 'blocked', state: 'blocked', label: 'blocked' },
  { cost: 'transfer', state: 'transfer', label: 'moving data' },
  { cost: 'dispatch', state: 'dispatch', label: 'handing over' },
  { cost: 'idle', state: 'waiting', label: 'no task at all' },
  { cost: 'imbalance', state: 'waiting', label: 'done early' },
]

const partOf = (cell: Cell, cost: keyof Cell['costsMs']): number | null => {
  const durationMs = cell.costsMs[cost]
  return typeof durationMs === 'number' ? durationMs : null
}

function splitsOf(at: SizeResult, arms: readonly Arm[]): readonly Split[] {
  return arms.flatMap((arm) => {
    const cell = measuredCell(at, arm)
    if (cell === undefined) return []
    const parts = costColumns.flatMap(({ cost, state }) => {
      const durationMs = partOf(cell, cost)
      return durationMs === null || durationMs === 0 ? [] : [{ state, durationMs }]
    })
    if (parts.length === 0) return []
    const missingMs = cell.medianMs - parts.reduce((sum, { durationMs }) => sum + durationMs, 0)
    const rest =
      missingMs > 0.01 * cell.medianMs ? [{ state: 'unknown' as const, durationMs: missingMs }] : []
    return [{ arm, medianMs: cell.medianMs, parts: [...parts, ...rest] }]
  })
}

function barsOf(splits: readonly Split[]): readonly Bar[] {
  const totals = splits.map(({ parts }) => parts.reduce((sum, { durationMs }) => sum + durationMs, 0))
  const longestMs = Math.max(...totals)
  return splits.map(({ arm, medianMs, parts }) => ({
    name: shortLabel(arm),
    className: lookOf(arm.executor).className,
    value: formatDuration(medianMs),
    parts: parts.map(({ state, durationMs }) => ({
      state,
      share: longestMs === 0 ? 0 : durationMs / longestMs,
    })),
    numbers: `${arm.label}, ${formatDuration(medianMs)}: ${parts
      .map(({ state, durationMs }) => `${formatDuration(durationMs)} ${stateLabels[state]}`)
      .join('; ')}`,
  }))
}

function describeParts(parts: Split['parts'], medianMs: number): string {
  const largest = parts.toSorted((a, b) => b.durationMs - a.durationMs).slice(0, 2)
  return largest
    .map(
      ({ state, durationMs }) =>
        `${formatPercent(medianMs === 0 ? 0 : durationMs / medianMs)} ${stateLabels[state]}`,
    )
    .join(', ')
}

function rowsOf(at: SizeResult, splits: readonly Split[]): readonly (readonly (string | null)[])[] {
  return splits.flatMap(({ arm }) => {
    const cell = measuredCell(at, arm)
    if (cell === undefined) return []
    const shown = (cost: keyof Cell['costsMs']): string | null => {
      const durationMs = partOf(cell, cost)
      return durationMs === null ? null : formatDuration(durationMs)
    }
    return [
      [
        `${arm.label}, ${formatSize(at.size)}`,
        formatDuration(cell.medianMs),
        ...costColumns.map(({ cost }) => shown(cost)),
        shown('startup'),
      ],
    ]
  })
}
