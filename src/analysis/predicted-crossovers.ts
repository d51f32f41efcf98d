/** From which size on the model expects another executor to be faster than serial. */

import type { PredictedCrossover } from '../results/schema.ts'
import { crossingOf } from './crossing.ts'

/** The makespan of an executor at a size, predicted or measured. */
export interface CurvePoint {
  readonly workload: string
  readonly size: number
  readonly executor: string
  readonly ms: number
}

/** ln(makespan of the executor / makespan of serial) at the sizes that have both, ascending; of several, the best. */
function logRatios(points: readonly CurvePoint[], executor: string): { x: number; y: number }[] {
  const bestMs = (size: number, id: string): number =>
    Math.min(...points.filter((point) => point.size === size && point.executor === id).map(({ ms }) => ms))
  return [...new Set(points.map(({ size }) => size))]
    .toSorted((one, other) => one - other)
    .map((size) => ({ x: Math.log(size), y: Math.log(bestMs(size, executor) / bestMs(size, 'serial')) }))
    .filter(({ y }) => Number.isFinite(y))
}

/**
 * Where each executor overtakes serial: log-log between the sizes.
 * @param margin a smaller difference is none: who is never slower, or never faster, by more does not cross.
 */
export function predictedCrossovers(points: readonly CurvePoint[], margin: number): PredictedCrossover[] {
  const notable = Math.log1p(margin)
  return [...new Set(points.map(({ workload }) => workload))].flatMap((workload) => {
    const own = points.filter((point) => point.workload === workload)
    const executors = [...new Set(own.map(({ executor }) => executor))].filter((id) => id !== 'serial')
    return executors.flatMap((executor) => {
      const ratios = logRatios(own, executor)
      const begins = (ratios[0]?.y ?? 0) > notable
      const ends = (ratios.at(-1)?.y ?? 0) < -notable
      if (!begins || !ends) return []
      const crossing = crossingOf(
        ratios.map(({ x }) => x),
        ratios.map(({ y }) => y),
      )
      return [{ workload, from: 'serial', to: executor, size: Number(Math.exp(crossing).toPrecision(12)) }]
    })
  })
}
