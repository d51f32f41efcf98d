/**
 * Tasks that take a known time, raced through the harness and held against theory: `npm run bench:truth` writes what
 * it found into docs/statistics.md; `-- 30s` only prints it, for that budget. Ends with 1 if a makespan is off by
 * more than 2 % (timers by more than 5 %), or a verdict contradicts theory.
 */

import { median } from '#dist/stats/summary.js'
import { boundbyRun } from './boundby-run.ts'
import type { Result } from './boundby-run.ts'
import { machine, markdownTable, writeBetween } from './page.ts'
import { taskMs } from './truth/known-time.ts'
import { theoryMs, truthOf } from './truth/theory.ts'

const defaultBudget = '6m'
const workloads = ['spin', 'block', 'timer']
/** A timer fires on ticks of a millisecond, early or late by one. */
const tolerance = (workload: string): number => (workload === 'timer' ? 0.05 : 0.02)

type Cell = Result['cells'][number]

const expectedMs = (cell: Cell): number =>
  theoryMs(cell.workload, cell.executor, { tasks: cell.tasks, workers: cell.workers, taskMs })

function errorOf(measuredMs: number, theoreticalMs: number): string {
  const percent = 100 * (measuredMs / theoreticalMs - 1)
  return `${percent < 0 ? '−' : '+'}${Math.abs(percent).toFixed(2)} %`
}

function makespanRow(cell: Cell): { row: string[]; holds: boolean } {
  const ms = expectedMs(cell)
  const medians = cell.launches.map((launch) => median(launch))
  const [least, typical] = [Math.min(...medians), median(medians)]
  const holds = Math.abs(typical / ms - 1) <= tolerance(cell.workload)
  const row = [
    cell.workload,
    String(cell.tasks),
    `\`${cell.executor}\`${cell.executor === 'serial' ? '' : ` ×${cell.workers}`}`,
    String(ms),
    String(cell.launches.length),
    `${least.toFixed(1)} (${errorOf(least, ms)})`,
    `${typical.toFixed(1)} (${errorOf(typical, ms)})`,
    holds ? 'holds' : '**missed**',
  ]
  return { row, holds }
}

function verdictRow(result: Result, verdict: Result['verdicts'][number]): { row: string[]; holds: boolean } {
  const cells = result.cells.filter(
    ({ workload, size }) => workload === verdict.workload && size === verdict.size,
  )
  const truth = truthOf(
    new Map(cells.map((cell) => [cell.executor, expectedMs(cell)])),
    result.options.margin,
  )
  const named = new Set(verdict.executors)
  // While a verdict is open, those that theory names must still be in the race.
  const holds =
    truth.executors.every((executor) => named.has(executor)) &&
    (verdict.kind === 'undecided' || (verdict.kind === truth.kind && named.size === truth.executors.length))
  const answer = verdict.kind === 'undecided' ? 'undecided' : 'as theory'
  const row = [
    verdict.workload,
    String(verdict.size),
    `${truth.kind}: ${truth.executors.join(', ')}`,
    `${verdict.kind}: ${verdict.executors.join(', ')}`,
    String(verdict.launches ?? 0),
    holds ? answer : '**contradicts theory**',
  ]
  return { row, holds }
}

const [budget = defaultBudget] = process.argv.slice(2)
const files = workloads.map((name) => `benchmarks/truth/${name}.ts`)
const result = await boundbyRun([
  ...files,
  '--find-crossover=false',
  '--max-workers',
  '2',
  '--budget',
  budget,
])
const makespans = result.cells.map(makespanRow)
const verdicts = result.verdicts.map((verdict) => verdictRow(result, verdict))
const held = [makespans, verdicts].map((rows) => rows.filter(({ holds }) => holds).length)
const text = [
  machine(),
  markdownTable(
    ['workload', 'tasks', 'executor', 'theory, ms', 'launches', 'least, ms', 'median, ms', 'within bounds'],
    makespans.map(({ row }) => row),
  ),
  markdownTable(
    ['workload', 'tasks', 'theory', 'verdict', 'launches', ''],
    verdicts.map(({ row }) => row),
  ),
  `${held[0]} of ${makespans.length} medians are within 2 % of theory (timers: 5 %); ${held[1]} of ${verdicts.length} verdicts do not contradict it.`,
].join('\n\n')
process.stdout.write(`${text}\n`)
if (budget === defaultBudget) writeBetween('docs/statistics.md', 'truth', text)
if ([...makespans, ...verdicts].some(({ holds }) => !holds)) process.exitCode = 1
