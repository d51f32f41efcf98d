/**
 * What comparisons of real results find: results of the same code, taken one after the other while something else comes
 * and goes on the machine, are each held against each other, as they are (nothing may raise an alarm), with a slowdown
 * planted in one workload, and with a winner that has lost; and what `--against` finds of the same slowdown, and of the same
 * code.
 * `npm run bench:comparison` takes more than an hour and writes what it found into docs/ci.md, and `-- 4 30s` only prints
 * it, for so many results of such a budget; all of it is in results/comparison-bench.json. Ends with 1 if there was an
 * alarm.
 */

import { fork } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { compareResults } from '#dist/analysis/comparison.js'
import type { Comparison } from '#dist/analysis/comparison.js'
import { seededRandom } from '#dist/stats/random.js'
import { boundbyRun } from './boundby-run.ts'
import { found, range } from './comparison/counts.ts'
import { slowedInTurns } from './comparison/in-turns.ts'
import type { ToldInTurns } from './comparison/in-turns.ts'
import { flipsIn, slowed } from './comparison/planted.ts'
import type { Taken } from './comparison/planted.ts'
import { machine, markdownTable, writeBetween } from './page.ts'

const defaultResults = 11
const defaultBudget = '5m'
const leastLaunches = 10
const workloads = ['primes', 'timer', 'word-count', 'mandelbrot', 'matrix-multiply', 'json', 'gzip', 'sha256']
/** One a workload. */
const sizes = '10,64,128,3000,1000000,3000000,4194304'
const slowdown = 1.25
const factorsInTurns = [slowdown, 1, slowdown, 1, slowdown]
const budgetInTurns = '5m'
const suite = ['--executors', 'serial,threads', '--sizes', sizes, '--max-workers', '2']
const options = { margin: 0.05, failOn: ['slower', 'flipped'] as const, acrossEnvironments: false }

async function measure(count: number, budget: string): Promise<Taken[]> {
  const random = seededRandom(count)
  const taken: Taken[] = []
  for (let index = 0; index < count; index++) {
    const load = random() < 0.5 ? fork('benchmarks/control/load.mjs') : undefined
    try {
      const result = await boundbyRun([
        '--workloads',
        workloads.join(','),
        ...suite,
        '--find-crossover=false',
        '--least-launches',
        String(leastLaunches),
        '--budget',
        budget,
        '--seed',
        String(index),
      ])
      taken.push({ result, isBusy: load !== undefined })
    } finally {
      load?.disconnect()
    }
    const launches = taken.at(-1)?.result.cells.map((cell) => cell.launches.length) ?? []
    process.stderr.write(
      `${index + 1} of ${count}, ${load === undefined ? 'quiet' : 'busy'}, ${range(launches)} launches a cell\n`,
    )
  }
  return taken
}

const compare = (before: Taken, after: Taken): Comparison =>
  compareResults(before.result, after.result, options)

/** What an alarm was raised for. */
const reasons = ({ cells, flipped }: Comparison) => ({
  slower: cells.filter(({ change }) => change === 'slower'),
  flipped,
})

const [count = String(defaultResults), budget = defaultBudget] = process.argv.slice(2)
const taken = await measure(Number(count), budget)
const pairs = taken.flatMap((before, index) =>
  taken.slice(index + 1).map((after, further) => ({
    names: [index + 1, index + further + 2] as const,
    before,
    after,
    isQuiet: !before.isBusy && !after.isBusy,
    comparison: compare(before, after),
  })),
)
const alarms = pairs.flatMap(({ names, isQuiet, comparison }) =>
  comparison.alarm ? [{ results: names, isQuiet, shift: comparison.shift, ...reasons(comparison) }] : [],
)
const underLoad = pairs.filter(({ comparison }) => comparison.flippedUnderLoad.length > 0)
for (const { results, shift, slower, flipped } of alarms) {
  const lines = [
    ...slower.map(
      ({ workload, size, executor, ratio, interval, baselineMs, candidateMs, launches }) =>
        `${workload} at ${size}, ${executor}: slower, ${ratio?.toFixed(3)} (${interval?.map((end) => end.toFixed(3)).join(' to ')}), ${baselineMs.toFixed(2)} ms, then ${candidateMs.toFixed(2)} ms, ${launches.join(' and ')} launches`,
    ),
    ...flipped.map(
      ({ workload, size, from, to }) => `${workload} at ${size}: flipped, ${from.join()}, then ${to.join()}`,
    ),
  ]
  process.stderr.write(
    `alarm, results ${results.join(' and ')}, shift ${shift.toFixed(3)}:\n  ${lines.join('\n  ')}\n`,
  )
}
const slowdowns = workloads.map((workload) => ({
  workload,
  pairs: pairs.map(({ isQuiet, before, after }) => {
    const { cells } = compare(before, slowed(after, workload, slowdown))
    const ofWorkload = cells.filter((cell) => cell.workload === workload)
    return {
      isQuiet,
      isWhole: ofWorkload.every((cell) => cell.launches.every((each) => each >= leastLaunches)),
      isFound: ofWorkload.some(({ change }) => change === 'slower'),
      cells: ofWorkload.map(({ executor, size, ratio, interval, detectable, launches, change }) => ({
        executor,
        size,
        change,
        ratio,
        interval,
        detectable,
        launches,
      })),
    }
  }),
}))
const inTurns: { readonly factor: number; readonly cells: readonly ToldInTurns[] }[] = []
for (const [time, factor] of factorsInTurns.entries()) {
  const call = [...suite, '--budget', budgetInTurns, '--seed', String(time)]
  inTurns.push({ factor, cells: await slowedInTurns(workloads, factor, call) })
  process.stderr.write(`in turns, ${time + 1} of ${factorsInTurns.length}\n`)
}
const slowedTimes = inTurns.filter(({ factor }) => factor !== 1)
const sameCode = inTurns.filter(({ factor }) => factor === 1)
const cellsOfSame = sameCode.flatMap(({ cells }) => cells)
const isSlower = ({ change }: { readonly change: string }): boolean => change === 'slower'
const alarmsInTurns = sameCode.filter(({ cells }) => cells.some(isSlower)).length
const flips = pairs.flatMap(({ before, after }) => flipsIn(before, after, slowdown, compare))
const launches = taken.flatMap(({ result }) => result.cells.map((cell) => cell.launches.length))
const text = [
  `${machine()} ${taken.length} results of ${budget} each, a process that burns half a core beside ${taken.filter(({ isBusy }) => isBusy).length} of them; ${range(launches)} launches a cell.`,
  `${alarms.length} alarms in ${pairs.length} comparisons of the same code; ${underLoad.length} told that a winner lost beside the other program.`,
  `${flips.filter(({ isFound }) => isFound).length} of ${flips.length} winners that had lost were called flipped (no alarm beside the other program).`,
  `In turns, ${budgetInTurns} each: ${alarmsInTurns} alarms in ${sameCode.length} comparisons of the same code, where ${cellsOfSame.filter(({ change }) => change === 'unchanged').length} of ${cellsOfSame.length} cells were surely unchanged; ${range(inTurns.flatMap(({ cells }) => cells.flatMap(({ launches: [before] }) => before)))} launches a cell.`,
  markdownTable(
    [
      'planted: 25 % slower',
      'found',
      `nothing beside either, ${leastLaunches} launches of each cell`,
      `in turns, ${budgetInTurns}`,
    ],
    slowdowns.map((planted) => [
      planted.workload,
      found(planted.pairs),
      found(planted.pairs.filter(({ isQuiet, isWhole }) => isQuiet && isWhole)),
      found(
        slowedTimes.map(({ cells }) => ({
          isFound: cells.some((cell) => cell.workload === planted.workload && isSlower(cell)),
        })),
      ),
    ]),
  ),
].join('\n\n')
process.stdout.write(`${text}\n`)
writeFileSync(
  'results/comparison-bench.json',
  `${JSON.stringify({ text, alarms, flips, slowdowns, inTurns, results: taken })}\n`,
)
if (Number(count) === defaultResults && budget === defaultBudget)
  writeBetween('docs/ci.md', 'comparison', text)
if (alarms.length + alarmsInTurns > 0) process.exitCode = 1
