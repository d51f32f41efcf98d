/** The predictions of a result, from its serial cells and its calibration; each held against the cell it is for. */

import type { Calibration, Cell, Prediction } from '../results/schema.ts'
import { crossingOf } from './crossing.ts'
import { explainDisagreement } from './disagreement.ts'
import { predictMakespan } from './model.ts'
import type { SerialRun } from './model/task-demand.ts'

/** The serial cell of a workload's size as the model takes it; undefined where it tells too little. */
export function serialRunOf(cells: readonly Cell[], workload: string, size: number): SerialRun | undefined {
  const cell = cells.find(
    (other) => other.workload === workload && other.size === size && other.executor === 'serial',
  )
  if (cell === undefined || cell.error !== null || cell.medianMs === null || cell.demand === undefined)
    return undefined
  const { tasks, medianMs, intervalMs, demand } = cell
  return { tasks, medianMs, intervalMs, demand }
}

/** A prediction for every cell but the serial ones, as far as the model and the calibration go. */
export function predictCells(cells: readonly Cell[], calibration: Calibration): Prediction[] {
  return cells.flatMap((cell) => {
    const { workload, size, executor, workers } = cell
    if (executor === 'serial' || cell.arm !== undefined) return []
    const run = serialRunOf(cells, workload, size)
    const forecast = run && predictMakespan(run, { executor, workers }, { calibration })
    if (forecast === undefined || forecast === null) return []
    const { predictedMs, intervalMs } = forecast
    const disagreement = explainDisagreement(cell, forecast)
    return [{ workload, size, executor, workers, predictedMs, intervalMs: [...intervalMs], disagreement }]
  })
}

/** A makespan at a size, measured or predicted. */
export interface SizePoint {
  readonly size: number
  readonly ms: number
}

/**
 * The size from which on the second curve is the lower one: log-log between the sizes of both.
 * @returns null where they do not cross that way.
 */
export function predictedCrossover(first: readonly SizePoint[], second: readonly SizePoint[]): number | null {
  const common = first
    .flatMap(({ size, ms }) => {
      const other = second.find((point) => point.size === size)
      return other === undefined ? [] : [{ x: Math.log(size), y: Math.log(other.ms / ms) }]
    })
    .toSorted((one, other) => one.x - other.x)
  if (common.length < 2) return null
  const crossing = crossingOf(
    common.map(({ x }) => x),
    common.map(({ y }) => y),
  )
  return Number.isFinite(crossing) ? Number(Math.exp(crossing).toPrecision(12)) : null
}
