/** Predicts for a machine or a service that one does not have, from the serial runs and the calibration of this one. */

import type { Calibration, Cell, WhatIf, WhatIfChange } from '../results/schema.ts'
import { modelledExecutors, predictMakespan } from './model.ts'
import type { Contender, Forecast } from './model.ts'
import type { SerialRun } from './model/task-demand.ts'
import { predictedCrossovers } from './predicted-crossovers.ts'
import { serialRunOf } from './predictions.ts'
import { formatCount, formatDuration } from './quantities.ts'

/** A task that is blocked for less of its time does not wait for anything. */
const waitingShare = 0.05
/** From here on more workers than cores are tried: as the pilot of a run does. */
const manyWorkersShare = 0.3
const mostWorkers = 64
/** What each doubling of the cores beyond those measured adds to the doubt. */
const doubtPerDoubling = 0.1

const blockedShare = ({ demand, medianMs }: SerialRun): number => demand.blockedMs / medianMs

/** The serial run of tasks that wait for so long; tasks that wait for nothing are not changed. */
export function withLatency(run: SerialRun, latencyMs: number): SerialRun {
  const { tasks, medianMs, intervalMs, demand } = run
  if (blockedShare(run) < waitingShare) return run
  const blockedMs = tasks * latencyMs
  const changedMs = medianMs - demand.blockedMs + blockedMs
  const aside = (waitedMs: number): number => demand.hiddenCpuMs + waitedMs
  const asyncShare = Math.min(1, demand.loopIdleMs / aside(demand.blockedMs))
  // What is uneven is the waiting: it grows and shrinks with it.
  const unevenMs = ((demand.longestTaskRatio ?? 1) - 1) * medianMs * (blockedMs / demand.blockedMs)
  return {
    tasks,
    medianMs: changedMs,
    intervalMs: intervalMs && [
      (intervalMs[0] * changedMs) / medianMs,
      (intervalMs[1] * changedMs) / medianMs,
    ],
    demand: {
      ...demand,
      blockedMs,
      loopIdleMs: asyncShare * aside(blockedMs),
      longestTaskRatio: 1 + unevenMs / changedMs,
    },
  }
}

/** The numbers of workers that a run would try there; the model takes the best of them. */
function workersFor(executor: string, run: SerialRun, cores: number): (number | null)[] {
  if (executor === 'serial') return [1]
  if (executor === 'event-loop') return [null]
  const many = blockedShare(run) >= manyWorkersShare ? [4 * cores, 16 * cores] : []
  const counts = [cores, ...many].map((count) => Math.min(count, Math.max(cores, mostWorkers), run.tasks))
  return [...new Set(counts)]
}

export interface WhatIfRequest {
  readonly change: WhatIfChange
  readonly calibration: Calibration
  /** Cores of the machine that was measured. */
  readonly cores: number
}

/** One executor there, with the number of workers that suits it best. */
export type Prospect = Contender & Pick<Forecast, 'predictedMs' | 'intervalMs'>

/**
 * Predicts each executor that was calibrated, for one serial run.
 * @returns the fastest first.
 */
export function whatIf(run: SerialRun, { change, calibration, cores }: WhatIfRequest): Prospect[] {
  const changed = change.latencyMs === null ? run : withLatency(run, change.latencyMs)
  const machineCores = change.cores
  const doublings = machineCores === null ? 0 : Math.abs(Math.log2(machineCores / cores))
  const options = { calibration, machineCores, furtherDoubt: doubtPerDoubling * doublings }
  return modelledExecutors
    .flatMap((executor) => {
      const prospects = workersFor(executor, changed, machineCores ?? cores).flatMap(
        (workers): Prospect[] => {
          const forecast = predictMakespan(changed, { executor, workers }, options)
          if (forecast === null) return []
          const { predictedMs, intervalMs } = forecast
          return [{ executor, workers, predictedMs, intervalMs }]
        },
      )
      return prospects.toSorted((one, other) => one.predictedMs - other.predictedMs).slice(0, 1)
    })
    .toSorted((one, other) => one.predictedMs - other.predictedMs)
}

/** What has to hold for predictions of such a change, in sentences. */
export function assumptionsOf({ cores, latencyMs }: WhatIfChange, measuredCores: number): string[] {
  return [
    ...(cores === null
      ? []
      : [
          `${formatCount(cores, 'core')} like those here (${measuredCores}) that share no more than these do, memory above all; pools have as many workers, and more for tasks that wait`,
        ]),
    ...(latencyMs === null
      ? []
      : [
          `a task that waits, waits for ${formatDuration(latencyMs)} in all, however many wait at once; one that waits for nothing here does not there`,
        ]),
  ]
}

/** The answer for all serial cells of a result. */
export function whatIfOf(cells: readonly Cell[], margin: number, request: WhatIfRequest): WhatIf {
  const serial = cells.filter(({ executor, arm }) => executor === 'serial' && arm === undefined)
  const prospects = serial.flatMap(({ workload, size }) => {
    const run = serialRunOf(cells, workload, size)
    return run === undefined ? [] : [{ workload, size, ranking: whatIf(run, request) }]
  })
  const known = prospects.filter(({ ranking }) => ranking.length > 0)
  return {
    change: { ...request.change },
    assumptions: assumptionsOf(request.change, request.cores),
    predictions: known.flatMap(({ workload, size, ranking }) =>
      ranking.map(({ intervalMs, ...prospect }) => ({
        workload,
        size,
        ...prospect,
        intervalMs: [intervalMs[0], intervalMs[1]] satisfies [number, number],
      })),
    ),
    winners: known.map(({ workload, size, ranking }) => {
      const bestMs = ranking[0]?.predictedMs ?? 0
      const near = ranking.filter(({ predictedMs }) => predictedMs <= bestMs * (1 + margin))
      return { workload, size, executors: near.map(({ executor }) => executor) }
    }),
    crossovers: predictedCrossovers(
      known.flatMap(({ workload, size, ranking }) =>
        ranking.map(({ executor, predictedMs }) => ({ workload, size, executor, ms: predictedMs })),
      ),
      margin,
    ),
  }
}
