/** A result as the sections of a page see it: arranged, judged, and with its strings made harmless, once. */

import { byWorkload } from '../../analysis/by-workload.ts'
import type { WorkloadResult } from '../../analysis/by-workload.ts'
import { groupBy } from '../../analysis/group-by.ts'
import { headline } from '../../analysis/headline.ts'
import type { Headline } from '../../analysis/headline.ts'
import { summarize } from '../../analysis/summary.ts'
import type { Summary } from '../../analysis/summary.ts'
import type { Prediction, Result, Timeline } from '../../results/schema.ts'
import { escapeStrings } from '../escape.ts'
import { maxDrawnWorkloads } from './limits.ts'

export interface View {
  readonly result: Result
  readonly workloads: readonly WorkloadResult[]
  /** Those that have charts. */
  readonly drawn: readonly WorkloadResult[]
  readonly summary: Summary
  readonly headline: Headline
  readonly predictions: ReadonlyMap<string, readonly Prediction[]>
  /** Of one size, the largest that has some. */
  readonly timelines: ReadonlyMap<string, readonly Timeline[]>
}

export function viewOf(unknown: Result): View {
  const result = escapeStrings(unknown)
  const workloads = byWorkload(result)
  return {
    result,
    workloads,
    drawn: workloads.slice(0, maxDrawnWorkloads),
    summary: summarize(result, workloads),
    headline: headline(result, workloads),
    predictions: groupBy(result.predictions ?? [], ({ workload }) => workload),
    timelines: timelinesOf(result),
  }
}

function timelinesOf({ timelines = [], options }: Result): ReadonlyMap<string, readonly Timeline[]> {
  const place = (executor: string): number =>
    options.executors.includes(executor) ? options.executors.indexOf(executor) : options.executors.length
  return new Map(
    [...groupBy(timelines, ({ workload }) => workload)].map(([workload, all]) => {
      const largest = Math.max(...all.map(({ size }) => size))
      return [
        workload,
        all.filter(({ size }) => size === largest).toSorted((a, b) => place(a.executor) - place(b.executor)),
      ]
    }),
  )
}

/** What raced under each runtime: Node's executors, then those of each Python beside them. */
export function contestsOf(workload: WorkloadResult): readonly WorkloadResult[] {
  return [workload, ...workload.twins]
}
