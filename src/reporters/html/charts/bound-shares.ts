/** What bounds each workload: where the time of the serial executor went, at the largest size diagnosed. */

import type { WorkloadResult } from '../../../analysis/by-workload.ts'
import { formatPercent, formatSize } from '../../../analysis/quantities.ts'
import type { Diagnosis } from '../../../results/schema.ts'
import type { Chart } from '../figure.ts'
import { markup } from '../markup.ts'
import { stateKey, stateLabels } from '../states.ts'
import type { State } from '../states.ts'
import { contestsOf } from '../view.ts'
import { stackedBars } from './stacked-bars.ts'
import { overviewRowHeight } from './winner-map.ts'

const boundNames: Readonly<Record<Diagnosis['bound'], string>> = {
  cpu: 'bound by the CPU',
  io: 'bound by I/O',
  mixed: 'both CPU and I/O',
  overhead: 'mostly overhead',
}

interface Bound {
  readonly workload: WorkloadResult
  readonly diagnosis: Diagnosis
  readonly parts: readonly { readonly state: State; readonly share: number }[]
}

/** Null where nothing was diagnosed. */
export function boundShares(workloads: readonly WorkloadResult[]): Chart | null {
  const bounds = workloads.flatMap((workload): Bound[] => {
    const diagnosis = workload.sizes.findLast((at) => at.diagnosis !== undefined)?.diagnosis
    return diagnosis === undefined ? [] : [{ workload, diagnosis, parts: partsOf(diagnosis) }]
  })
  if (bounds.length === 0) return null
  return {
    id: 'bound',
    title: 'What bounds each workload',
    caption: markup`What bounds it <small>the serial executor's time, at the largest size</small>`,
    description: bounds
      .map(({ workload, diagnosis }) => `${workload.name}: ${boundNames[diagnosis.bound]}`)
      .join('; '),
    drawing: stackedBars(
      [
        {
          heading: null,
          bars: bounds.map(({ workload, diagnosis, parts }) => ({
            name: workload.name,
            className: null,
            rows: contestsOf(workload).length,
            value: boundNames[diagnosis.bound],
            parts,
            numbers: `${workload.name} at ${formatSize(diagnosis.size)}, ${boundNames[diagnosis.bound]}: ${parts
              .filter(({ share }) => share > 0)
              .map(({ state, share }) => `${formatPercent(share)} ${stateLabels[state]}`)
              .join('; ')}`,
          })),
        },
      ],
      overviewRowHeight,
    ),
    isKeyBelow: true,
    key: stateKey(
      bounds.flatMap(({ parts }) => parts.filter(({ share }) => share > 0).map(({ state }) => state)),
    ),
    table: {
      columns: ['workload', 'size', 'bound by', 'on the CPU', 'for a core', 'blocked', 'why'],
      rows: bounds.map(({ workload, diagnosis }) => [
        workload.name,
        formatSize(diagnosis.size),
        boundNames[diagnosis.bound],
        formatPercent(diagnosis.cpuShare),
        diagnosis.runQueueShare === null ? null : formatPercent(diagnosis.runQueueShare),
        formatPercent(diagnosis.blockedShare),
        diagnosis.reason ?? null,
      ]),
    },
  }
}

function partsOf({ cpuShare, hiddenShare = 0, runQueueShare, blockedShare }: Diagnosis): Bound['parts'] {
  const hidden = Math.min(hiddenShare, cpuShare)
  return [
    { state: 'cpu', share: cpuShare - hidden },
    { state: 'hidden', share: hidden },
    { state: 'runQueue', share: runQueueShare ?? 0 },
    { state: 'blocked', share: blockedShare },
  ]
}
