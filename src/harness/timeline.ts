/** The timeline of a watched makespan: which task ran when, on which worker; bounded, since a result file keeps it. */

import { bySize } from '../analysis/contest.ts'
import type { TaskTrace, WorkerInfo } from '../executors/executor.ts'
import type { Timeline } from '../results/schema.ts'
import { median } from '../stats/summary.ts'
import type { CellRecord } from './cell.ts'
import { costsIn } from './cell-costs.ts'

/** Enough to see a pattern; some 120 bytes each in a file. */
export const mostTimelineTasks = 200
/** As many as a pool may have. */
export const mostTimelineWorkers = 1024

/** Of all workloads together: a file with more would be large, and none of them be looked at. */
export const mostTimelines = 400

/** What a host tells of the tasks of a makespan; all times in ms since the first submit. */
export type TaskTimes = Pick<Timeline, 'workers' | 'tasks' | 'omittedTasks'>

interface TracedMakespan {
  readonly traces: readonly TaskTrace[]
  /** Of the makespan; more than there are traces if some were not kept. */
  readonly taskCount: number
  readonly startNs: bigint
  readonly endNs: bigint
  /** All that the executor has: one without a task is part of the picture. */
  readonly workers: readonly WorkerInfo[]
}

const keyOf = ({ pid, threadId }: WorkerInfo): string => `${pid} ${threadId}`

/** The tasks that started first, as far as a timeline has room for them. */
export function taskTimesOf({ traces, taskCount, startNs, endNs, workers }: TracedMakespan): TaskTimes {
  const kept = traces
    .toSorted((one, other) => Number(one.startedAtNs - other.startedAtNs))
    .slice(0, mostTimelineTasks)
  // A worker that was replaced meanwhile is no longer among those that live.
  const all = new Map([...kept.map(({ worker }) => worker), ...workers].map((each) => [keyOf(each), each]))
  const indices = new Map([...all.keys()].map((key, index) => [key, index]))
  const at = (ns: bigint): number => rounded((ns < endNs ? ns : endNs) - startNs)
  return {
    workers: [...all.values()]
      .slice(0, mostTimelineWorkers)
      .map(({ pid, threadId }) => ({ pid, threadId: Math.max(0, threadId) })),
    tasks: kept.map((trace) => ({
      worker: indices.get(keyOf(trace.worker)) ?? 0,
      queuedMs: at(trace.queuedAtNs),
      startedMs: at(trace.startedAtNs),
      endedMs: at(trace.endedAtNs),
      settledMs: at(trace.settledAtNs),
      cpuMs: spentMs(trace.cpuNs),
      runQueueMs: spentMs(trace.runQueueNs),
    })),
    omittedTasks: Math.max(0, taskCount - kept.length),
  }
}

/** In milliseconds, to a tenth of a microsecond: more digits only make a file longer. */
const rounded = (ns: bigint): number => Math.max(0, Math.round(Number(ns) / 100) / 1e4)

const spentMs = (ns: bigint | null): number | null => (ns === null ? null : rounded(ns))

/**
 * A timeline for each cell of the workload's largest size that was measured: of the makespans that were watched the
 * one nearest to the median of those that count, so that nobody learns from an exception.
 */
export function timelinesOf(workload: string, cells: readonly CellRecord[]): Timeline[] {
  const watched = cells.filter((cell) => !cell.refines && cell.error === null && cell.watched.length > 0)
  const largest = bySize(watched).toSorted((one, other) => other.size - one.size)[0]
  return (largest?.cells ?? []).flatMap((cell) => {
    const medianMs = median(cell.launches.flat())
    const [typical] = cell.watched.toSorted(
      (one, other) => Math.abs(one.costs.makespanMs - medianMs) - Math.abs(other.costs.makespanMs - medianMs),
    )
    if (typical === undefined) return []
    return [
      {
        workload,
        size: cell.size,
        executor: cell.arm.executor,
        maxWorkers: cell.arm.workers,
        makespanMs: typical.costs.makespanMs,
        costsMs: costsIn(typical.costs),
        ...typical.times,
      },
    ]
  })
}
