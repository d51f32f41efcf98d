/** The diagnoses of a workload, from what its cells have cost. */

import { diagnose } from '../analysis/diagnosis.ts'
import type { Diagnosis } from '../results/schema.ts'
import { median } from '../stats/summary.ts'
import { sumOf } from './accounting.ts'
import type { CellRecord } from './cell.ts'
import { sharesOf } from './shares.ts'

/** Handing over among others takes longer than alone; beyond this it is the machine's load that takes it. */
const mostCrowding = 4

/** What moving one task to a worker and back takes in the pool where it takes least; undefined without a pool. */
function movingMs(size: number, cells: readonly CellRecord[]): number | undefined {
  const prices = cells
    .filter((cell) => cell.size === size && cell.error === null)
    .flatMap(({ observations, tasks }) =>
      observations.flat().flatMap(({ dispatch: { aloneMs }, costs }) => {
        if (costs.workers === null) return []
        // What all workers spent on it, by task.
        const perTask = costs.workers / tasks
        const dispatchMs = Math.min(Math.max(costs.dispatchMs * perTask, aloneMs), mostCrowding * aloneMs)
        return [dispatchMs + (costs.transferInMs + costs.transferOutMs) * perTask]
      }),
    )
  return prices.length === 0 ? undefined : Math.min(...prices)
}

/** What a task takes without what the serial executor itself takes for it. */
function taskMs({ observations, launches, tasks }: CellRecord): number {
  const dispatchShares = observations.flat().map(({ costs }) => costs.dispatchMs / costs.makespanMs)
  return (median(launches.flat()) * (1 - median(dispatchShares))) / tasks
}

/** What bounds each size, from what the serial executor spent. */
export function diagnosesOf(workload: string, cells: readonly CellRecord[]): Diagnosis[] {
  return cells.flatMap((cell) => {
    if (cell.arm.executor !== 'serial' || cell.error !== null || cell.launches.length === 0) return []
    // Those of one launch together, since one alone can be too short to say.
    const [first, ...rest] = cell.observations.map(([look, ...more]) =>
      sharesOf(sumOf([look.spent, ...more.map(({ spent }) => spent)])),
    )
    if (first === undefined) return []
    const profile = {
      shares: [first, ...rest] as const,
      taskMs: taskMs(cell),
      movingMs: movingMs(cell.size, cells),
    }
    return [{ workload, size: cell.size, ...diagnose(profile) }]
  })
}
