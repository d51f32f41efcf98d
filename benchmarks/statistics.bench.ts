/**
 * Calibrates the verdicts by simulation: `npm run bench:statistics` writes its table into docs/statistics.md;
 * `-- 50` only prints it, from so many runs a model.
 */

import { availableParallelism } from 'node:os'
import { pathToFileURL } from 'node:url'
import { resolve } from 'node:path'
import { ProcessPoolExecutor, taskModule } from 'boundby/executors'
import { writeBetween } from './page.ts'
import { noiseModels } from './statistics/noise.ts'
import type * as simulation from './statistics/simulate.ts'
import type { Outcome, Truth } from './statistics/simulate.ts'

const defaultRuns = 32
const workloads = 8
const every = (relative: readonly number[]): Truth => Array.from({ length: workloads }, () => relative)
const truths = {
  tiedInPairs: every([2, 2, 1, 1]),
  allTied: every([1, 1, 1, 1]),
  ratio13: every([1.3, 1.3, 1.3, 1]),
  mixed: [
    [1, 1, 2, 4],
    [1, 1, 1.3, 2],
    [2, 2, 1, 1],
    [1.9, 1.9, 1, 1.2],
    [10, 1, 1.5, 2],
    [1, 1.02, 0.6, 0.6],
    [1, 1, 1.1, 1.5],
    [3, 3, 2, 1],
  ],
} as const satisfies Readonly<Record<string, Truth>>

const given = process.argv[2]
const runs = given === undefined ? defaultRuns : Number(given)
if (!Number.isInteger(runs) || runs < 1)
  throw new RangeError(`Expected how many runs a model, such as 50, received ${given ?? ''}.`)

const tasks = taskModule<typeof simulation>(pathToFileURL(resolve('benchmarks/dist/statistics/simulate.js')))
const percent = (share: number): string => `${Number((100 * share).toFixed(1))} %`
const sum = (outcomes: readonly Outcome[], of: (outcome: Outcome) => number): number =>
  outcomes.reduce((total, outcome) => total + of(outcome), 0)

/** Launches at which the races were decided, the middle one and the ninth of ten; races never decided come last. */
function launchesToDecide(outcomes: readonly Outcome[]): string {
  const decided = outcomes.flatMap(({ decidedAt }) => decidedAt).toSorted((a, b) => a - b)
  const races = sum(outcomes, (outcome) => outcome.races)
  const at = (share: number): string => String(decided[Math.floor(races * share)] ?? 'never')
  return `${at(0.5)} / ${at(0.9)}`
}

const pool = new ProcessPoolExecutor({ maxWorkers: availableParallelism() })
const rows: string[] = []
let worst = 0
for (const model of Object.keys(noiseModels)) {
  const played = async (truth: Truth): Promise<Outcome[]> => {
    const seeds = Array.from({ length: runs }, (_, index) => ({ model, truth, seed: index + 1 }))
    const outcomes: Outcome[] = []
    for await (const outcome of pool.map(tasks.simulate, seeds, { chunkSize: 4 })) outcomes.push(outcome)
    return outcomes
  }
  const pairs = await played(truths.tiedInPairs)
  const all = await played(truths.allTied)
  const clear = await played(truths.ratio13)
  const mixed = await played(truths.mixed)
  const wrong = [pairs, all].map((outcomes) => sum(outcomes, (run) => Number(run.falseStatement)) / runs)
  worst = Math.max(worst, ...wrong)
  const everyRun = [...pairs, ...all, ...clear, ...mixed]
  const coverage = 1 - sum(everyRun, (run) => run.missed) / sum(everyRun, (run) => run.intervals)
  const saved = 1 - sum(mixed, (run) => run.measuredMs) / sum(mixed, (run) => run.fixedMs)
  const winners = sum([...pairs, ...all], (run) => Number(run.falseWinner)) / (2 * runs)
  const row = [model, percent(winners), percent(Math.max(...wrong)), percent(coverage)]
  rows.push(`| ${[...row, launchesToDecide(clear), percent(saved)].join(' | ')} |`)
  process.stderr.write(`${rows.at(-1)}\n`)
}
await pool.shutdown()
const table = [
  '| noise | a false winner in a run of ties | any false statement in one | intervals that hold the truth | launches to find 1.3× (median / 90 %) | measuring time saved |',
  '|---|---|---|---|---|---|',
  ...rows,
].join('\n')
const text = `${table}\n\nFrom ${runs} seeded runs for each entry, of ${workloads} workloads × 3 sizes × 4 arms (\`npm run bench:statistics${given === undefined ? '' : ` -- ${runs}`}\`).`
process.stdout.write(`${text}\n`)
if (given === undefined) writeBetween('docs/statistics.md', 'calibration', text)
if (worst > 0.05) process.exitCode = 1
