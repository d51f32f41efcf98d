/** Every cell of a large result as a table in pages, where the charts and their tables cannot show all of it. */

import { referenceArm, measuredCell } from '../../../analysis/by-workload.ts'
import type { Arm, SizeResult, WorkloadResult } from '../../../analysis/by-workload.ts'
import { formatDuration, formatRatio, formatSize } from '../../../analysis/quantities.ts'
import { describeError } from '../../../analysis/surprises.ts'
import { verdictGlyphs } from '../charts/winner-map.ts'
import { pagedTable } from '../data-table.ts'
import { maxSizesPerChart } from '../limits.ts'
import { markup } from '../markup.ts'
import type { Markup } from '../markup.ts'
import { contestsOf } from '../view.ts'
import type { View } from '../view.ts'

export function everyCell({ workloads, drawn }: View): Markup | null {
  const isAllDrawn = drawn.every(({ sizes }) => sizes.length <= maxSizesPerChart)
  if (isAllDrawn && drawn.length === workloads.length) return null
  const rows = workloads
    .flatMap(contestsOf)
    .flatMap((workload) =>
      workload.sizes.flatMap((at) => [...at.cells.keys()].map((arm) => rowOf(workload, at, arm))),
    )
  return markup`<section aria-labelledby="cells"><h2 id="cells">Every cell</h2><details class="data"><summary>${`${formatSize(rows.length)} cells, in rows`}</summary>${pagedTable(
    {
      columns: ['workload', 'size', 'executor', 'verdict', 'median', 'over serial', 'launches'],
      rows,
    },
    'every cell',
  )}</details></section>\n`
}

function rowOf({ name }: WorkloadResult, at: SizeResult, arm: Arm): readonly (string | null)[] {
  const cell = at.cells.get(arm)
  const error = cell?.error ?? null
  const verdict = at.verdict !== undefined && at.leaders.includes(arm) ? verdictGlyphs[at.verdict.kind] : ''
  if (cell === undefined || error !== null)
    return [name, formatSize(at.size), arm.label, '✗', error === null ? null : describeError(error), '', '']
  const referred = referenceArm([...at.cells.keys()])
  const reference = referred === undefined || referred === arm ? undefined : measuredCell(at, referred)
  const { medianMs, launches } = cell
  return [
    name,
    formatSize(at.size),
    arm.label,
    verdict,
    medianMs === null ? null : formatDuration(medianMs),
    reference === undefined || medianMs === null || medianMs === 0
      ? ''
      : formatRatio(reference.medianMs / medianMs),
    String(launches.length),
  ]
}
