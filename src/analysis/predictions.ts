/** The predictions of a result, from its serial cells and its calibration; each held against the cell it is for. */

import type { Calibration, Cell, PredictedCrossover, Prediction } from '../results/schema.ts'
import { explainDisagreement } from './disagreement.ts'
import { predictMakespan } from './model.ts'
import { predictedCrossovers } from './predicted-crossovers.ts'
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

/** Where the predictions cross the serial runs that they are made from. */
export function crossoversPredicted(
  cells: readonly Cell[],
  predictions: readonly Prediction[],
  margin: number,
): PredictedCrossover[] {
  const serial = cells.flatMap(({ workload, size, executor, arm, medianMs }) =>
    executor === 'serial' && arm === undefined && medianMs !== null
      ? [{ workload, size, executor, ms: medianMs }]
      : [],
  )
  const predicted = predictions.map(({ workload, size, executor, predictedMs }) => ({
    workload,
    size,
    executor,
    ms: predictedMs,
  }))
  return predictedCrossovers([...serial, ...predicted], margin)
}
