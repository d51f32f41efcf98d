/** Every cell of the result as a table in pages: nothing that was measured is missing from the page. */

import { referenceArm, measuredCell } from '../../../analysis/by-workload.ts'
import type { Arm, SizeResult, WorkloadResult } from '../../../analysis/by-workload.ts'
import { formatBytes, formatDuration, formatRatio, formatSize } from '../../../analysis/quantities.ts'
import { describeError } from '../../frame.ts'
import { verdictGlyphs } from '../charts/winner-map.ts'
import { pagedTable } from '../data-table.ts'
import { markup } from '../markup.ts'
import type { Markup } from '../markup.ts'
import type { View } from '../view.ts'

export function everyCell({ workloads, result }: View): Markup | null {
  if (result.cells.length === 0) return null
  const rows = workloads.flatMap((workload) =>
    workload.sizes.flatMap((at) => [...at.cells.keys()].map((arm) => rowOf(workload, at, arm))),
  )
  return markup`<section aria-labelledby="cells"><h2 id="cells">Every cell</h2><details class="data"><summary>${`${formatSize(rows.length)} cells, in rows`}</summary>${pagedTable(
    {
      columns: [
        'workload',
        'size',
        'executor',
        '',
        'median',
        'interval',
        'over serial',
        'launches',
        'memory',
      ],
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
    return [
      name,
      formatSize(at.size),
      arm.label,
      '✗',
      error === null ? null : describeError(error),
      '',
      '',
      '',
      '',
    ]
  const referred = referenceArm([...at.cells.keys()])
  const reference = referred === undefined || referred === arm ? undefined : measuredCell(at, referred)
  const { medianMs, intervalMs, launches, peakRssBytes } = cell
  return [
    name,
    formatSize(at.size),
    arm.label,
    verdict,
    medianMs === null ? null : formatDuration(medianMs),
    intervalMs === null ? null : `${formatDuration(intervalMs[0])} to ${formatDuration(intervalMs[1])}`,
    reference === undefined || medianMs === null || medianMs === 0
      ? ''
      : formatRatio(reference.medianMs / medianMs),
    String(launches.length),
    peakRssBytes === undefined ? null : formatBytes(peakRssBytes),
  ]
}
