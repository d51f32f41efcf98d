/**
 * How often comparisons of the same code raise an alarm: results taken one after the other while something else comes
 * and goes on the machine, each held against each other. `npm run bench:comparison` writes what it found into
 * docs/ci.md; `-- 4 10s` only prints it, for so many results of such a budget. Ends with 1 if there was an alarm.
 */

import { fork } from 'node:child_process'
import { compareResults } from '#dist/analysis/comparison.js'
import type { Comparison } from '#dist/analysis/comparison.js'
import { seededRandom } from '#dist/stats/random.js'
import { boundbyRun } from './boundby-run.ts'
import type { Result } from './boundby-run.ts'
import { machine, markdownTable, writeBetween } from './page.ts'

const defaultResults = 11
const defaultBudget = '30s'
const workloads = ['primes', 'timer', 'tiny', 'sort']
const sizes = '10,1000,100000'
/** What is planted into every launch of one workload. */
const slowdown = 1.25
const options = { margin: 0.05, failOn: ['slower', 'flipped'] as const, acrossEnvironments: false }

async function measure(results: number, budget: string): Promise<Result[]> {
  const random = seededRandom(results)
  const measured: Result[] = []
  for (let index = 0; index < results; index++) {
    const load = random() < 0.5 ? fork('benchmarks/control/load.mjs') : undefined
    try {
      measured.push(
        await boundbyRun([
          '--workloads',
          workloads.join(','),
          '--executors',
          'serial,threads,processes',
          '--sizes',
          sizes,
          '--find-crossover=false',
          '--max-workers',
          '2',
          '--budget',
          budget,
          '--seed',
          String(index),
        ]),
      )
    } finally {
      load?.disconnect()
    }
    process.stderr.write(`${index + 1} of ${results}, ${load === undefined ? 'quiet' : 'busy'}\n`)
  }
  return measured
}

const planted = (result: Result, workload: string): Result => ({
  ...result,
  cells: result.cells.map((cell) =>
    cell.workload === workload
      ? { ...cell, launches: cell.launches.map((launch) => launch.map((ms) => slowdown * ms)) }
      : cell,
  ),
})

const isFound = ({ cells }: Comparison, workload: string): boolean =>
  cells.some((cell) => cell.workload === workload && cell.change === 'slower')

const [count = String(defaultResults), budget = defaultBudget] = process.argv.slice(2)
const results = await measure(Number(count), budget)
const pairs = results.flatMap((before, index) => results.slice(index + 1).map((after) => ({ before, after })))
const alarms = pairs.filter(({ before, after }) => compareResults(before, after, options).alarm).length
const found = workloads.map((workload) => ({
  workload,
  hits: pairs.filter(({ before, after }) =>
    isFound(compareResults(before, planted(after, workload), options), workload),
  ).length,
}))
const launches = results
  .flatMap(({ cells }) => cells.map((cell) => cell.launches.length))
  .toSorted((a, b) => a - b)
const text = [
  `${machine()} ${results.length} results of ${budget} each, a process that burns half a core beside about half of them; ${launches[0]} to ${launches.at(-1)} launches a cell.`,
  `${alarms} alarms in ${pairs.length} comparisons of the same code.`,
  markdownTable(
    ['planted: 25 % slower', 'found'],
    found.map(({ workload, hits }) => [workload, `${hits} of ${pairs.length}`]),
  ),
].join('\n\n')
process.stdout.write(`${text}\n`)
if (Number(count) === defaultResults && budget === defaultBudget)
  writeBetween('docs/ci.md', 'comparison', text)
if (alarms > 0) process.exitCode = 1
