/**
 * Time to verdict: the default suite raced by boundby, and the same cells measured by fixed 64 iterations, with the
 * verdicts side by side. `npm run bench:verdict` races with budgets of 60 s and 3 min, before the fixed iterations and
 * again after them, and writes what it found into docs/statistics.md; `-- 20s tiny,primes` only prints it, for these
 * budgets and workloads. Ends with 1 if two runs of boundby contradict each other.
 */

import { resolve } from 'node:path'
import { executorIds } from '#dist/executors/registry.js'
import { boundbyRun } from './boundby-run.ts'
import type { Result } from './boundby-run.ts'
import { machine, markdownTable, writeBetween } from './page.ts'
import { contradicts, isDecided } from './verdict/agreement.ts'
import type { Verdict } from './verdict/agreement.ts'
import { measureFixed, playFixed } from './verdict/fixed.ts'
import type { FixedCell } from './verdict/fixed.ts'
import { rankUsually } from './verdict/usual.ts'
import type { Ranking } from './verdict/usual.ts'

interface TimedRun {
  readonly budget: string
  readonly result: Result
}

/** A race as the usual way sees it. */
interface UsualRace {
  readonly ranking: Ranking
  readonly measuringMs: number
}

interface Usual {
  /** By `raceKey`. */
  readonly races: ReadonlyMap<string, UsualRace>
  readonly wallMs: number
}

const raceKey = ({ workload, size }: { workload: string; size: number }): string => `${workload} ${size}`
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const seconds = (ms: number): string => (ms / 1000).toFixed(1)
const saved = (oursMs: number, usualMs: number): string => `${Math.round(100 * (1 - oursMs / usualMs))} %`

async function raceSuite(budget: string, workloads: string | undefined): Promise<TimedRun> {
  const selection = [
    '--executors',
    executorIds.join(','),
    ...(workloads === undefined ? [] : ['--workloads', workloads]),
  ]
  process.stderr.write(`boundby, budget ${budget}\n`)
  return { budget, result: await boundbyRun(['--find-crossover=false', '--budget', budget, ...selection]) }
}

/** Measures the cells of a result again, with the same workers, race by race. */
async function measureUsually({ cells, workloads = [] }: Result): Promise<Usual> {
  const files = new Map(workloads.map(({ name, file }) => [name, resolve(file)]))
  const samples = new Map<string, Map<string, readonly number[]>>()
  const measuringMs = new Map<string, number>()
  const startMs = performance.now()
  for (const { workload, size, executor, workers, error } of cells) {
    if (error !== null) continue
    const key = raceKey({ workload, size })
    const sample = await measureFixed({ file: files.get(workload) ?? '', size, executor, workers })
    const spentMs = sample.warmUpMs + sum(sample.makespansMs)
    process.stderr.write(`64 iterations of ${key} under ${executor}: ${seconds(spentMs)} s\n`)
    samples.set(
      key,
      (samples.get(key) ?? new Map<string, readonly number[]>()).set(executor, sample.makespansMs),
    )
    measuringMs.set(key, (measuringMs.get(key) ?? 0) + spentMs)
  }
  const wallMs = performance.now() - startMs
  const races = [...samples].map(
    ([key, bySample]) =>
      [key, { ranking: rankUsually(bySample), measuringMs: measuringMs.get(key) ?? 0 }] as const,
  )
  return { races: new Map(races), wallMs }
}

/** What boundby's races cost beyond start-up: all makespans, warm-ups included. */
function measuredMs({ cells }: Result, keys: ReadonlySet<string>): number {
  const counted = cells.filter((cell) => keys.has(raceKey(cell)))
  return sum(counted.map(({ launches, warmUpMs = 0 }) => sum(launches.flat()) + warmUpMs))
}

const marks = { winner: '✓', tie: '≈', undecided: '?' } as const

function verdictCell(verdict: Verdict | undefined): string {
  if (verdict === undefined) return '–'
  return `${marks[verdict.kind]} ${verdict.executors.join(', ')} (${verdict.launches ?? 0})`
}

function usualCell({ leaders, lead }: Ranking): string {
  const mark = leaders.length === 1 ? '✓' : '?'
  return `${mark} ${leaders.join(', ')} (+${(100 * lead).toFixed(1)} %)`
}

const verdictsOf = ({ result }: TimedRun): ReadonlyMap<string, Verdict> =>
  new Map(result.verdicts.map((verdict) => [raceKey(verdict), verdict]))

function racesTable(runs: readonly TimedRun[], usual: Usual): string {
  const byRun = runs.map(verdictsOf)
  return markdownTable(
    [
      'workload, size',
      '64 iterations, Welch (lead)',
      ...runs.map(({ budget }) => `boundby, ${budget} (launches)`),
    ],
    [...usual.races].map(([key, { ranking }]) => [
      key,
      usualCell(ranking),
      ...byRun.map((verdicts) => verdictCell(verdicts.get(key))),
    ]),
  )
}

function costsTable(runs: readonly TimedRun[], usual: Usual): string {
  const every = new Set(usual.races.keys())
  const usualMs = (keys: ReadonlySet<string>): number =>
    sum([...usual.races].map(([key, race]) => (keys.has(key) ? race.measuringMs : 0)))
  const rows = runs.map(({ budget, result }) => {
    const decided = new Set(result.verdicts.filter(isDecided).map(raceKey))
    const [allMs, decidedMs] = [measuredMs(result, every), measuredMs(result, decided)]
    const pilotMs = sum((result.pilots ?? []).map(({ makespanMs }) => makespanMs))
    const wallMs = result.durationMs ?? 0
    return [
      `boundby, ${budget}`,
      `${decided.size} of ${result.verdicts.length}`,
      `${seconds(allMs)} + ${seconds(pilotMs)} (${saved(allMs + pilotMs, usualMs(every))})`,
      decided.size === 0 ? '–' : `${seconds(decidedMs)} (${saved(decidedMs, usualMs(decided))})`,
      `${seconds(wallMs)} (${saved(wallMs, usual.wallMs)})`,
    ]
  })
  return markdownTable(
    [
      '',
      'races decided',
      'measuring + pilot, s (saved)',
      'measuring of the decided, s (saved)',
      'wall clock, s (saved)',
    ],
    [['64 iterations', '', seconds(usualMs(every)), '', seconds(usual.wallMs)], ...rows],
  )
}

/** What boundby says where the usual way names a winner. */
function againstUsual(run: TimedRun, usual: Usual): string {
  const verdicts = verdictsOf(run)
  const counts = { same: 0, tie: 0, undecided: 0, other: 0 }
  let named = 0
  let withinMargin = 0
  for (const [key, { ranking }] of usual.races) {
    const verdict = verdicts.get(key)
    if (ranking.leaders.length !== 1 || verdict === undefined) continue
    named++
    if (ranking.lead < run.result.options.margin) withinMargin++
    if (verdict.kind !== 'winner') counts[verdict.kind]++
    else if (verdict.executors[0] === ranking.leaders[0]) counts.same++
    else counts.other++
  }
  return `Of ${named} winners that 64 iterations name (${withinMargin} are ahead by less than the margin), boundby (${run.budget}) names ${counts.same} too and another in ${counts.other}, finds a tie in ${counts.tie}, and leaves ${counts.undecided} undecided.`
}

function contradictions(runs: readonly TimedRun[]): string[] {
  return runs.flatMap((run, index) =>
    runs.slice(index + 1).flatMap((other) =>
      run.result.verdicts.flatMap((verdict) => {
        const counterpart = verdictsOf(other).get(raceKey(verdict))
        if (counterpart === undefined || !contradicts(verdict, counterpart)) return []
        return [`${raceKey(verdict)}: ${verdictCell(verdict)}, then ${verdictCell(counterpart)}`]
      }),
    ),
  )
}

const defaultBudgets = '60s,3m'

async function main(budgets: string, workloads?: string): Promise<void> {
  const runs: TimedRun[] = []
  for (const budget of budgets.split(',')) runs.push(await raceSuite(budget, workloads))
  const last = runs.at(-1)
  if (last === undefined) throw new Error('Expected at least one budget.')
  const usual = await measureUsually(last.result)
  // Mirrored, so that a machine that gets slower or faster meanwhile favours nobody.
  for (const { budget } of [...runs].toReversed()) runs.push(await raceSuite(budget, workloads))
  const contradicting = contradictions(runs)
  const text = [
    `${machine()} In the order of the columns, with the 64 iterations between the halves.`,
    racesTable(runs, usual),
    costsTable(runs, usual),
    runs.map((run) => againstUsual(run, usual)).join('\n'),
    `Decided verdicts of two runs of boundby that contradict each other: ${contradicting.length}.`,
    ...contradicting,
  ].join('\n\n')
  process.stdout.write(`${text}\n`)
  if (budgets === defaultBudgets && workloads === undefined)
    writeBetween('docs/statistics.md', 'verdict', text)
  if (contradicting.length > 0) process.exitCode = 1
}

const [first = defaultBudgets, second] = process.argv.slice(2)
if (first === 'play')
  process.stdout.write(JSON.stringify(await playFixed(JSON.parse(second ?? '') as FixedCell)))
else await main(first, second)
