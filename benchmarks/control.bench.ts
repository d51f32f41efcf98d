/**
 * How often boundby names a winner where there is none: controls one after the other on a machine that is kept busy.
 * `npm run bench:control` writes what it found into docs/statistics.md; `-- 3 10s` only prints it, for so many runs of
 * such a budget. Ends with 1 if a winner was named; the result of such a run is kept as results/control-RUN.json.
 */

import { fork } from 'node:child_process'
import { writeResult } from '#dist/results/file.js'
import { boundbyRun } from './boundby-run.ts'
import { machine, markdownTable, writeBetween } from './page.ts'

const defaultRuns = 20
const defaultBudget = '20s'
/** One bound by the CPU, one that waits, one that is next to nothing. */
const workloads = 'primes,timer,tiny'
/** Of each workload those that it has, and that take milliseconds: a run must have time for many launches. */
const sizes = '10,1000,100000'
/** In turn, for the same reason. */
const pairs = ['serial,processes', 'event-loop,threads']
/** From fewer launches nothing is ever decided, so that they test nothing. */
const fewestLaunches = 3

const [runs = String(defaultRuns), budget = defaultBudget] = process.argv.slice(2)
const load = fork('benchmarks/control/load.mjs')
const rows: string[][] = []
const falseWinners: string[] = []
const totals = { races: 0, judged: 0, ties: 0 }
try {
  for (let run = 1; run <= Number(runs); run++) {
    const executors = pairs[run % pairs.length] ?? ''
    const result = await boundbyRun([
      '--control',
      '--workloads',
      workloads,
      '--executors',
      executors,
      '--sizes',
      sizes,
      '--max-workers',
      '2',
      '--budget',
      budget,
      '--seed',
      String(run),
    ])
    const { verdicts } = result
    const launches = verdicts.map((verdict) => verdict.launches ?? 0).toSorted((a, b) => a - b)
    const judged = launches.filter((count) => count >= fewestLaunches).length
    const named = verdicts.filter(({ kind }) => kind === 'winner')
    const ties = verdicts.filter(({ kind }) => kind === 'tie').length
    // What led to it is in its launches.
    if (named.length > 0) await writeResult(`results/control-${run}.json`, result)
    falseWinners.push(
      ...named.map(
        ({ workload, size, executors: [executor], arms }) =>
          `run ${run}: ${workload} at ${size}, ${executor} ${arms?.[0]}`,
      ),
    )
    totals.races += verdicts.length
    totals.judged += judged
    totals.ties += ties
    const counts = [verdicts.length, judged, named.length, ties, verdicts.length - named.length - ties]
    rows.push([String(run), executors, ...counts.map(String), `${launches[0]} to ${launches.at(-1)}`])
    process.stderr.write(`${rows.at(-1)?.join(' | ')}\n`)
  }
} finally {
  load.disconnect()
}
const text = [
  `${machine()} Workloads ${workloads}; a budget of ${budget} a run; beside them a process that keeps half a core busy.`,
  markdownTable(
    ['run', 'executors', 'races', 'of 3 launches or more', 'winners named', 'ties', 'undecided', 'launches'],
    rows,
  ),
  `${falseWinners.length} winners named in ${totals.races} races of an executor against itself, ${totals.judged} of them with 3 launches or more; ${totals.ties} ties.`,
  ...falseWinners,
].join('\n\n')
process.stdout.write(`${text}\n`)
if (Number(runs) === defaultRuns && budget === defaultBudget)
  writeBetween('docs/statistics.md', 'control', text)
if (falseWinners.length > 0) process.exitCode = 1
