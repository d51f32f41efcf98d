/**
 * How good the predictions from the serial run alone are: `npm run bench:model` runs the default suite with the
 * executors that are predicted, then those of its workloads that compute without the event loop, which ties with serial
 * there, so that their races are decided; and writes what it found into docs/prediction.md; some eight minutes.
 * `-- FILE…` judges results that were measured before, the suite first, and only prints it. Ends with 1 if a bar is
 * missed: over the default suite a median error of 10 % and nine in ten within 30 %; the predicted winner right or within
 * 10 % of it in nine of ten decided races of both.
 */

import { modelledExecutors } from '#dist/analysis/model.js'
import { predictionError } from '#dist/analysis/prediction-sentences.js'
import { formatDuration, formatPercent, formatSize } from '#dist/analysis/quantities.js'
import { readResult } from '#dist/results/file.js'
import { quantile } from '#dist/stats/bootstrap.js'
import { boundbyRun } from './boundby-run.ts'
import type { Result } from './boundby-run.ts'
import { machine, markdownTable, writeBetween } from './page.ts'

const bars = { median: 0.1, p90: 0.3, winners: 0.9 }
/** A predicted winner that is no further from the real one than this was no bad advice. */
const nearWinner = 1.1

interface Held {
  readonly prediction: NonNullable<Result['predictions']>[number]
  readonly medianMs: number
  /** Half of the interval of the measured median, as a share of it: what no model can be told to be better than. */
  readonly noise: number
  readonly error: number
}

type Place = Pick<Held['prediction'], 'workload' | 'size'>

const samePlace = (one: Place, other: Place): boolean =>
  one.workload === other.workload && one.size === other.size

/** Each prediction beside what was measured. */
function heldIn({ predictions = [], cells }: Result): Held[] {
  return predictions.flatMap((prediction) => {
    const { executor, workers, predictedMs } = prediction
    const cell = cells.find(
      (other) => samePlace(other, prediction) && other.executor === executor && other.workers === workers,
    )
    const medianMs = cell?.error === null ? cell.medianMs : null
    if (medianMs === null) return []
    const [low, high] = cell?.intervalMs ?? [medianMs, medianMs]
    const noise = (high - low) / 2 / medianMs
    return [{ prediction, medianMs, noise, error: predictionError(predictedMs, medianMs) }]
  })
}

/** Of the decided races, those in which the predicted winner is the best one or close to it. */
function judgeWinners(
  result: Result,
  held: readonly Held[],
): { right: number; decided: number; wrong: string[] } {
  const wrong: string[] = []
  let decided = 0
  for (const verdict of result.verdicts) {
    const rivals = held.filter(({ prediction }) => samePlace(prediction, verdict))
    const serialMs = result.cells.find(
      (cell) => samePlace(cell, verdict) && cell.executor === 'serial',
    )?.medianMs
    if (verdict.kind === 'undecided' || rivals.length === 0 || typeof serialMs !== 'number') continue
    decided++
    // The serial run is what is known: its own makespan is no prediction, but can win.
    const all = [
      { executor: 'serial', predictedMs: serialMs, medianMs: serialMs },
      ...rivals.map(({ prediction: { executor, predictedMs }, medianMs }) => ({
        executor,
        predictedMs,
        medianMs,
      })),
    ]
    const predicted = all.reduce((best, other) => (other.predictedMs < best.predictedMs ? other : best))
    const bestMs = Math.min(...all.map(({ medianMs }) => medianMs))
    if (!verdict.executors.includes(predicted.executor) && predicted.medianMs > nearWinner * bestMs)
      wrong.push(
        `${verdict.workload} at ${formatSize(verdict.size)}: ${predicted.executor} was predicted, ${verdict.executors.join(' or ')} won`,
      )
  }
  return { right: decided - wrong.length, decided, wrong }
}

function rowOf({ prediction, medianMs, noise, error }: Held): string[] {
  const { workload, size, executor, workers, predictedMs, intervalMs, disagreement } = prediction
  const [low, high] = intervalMs.map((ms) => formatDuration(ms))
  return [
    workload,
    formatSize(size),
    `\`${executor}\`${workers === null ? '' : ` ×${workers}`}`,
    `${formatDuration(predictedMs)} (${low} to ${high})`,
    `${formatDuration(medianMs)} ±${formatPercent(noise)}`,
    formatPercent(error),
    disagreement ?? '',
  ]
}

/** How far off the predictions are, and how many of the measurements their intervals hold. */
function quantiles(name: string, held: readonly Held[]): string[] {
  const errors = held.map(({ error }) => error)
  const isInside = ({ prediction: { intervalMs }, medianMs }: Held): boolean =>
    medianMs >= intervalMs[0] && medianMs <= intervalMs[1]
  return [
    name,
    ...[0.5, 0.75, 0.9, 1].map((share) => formatPercent(quantile(errors, share))),
    `${held.filter(isInside).length} of ${held.length}`,
  ]
}

const predictedExecutors = modelledExecutors.filter((executor) => executor !== 'serial')
/**
 * A wider margin, since a predicted winner may be that far off; no sizes beside those of the suite; and time for the
 * launches that it takes for a measured median to be known better than the model is to be.
 */
const options = ['--margin', String(nearWinner - 1), '--find-crossover=false']
const whole = ['--executors', modelledExecutors.join(','), '--budget', '5m']
const computing = [
  '--workloads',
  'file-read,primes,tiny,word-count',
  '--executors',
  'serial,threads,processes',
  '--budget',
  '150s',
]

async function results(files: readonly string[]): Promise<Result[]> {
  if (files.length === 0)
    return [await boundbyRun([...whole, ...options]), await boundbyRun([...computing, ...options])]
  return Promise.all(files.map((file) => readResult(file)))
}

const files = process.argv.slice(2)
const judged = (await results(files)).map((result) => ({ result, held: heldIn(result) }))
const held = judged.flatMap((each) => each.held)
const ofSuite = judged[0]?.held ?? []
if (ofSuite.length === 0)
  throw new Error('There is no prediction in it: give boundby run a budget of at least 10s.')
const winners = judged.map((each) => judgeWinners(each.result, each.held))
const errors = ofSuite.map(({ error }) => error)
const noises = ofSuite.map(({ noise }) => noise)
const [middle, p90] = [quantile(errors, 0.5), quantile(errors, 0.9)]
const right = winners.reduce((sum, each) => sum + each.right, 0)
const decided = winners.reduce((sum, each) => sum + each.decided, 0)
const disturbed = judged.flatMap(({ result }) => result.environment.during?.otherCpuShare ?? [])
const kept = (holds: boolean): string => (holds ? 'kept' : '**missed**')
const text = [
  `${machine()} Other programs used ${formatPercent(Math.max(0, ...disturbed))} of the cores meanwhile.`,
  markdownTable(
    ['', 'found', 'bar', ''],
    [
      ['median error', formatPercent(middle), formatPercent(bars.median), kept(middle <= bars.median)],
      ['nine in ten within', formatPercent(p90), formatPercent(bars.p90), kept(p90 <= bars.p90)],
      [
        'the measured median itself is known to within, in the median',
        `±${formatPercent(quantile(noises, 0.5))}`,
        '',
        '',
      ],
      [
        'predicted winner right, or within 10 % of it',
        `${right} of ${decided}`,
        formatPercent(bars.winners),
        decided === 0 ? 'no race was decided' : kept(right >= bars.winners * decided),
      ],
    ],
  ),
  markdownTable(
    ['off by', 'median', 'three in four', 'nine in ten', 'worst', 'within the interval'],
    [
      ...predictedExecutors.map((executor) =>
        quantiles(
          `\`${executor}\``,
          ofSuite.filter(({ prediction }) => prediction.executor === executor),
        ),
      ),
      quantiles('all of the default suite', ofSuite),
      quantiles('all of both', held),
    ],
  ),
  ...winners.flatMap(({ wrong }) => wrong).map((sentence) => `- ${sentence}.`),
  markdownTable(
    ['workload', 'size', 'executor', 'predicted', 'measured', 'off by', 'what failed'],
    held.map(rowOf),
  ),
].join('\n\n')
process.stdout.write(`${text}\n`)
if (files.length === 0) writeBetween('docs/prediction.md', 'model', text)
if (middle > bars.median || p90 > bars.p90 || right < bars.winners * decided) process.exitCode = 1
