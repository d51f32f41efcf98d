/** The diagnoses of a workload, from what its cells have cost. */

import { diagnose } from '../analysis/diagnosis.ts'
import type { Diagnosis } from '../results/schema.ts'
import { median } from '../stats/summary.ts'
import type { CellRecord } from './cell.ts'
import { sharesOf } from './shares.ts'

/** What bounds each size, from what the serial executor spent. */
export function diagnosesOf(workload: string, cells: readonly CellRecord[]): Diagnosis[] {
  return cells.flatMap((cell) => {
    const [first, ...rest] = cell.spent.map(sharesOf)
    if (cell.arm.executor !== 'serial' || cell.error !== null || first === undefined) return []
    const taskMs = median(cell.launches.flat()) / cell.tasks
    const diagnosis = diagnose({ shares: [first, ...rest], taskMs, movingMs: undefined })
    return [{ workload, size: cell.size, ...diagnosis }]
  })
}
