/** What was predicted for a workload from its serial run alone, held against what was measured, in words. */

import type { PredictedCrossover, Prediction, Result } from '../results/schema.ts'
import type { SizeResult, WorkloadResult } from './by-workload.ts'
import { measuredCell } from './by-workload.ts'
import { formatDuration, formatList, formatPercent, formatSize } from './quantities.ts'
import type { Sentence } from './sentence.ts'

interface Held {
  readonly label: string
  readonly prediction: Prediction
  readonly medianMs: number
}

function heldAt(at: SizeResult, predictions: readonly Prediction[]): Held[] {
  return [...at.cells.keys()].flatMap((arm) => {
    const cell = measuredCell(at, arm)
    const prediction = predictions.find(
      ({ size, executor, workers }) =>
        size === at.size && executor === arm.executor && workers === (cell?.workers ?? null),
    )
    return cell === undefined || prediction === undefined
      ? []
      : [{ label: arm.label, prediction, medianMs: cell.medianMs }]
  })
}

/** How far a prediction is off what was measured, as a share of that. */
export function predictionError(predictedMs: number, medianMs: number): number {
  return Math.abs(predictedMs / medianMs - 1)
}

function describeHeld({ label, prediction: { predictedMs }, medianMs }: Held): string {
  const off = formatPercent(predictionError(predictedMs, medianMs))
  return `${label} ${formatDuration(predictedMs)}, measured ${formatDuration(medianMs)}, off by ${off}`
}

/** Sizes of an estimate have no more than two digits that mean something. */
const roughly = (size: number): string => formatSize(Number(size.toPrecision(2)))

function describeCrossover(
  { workload, to, size }: PredictedCrossover,
  crossovers: Result['crossovers'],
): string {
  const measured = crossovers.find(
    (crossover) => crossover.workload === workload && crossover.from === 'serial' && crossover.to === to,
  )
  const found = measured?.size ?? null
  return `${to} from about ${roughly(size)} on${found === null ? '' : ` (measured: ${roughly(found)})`}`
}

/** From which sizes on other executors are predicted to be faster than serial; null where none is. */
export function describePredictedCrossovers(
  { name }: Pick<WorkloadResult, 'name'>,
  { predictedCrossovers = [], crossovers }: Result,
): Sentence | null {
  const own = predictedCrossovers.filter(({ workload }) => workload === name)
  if (own.length === 0) return null
  const crossing = own.map((crossover) => describeCrossover(crossover, crossovers)).join('; ')
  return { topic: 'prediction', text: `Predicted to overtake serial: ${crossing}.` }
}

/** At the largest size of which all was measured, where most is at stake; what failed there, once a reason. */
export function describePredictions(workload: WorkloadResult, result: Result): readonly Sentence[] {
  const { predictions = [] } = result
  const own = predictions.filter((prediction) => prediction.workload === workload.name)
  const held = workload.sizes.map((at) => heldAt(at, own)).findLast((ofSize) => ofSize.length > 0)
  const [first] = held ?? []
  if (held === undefined || first === undefined) return []
  const text = `Predicted from the serial run alone at ${formatSize(first.prediction.size)}: ${held.map(describeHeld).join('; ')}.`
  const reasons = new Map<string, string[]>()
  for (const { label, prediction } of held)
    if (prediction.disagreement !== null)
      reasons.set(prediction.disagreement, [...(reasons.get(prediction.disagreement) ?? []), label])
  const crossing = describePredictedCrossovers(workload, result)
  return [
    { topic: 'prediction', text },
    ...(crossing === null ? [] : [crossing]),
    ...[...reasons].map(([reason, labels]): Sentence => ({
      topic: 'prediction',
      text: `The prediction for ${formatList(labels)} failed: ${reason}.`,
    })),
  ]
}
