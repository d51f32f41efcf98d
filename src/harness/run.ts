/** The whole run: one workload after the other, from setup to verdict, as one result. */

import { performance } from 'node:perf_hooks'
import type { Race } from '../analysis/race.ts'
import { modelledExecutors } from '../analysis/model.ts'
import { minLaunches } from '../analysis/race.ts'
import { spreadsFor } from '../analysis/conclusions.ts'
import { decide, maxLaunches } from '../analysis/verdict.ts'
import type { Result, RunOptions } from '../results/schema.ts'
import { seededRandom } from '../stats/random.ts'
import { median } from '../stats/summary.ts'
import { selectWorkloads } from '../workloads/select.ts'
import { announce } from './announcement.ts'
import { assembleResult } from './assemble.ts'
import { calibrateInHosts } from './calibration.ts'
import type { CellRecord } from './cell.ts'
import type { DescribedWorkload } from './describe.ts'
import { describeWorkloads } from './describe.ts'
import { watchDisturbance } from './disturbance.ts'
import { readEnvironment } from './environment.ts'
import type { RunListener } from './events.ts'
import { armsAsked, planWorkloads } from './plan.ts'
import { readPoolMethods } from './pool-methods.ts'
import { mostRacesAdded, Refinement } from './refine.ts'
import { takeShard } from './shard.ts'
import { WorkloadRace } from './workload-race.ts'

/** What to race; every selection has been checked by the caller. */
export interface RunRequest {
  /** Absolute paths of workload modules. */
  readonly files: readonly string[]
  /** Only workloads whose name matches one of these globs; all if null. */
  readonly workloads: readonly string[] | null
  /** Only these sizes, where a workload has them; the suite's if null. */
  readonly sizes: readonly number[] | null
  readonly options: RunOptions
}

export interface RunContext {
  readonly listener: RunListener
  /** Ends the run early; what was measured is in the result, and `interrupted` says why. */
  readonly signal: AbortSignal
}

export interface PlannedWorkload {
  readonly workload: DescribedWorkload
  readonly sizes: readonly number[]
}

/** Arms of each race: one an executor, but one a worker count where the call names several; two in a control. */
function armsPlanned({ control, executors, maxWorkers }: RunOptions): number {
  if (control === true) return 2
  return executors.reduce((count, executor) => count + (armsAsked(executor, maxWorkers)?.length ?? 1), 0)
}

/** Launches that an undecided workload gets before the others are looked at again: each turn sets it up anew. */
const launchesAtOnce = 4

/** Each workload once; in a control once for each executor, which then races itself. */
function contestsOf<Planned extends object>(
  planned: readonly Planned[],
  { control, executors }: RunOptions,
): (Planned & { readonly control: string | null })[] {
  const controlled = control === true ? executors : [null]
  return planned.flatMap((each) => controlled.map((executor) => ({ ...each, control: executor })))
}

const countRaces = (contests: readonly { readonly sizes: readonly number[] }[]): number =>
  contests.reduce((count, { sizes }) => count + sizes.length, 0)

/** The sizes that a plan has of a workload. */
const sizesOf = <Workload>(
  workload: Workload,
  plan: readonly { readonly workload: Workload; readonly sizes: readonly number[] }[],
): readonly number[] => plan.find((entry) => entry.workload === workload)?.sizes ?? []

const now = (): number => performance.now()

/**
 * Runs a request to its end. A failed cell is recorded and the rest goes on.
 * @throws UsageError for a selection that is empty, or a module that is no workload.
 */
export async function run(request: RunRequest, context: RunContext): Promise<Result> {
  const { files, workloads, sizes, options } = request
  return raceWorkloads(options, context, async () => {
    const described = await describeWorkloads(files, context.signal)
    return planWorkloads(selectWorkloads(described, workloads), sizes, options.suite)
  })
}

/**
 * Races workloads to their end, whatever they were made of. A failed cell is recorded and the rest goes on.
 * @param plan which ones, at which sizes; the time it takes is a part of the budget.
 */
export async function raceWorkloads(
  options: RunOptions,
  { listener, signal }: RunContext,
  plan: () => Promise<readonly PlannedWorkload[]>,
): Promise<Result> {
  const startedAt = new Date().toISOString()
  const startMs = performance.now()
  const environment = readEnvironment()
  using announcement = announce()
  const disturbance = watchDisturbance()
  const whole = await plan()
  const { planned, timeShare } =
    options.shard === undefined
      ? { planned: whole, timeShare: 1 }
      : takeShard(whole, options.shard, options.seed)
  const budgetMs = options.budgetMs * timeShare
  const endMs = startMs + budgetMs
  const contests = contestsOf(planned, options)
  const wholeContests = contestsOf(whole, options)
  const refines = options.findCrossover === true && options.control !== true
  const racesAdded = refines ? mostRacesAdded(wholeContests) : 0
  const arms = armsPlanned(options)
  // Ordered pairs of arms: what the run's error budget is shared by, all shards together.
  const plannedPairs = (countRaces(wholeContests) + racesAdded) * arms * (arms - 1)
  const random = seededRandom(options.seed)
  const cores = Math.max(1, Math.floor(environment.availableCores))
  const entries: WorkloadRace[] = []

  listener({
    kind: 'planned',
    workloads: planned.map(({ workload }) => workload.name),
    cells: countRaces(contests) * arms,
  })
  if (contests.length === 0)
    listener({ kind: 'note', message: 'there are more shards than races: nothing is left for this one.' })

  const calibration =
    options.control === true
      ? undefined
      : await calibrateInHosts({
          executors: modelledExecutors.filter((executor) => options.executors.includes(executor)),
          cores,
          budgetMs,
          // Its own: the order of the rounds follows from the seed, calibrated or not.
          random: seededRandom(options.seed),
          now,
          signal,
        })

  const decideRace = (race: Race, control: string | null): ReturnType<typeof decide> =>
    decide(race, spreadsFor({ control }, entries), { ...options, plannedPairs })
  // By time: a run uses its budget, unless everything is decided before.
  const report = (): void =>
    listener({
      kind: 'progress',
      doneShare: Math.min(0.99, (now() - startMs) / budgetMs),
      remainingMs: Math.max(0, endMs - now()),
    })

  // Where the lead changes is seen only with all sizes; those of a workload that is split meet when shards are merged.
  const isWhole = ({ workload }: WorkloadRace): boolean =>
    sizesOf(workload, planned).length === sizesOf(workload, whole).length

  const told = new Set<CellRecord>()
  const tell = (entry: WorkloadRace, isNews: (cell: CellRecord) => boolean): void => {
    for (const cell of entry.cells) {
      if (!isNews(cell) || told.has(cell)) continue
      if (cell.error !== null || cell.launches.length > 0) told.add(cell)
      const medians = cell.launches.map((launch) => median(launch))
      listener({
        kind: 'cell',
        workload: entry.workload.name,
        size: cell.size,
        arm: cell.arm,
        medianMs: medians.length === 0 ? null : median(medians),
        error: cell.error,
        skipped: cell.skipped,
      })
    }
  }

  for (const [index, { workload, sizes, control }] of contests.entries()) {
    if (signal.aborted) break
    const entry = new WorkloadRace({
      workload,
      sizes,
      pilotSizes: sizesOf(workload, whole),
      control,
      options,
      fairShareMs: options.budgetMs / wholeContests.length,
      cores,
      random,
      now,
      decide: (race) => decideRace(race, control),
      listener: (event) => {
        listener(event)
        if (event.kind === 'stage') report()
      },
      signal,
    })
    entries.push(entry)
    // First as many launches as a verdict needs, for everyone.
    await entry.go(now() + Math.max(0, endMs - now()) / (contests.length - index), minLaunches)
    tell(entry, () => true)
  }

  // What is left goes first to those whose first launches did not fit, then to sizes where the lead changes, as soon
  // as it seems to, then to the undecided, the nearest to an answer first.
  for (const entry of entries) {
    const isShort = entry.launchesDone > 0 && entry.launchesDone < minLaunches
    if (!signal.aborted && isShort && endMs - now() > entry.typicalLaunchMs)
      await entry.go(endMs, minLaunches)
  }
  const { margin } = options
  const refinement = new Refinement({ budgetMs, endMs, margin, now, signal })
  const open = new Set(entries)
  for (;;) {
    if (refines) {
      await refinement.go(entries.filter((entry) => isWhole(entry)))
      for (const entry of entries) tell(entry, (cell) => cell.refines)
    }
    const leftMs = endMs - now()
    const [nearest] = [...open]
      .flatMap((entry) => {
        const need = entry.launchesNeeded()
        const isAffordable = entry.typicalLaunchMs < leftMs && entry.launchesDone < maxLaunches
        return need === null || !isAffordable ? [] : [{ entry, need, needMs: need * entry.typicalLaunchMs }]
      })
      .toSorted((one, other) => (one.needMs < other.needMs ? -1 : 1))
    if (nearest === undefined || signal.aborted) break
    // A few launches, then another look at who is nearest.
    const { entry, need } = nearest
    const { launchesDone } = entry
    await entry.go(endMs, Math.min(maxLaunches, launchesDone + Math.min(need, launchesAtOnce)))
    // What cannot go on, its setup failing for example, must not be asked for ever.
    if (entry.launchesDone === launchesDone) open.delete(entry)
  }
  for (const entry of entries) tell(entry, (cell) => cell.error !== null)
  listener({ kind: 'progress', doneShare: 1, remainingMs: 0 })

  return assembleResult({
    startedAt,
    durationMs: now() - startMs,
    interrupted: signal.aborted ? String(signal.reason) : null,
    environment: {
      ...environment,
      poolMethods: { node: readPoolMethods() },
      during: { ...disturbance(), otherBoundbyPids: [...announcement.otherPids()] },
    },
    options,
    plannedPairs,
    calibration,
    entries,
    notStarted: contests
      .slice(entries.length)
      .map(({ workload, control }) => ({ workload: workload.name, control })),
  })
}
