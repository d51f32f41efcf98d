/** A what-if in words: what is assumed, and for each workload who would win, how fast, from which size on. */

import type { WhatIf, WhatIfChange } from '../results/schema.ts'
import { formatCount, formatDuration, formatList, formatSize } from './quantities.ts'

/** `16 cores and a latency of 2.00 ms`. */
export function describeChange({ cores, latencyMs }: WhatIfChange): string {
  return formatList([
    ...(cores === null ? [] : [formatCount(cores, 'core')]),
    ...(latencyMs === null ? [] : [`a latency of ${formatDuration(latencyMs)}`]),
  ])
}

function describeWorkload({ predictions, winners, crossovers }: WhatIf, workload: string): string {
  const largest = winners
    .filter((winner) => winner.workload === workload)
    .toSorted((one, other) => one.size - other.size)
    .at(-1)
  const [best, ...near] = largest?.executors ?? []
  const ofBest = predictions.find(
    (prediction) =>
      prediction.workload === workload && prediction.size === largest?.size && prediction.executor === best,
  )
  if (largest === undefined || best === undefined || ofBest === undefined) return ''
  const { predictedMs, intervalMs, workers } = ofBest
  const [low, high] = intervalMs.map(formatDuration)
  const label = best === 'serial' || workers === null ? best : `${best} ×${workers}`
  const also = near.length === 0 ? '' : `, ${formatList(near)} about as fast`
  const crossing = crossovers.find((crossover) => crossover.workload === workload && crossover.to === best)
  const from =
    crossing === undefined
      ? ''
      : `; faster than serial from about ${formatSize(Number(crossing.size.toPrecision(2)))} on`
  return `${workload} at ${formatSize(largest.size)}: ${label} in ${formatDuration(predictedMs)} (${low} to ${high})${also}${from}.`
}

/** A sentence for each workload. */
export function describeWhatIf(whatIf: WhatIf): string[] {
  const workloads = [...new Set(whatIf.winners.map(({ workload }) => workload))]
  return workloads.map((workload) => describeWorkload(whatIf, workload)).filter((text) => text !== '')
}
