/** Where the time of a workload's largest size went: a line for each executor. */

import { measuredCell } from '../analysis/by-workload.ts'
import type { WorkloadResult } from '../analysis/by-workload.ts'
import { formatBytes, formatDuration, formatSize } from '../analysis/quantities.ts'
import type { Cell } from '../results/schema.ts'
import { renderCostBars } from './cost-bars.ts'
import type { Style } from './style.ts'

interface Column {
  readonly head: string
  /** Empty: nothing to tell. */
  readonly of: (cell: Cell & { readonly medianMs: number }) => string
}

const spacing = 2

function shareOf(part: 'cpu' | 'runQueue' | 'blocked' | 'dispatch' | 'transfer' | 'idle' | 'imbalance') {
  return ({ costsMs, medianMs }: Cell & { readonly medianMs: number }): string => {
    const partMs = costsMs[part]
    const percent = partMs === undefined || medianMs === 0 ? 0 : Math.round((100 * partMs) / medianMs)
    return percent === 0 ? '' : `${percent}%`
  }
}

const shares: readonly Column[] = [
  { head: 'CPU', of: shareOf('cpu') },
  { head: 'no core', of: shareOf('runQueue') },
  { head: 'blocked', of: shareOf('blocked') },
  { head: 'dispatch', of: shareOf('dispatch') },
  { head: 'transfer', of: shareOf('transfer') },
  { head: 'idle', of: shareOf('idle') },
  { head: 'last task', of: shareOf('imbalance') },
]

/** Too little to matter: a number has some bytes too. */
const notableBytes = 1024

const amounts: readonly Column[] = [
  {
    head: 'start-up',
    of: ({ costsMs: { startup = 0 } }) => (startup < 0.5 ? '' : formatDuration(startup)),
  },
  {
    head: 'in + out',
    of: ({ transfer }) =>
      transfer === undefined || transfer.inBytes + transfer.outBytes < notableBytes
        ? ''
        : formatBytes(transfer.inBytes + transfer.outBytes),
  },
  {
    head: 'took',
    of: ({ transfer }) =>
      transfer === undefined || transfer.inBytes + transfer.outBytes < notableBytes
        ? ''
        : formatDuration(transfer.inMs + transfer.outMs),
  },
  {
    head: 'CPU time',
    of: ({ cpuSeconds }) => (cpuSeconds === undefined ? '' : formatDuration(1000 * cpuSeconds)),
  },
  {
    head: 'memory',
    of: ({ peakRssBytes }) => (peakRssBytes === undefined ? '' : formatBytes(peakRssBytes)),
  },
  {
    head: 'loop p99',
    of: ({ loopDelayP99Ms }) => (loopDelayP99Ms === undefined ? '' : formatDuration(loopDelayP99Ms)),
  },
]

const widthOf = (texts: readonly string[]): number => Math.max(...texts.map(({ length }) => length))

/** Rows of texts of which the first stands left, the others right. */
function aligned(rows: readonly (readonly string[])[], widths: readonly number[]): string[] {
  return rows.map((row) =>
    row
      .map((text, index) => (index === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[index] ?? 0)))
      .join(' '.repeat(spacing))
      .trimEnd(),
  )
}

/** The lines of the largest size that was observed; none if there is no such size, or one executor only. */
export function renderCosts({ sizes, arms }: WorkloadResult, style: Style): string[] {
  const at = sizes.findLast(
    (size) => !size.refines && [...size.cells.values()].some(({ costsMs }) => costsMs.dispatch !== undefined),
  )
  if (at === undefined) return []
  const observed = arms.flatMap((arm) => {
    const cell = measuredCell(at, arm)
    return cell?.costsMs.dispatch === undefined ? [] : [{ label: arm.label, cell }]
  })
  const labels = ['', ...observed.map(({ label }) => label)]
  const columns = [...shares, ...amounts].flatMap(({ head, of }) => {
    const texts = observed.map(({ cell }) => of(cell))
    return texts.every((text) => text === '') ? [] : [[head, ...texts.map((text) => text || '–')]]
  })
  // As many tables as the width asks for.
  const tables: string[][][] = []
  let usedWidth = Infinity
  for (const column of columns) {
    const width = spacing + widthOf(column)
    if (usedWidth + width > style.width) {
      tables.push([labels])
      usedWidth = 2 + widthOf(labels)
    }
    tables.at(-1)?.push(column)
    usedWidth += width
  }
  const lines = tables.flatMap((table) => {
    const rows = labels.map((_, row) => table.map((column) => column[row] ?? ''))
    return aligned(rows, table.map(widthOf)).map((line) => `  ${line}`)
  })
  return [
    style.paint(
      'quiet',
      style.paragraph(
        `Where the time at ${formatSize(at.size)} went, as the mean over the workers, and what else it took:`,
      ),
    ),
    ...renderCostBars(observed, style),
    ...lines,
  ]
}
