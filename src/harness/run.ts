/** The whole run: one workload after the other, from setup to verdict, as one result. */

import { performance } from 'node:perf_hooks'
import { formatCount } from '../analysis/quantities.ts'
import type { Contest } from '../analysis/contest.ts'
import { modelledExecutors } from '../analysis/model.ts'
import { spreadsFor } from '../analysis/conclusions.ts'
import { decide } from '../analysis/verdict.ts'
import type { Journal } from '../results/journal.ts'
import type { Calibration, Result, RunOptions } from '../results/schema.ts'
import { seededRandom } from '../stats/random.ts'
import { median } from '../stats/summary.ts'
import { selectWorkloads } from '../workloads/select.ts'
import { announce } from './announcement.ts'
import { assembleResult } from './assemble.ts'
import { Calibrator, knownHosts } from './calibration.ts'
import { spendBudget } from './campaign.ts'
import type { CellRecord } from './cell.ts'
import { describeWorkloads } from './describe.ts'
import { watchDisturbance } from './disturbance.ts'
import { readEnvironment } from './environment.ts'
import type { RunListener } from './events.ts'
import { planWorkloads } from './plan.ts'
import type { PlannedWorkload } from './planned-races.ts'
import { contestsOf, countPlanned, pairsPlanned } from './planned-races.ts'
import { readPoolMethods } from './pool-methods.ts'
import { pythonKind } from './python/executors.ts'
import type { FoundPythons } from './python/interpreter.ts'
import { findPythons } from './python/interpreter.ts'
import { mostRacesAdded, Refinement } from './refine.ts'
import { RunJournal } from './run-journal.ts'
import { takeShard } from './shard.ts'
import { removeAbandonedFolders } from './temporary-folder.ts'
import { WorkloadRace } from './workload-race.ts'

/** What to race; every selection has been checked by the caller. */
export interface RunRequest {
  /** Absolute paths of workload modules. */
  readonly files: readonly string[]
  /** Only workloads whose name matches one of these globs; all if null. */
  readonly workloads: readonly string[] | null
  /** Only these sizes, where a workload has them; the suite's if null. */
  readonly sizes: readonly number[] | null
  /** Who runs the twins; the `python3` on the PATH if left out. */
  readonly python?: {
    /** Of interpreters; null: the `python3` on the PATH. */
    readonly paths: readonly string[] | null
    /** Whether the call asked for Python: an interpreter that is only found, and is too old, is no failure. */
    readonly isAsked: boolean
  }
  readonly options: RunOptions
}

export interface RunContext {
  readonly listener: RunListener
  /** Ends the run early; what was measured is in the result, and `interrupted` says why. */
  readonly signal: AbortSignal
  /** Where what is measured is kept as it comes, and what an earlier process has left; nowhere if absent. */
  readonly journal?: Journal
  /** Of this machine, if it was calibrated already. */
  readonly calibration?: Calibration
}

const nobody: FoundPythons = { pythons: [], missing: null, isAsked: false }
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
  const { files, workloads, sizes, python, options } = request
  const plan = async (): Promise<readonly PlannedWorkload[]> => {
    const described = await describeWorkloads(files, context.signal)
    return planWorkloads(selectWorkloads(described, workloads), sizes, options.suite)
  }
  return raceWorkloads(options, context, plan, python)
}

/**
 * Races workloads to their end, whatever they were made of. A failed cell is recorded and the rest goes on.
 * @param plan which ones, at which sizes; the time it takes is a part of the budget.
 */
export async function raceWorkloads(
  options: RunOptions,
  { listener, signal, journal, calibration: known }: RunContext,
  plan: () => Promise<readonly PlannedWorkload[]>,
  python: NonNullable<RunRequest['python']> = { paths: null, isAsked: false },
): Promise<Result> {
  const beganAtMs = now()
  const beganAt = new Date().toISOString()
  const environment = readEnvironment()
  removeAbandonedFolders()
  using announcement = announce()
  const disturbance = watchDisturbance()
  const asksPython = options.executors.some((id) => pythonKind(id) !== undefined)
  const pythons = asksPython ? await findPythons(python) : nobody
  const whole = await plan()
  const { planned, timeShare } =
    options.shard === undefined
      ? { planned: whole, timeShare: 1 }
      : takeShard(whole, options.shard, options.seed)
  const budgetMs = options.budgetMs * timeShare
  const kept =
    journal &&
    new RunJournal(journal, {
      startedAt: beganAt,
      environment,
      options,
      runtimes: pythons.pythons.map(({ record }) => record.runtime),
      workloads: whole.map(({ workload }) => workload),
    })
  // As if the time between two processes had not been.
  const startMs = beganAtMs - (kept?.spentMs ?? 0)
  const endMs = startMs + budgetMs
  const contests = contestsOf(planned, options)
  const wholeContests = contestsOf(whole, options)
  const refines = options.findCrossover === true && options.control !== true
  const racesAdded = refines ? mostRacesAdded(wholeContests) : 0
  const interpreters = pythons.pythons.filter(({ unfit }) => unfit === null).length
  const plannedHere = countPlanned(contests, options, interpreters)
  // All shards together.
  const plannedPairs = pairsPlanned(countPlanned(wholeContests, options, interpreters), racesAdded)
  // Another order for each process, since the first one's was not kept.
  const random = seededRandom((options.seed + (kept?.resumptions ?? 0)) % 2 ** 32)
  const cores = Math.max(1, Math.floor(environment.availableCores))

  const racesPlanned = plannedHere.reduce((sum, { races }) => sum + races, 0)
  listener({
    kind: 'planned',
    workloads: planned.map(({ workload }) => workload.name),
    cells: plannedHere.reduce((sum, { races, arms }) => sum + races * arms, 0),
  })
  if (contests.length === 0)
    listener({ kind: 'note', message: 'there are more shards than races: nothing is left for this one.' })

  for (const message of [
    pythons.missing,
    ...(pythons.isAsked ? [] : pythons.pythons.map(({ unfit }) => unfit)),
  ])
    if (message !== null) listener({ kind: 'note', message: `CPython is not tested: ${message}.` })

  await using hosts = await knownHosts()
  const calibrator =
    options.control === true || kept?.calibration !== undefined || known !== undefined
      ? null
      : new Calibrator({
          executors: modelledExecutors.filter((executor) => options.executors.includes(executor)),
          cores,
          budgetMs,
          openHosts: hosts.openHosts,
          // Its own: the order of the rounds follows from the seed, calibrated or not.
          random: seededRandom(options.seed),
          now,
          signal,
        })

  const contestsNow = (): Contest[] => entries.flatMap((entry) => entry.contests)
  // By time: a run uses its budget, unless everything is decided before.
  const report = (): void => {
    const standings = entries.map(({ standing }) => standing)
    const decided = standings.reduce((sum, standing) => sum + standing.decided, 0)
    const undecided = standings.reduce((sum, standing) => sum + standing.undecided, 0)
    listener({
      kind: 'progress',
      doneShare: Math.min(0.99, (now() - startMs) / budgetMs),
      remainingMs: Math.max(0, endMs - now()),
      // Versions in turns are judged at the end.
      ...(options.against === undefined
        ? { races: { decided, undecided, left: Math.max(0, racesPlanned - decided - undecided) } }
        : {}),
    })
  }

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

  const entries: readonly WorkloadRace[] = contests.map(
    ({ workload, sizes, control }) =>
      new WorkloadRace({
        workload,
        sizes,
        pilotSizes: sizesOf(workload, whole),
        control,
        options,
        pythons,
        fairShareMs: options.budgetMs / wholeContests.length,
        cores,
        random,
        now,
        decide: (race, runtime) =>
          decide(race, spreadsFor({ control, runtime }, contestsNow()), { ...options, plannedPairs }),
        listener: (event) => {
          listener(event)
          if (event.kind === 'stage') report()
        },
        signal,
        onChange: (entry, mayWait) => kept?.keep(entry, now() - startMs, mayWait),
      }),
  )
  if (kept !== undefined && kept.resumptions > 0) {
    kept.restore(entries)
    for (const entry of entries) entry.look()
    const launches = entries.reduce((sum, { launchesDone }) => sum + launchesDone, 0)
    const spentS = Math.round(kept.spentMs / 1000)
    listener({
      kind: 'note',
      message: `going on with ${formatCount(launches, 'launch')} of an earlier run, in which ${spentS} s of the budget were spent.`,
    })
  }

  const refinement = new Refinement({ budgetMs, endMs, margin: options.margin, now, signal })
  await spendBudget(entries, {
    budgetMs,
    leastLaunches: options.leastLaunches,
    endMs,
    now,
    signal,
    pause: async () => {
      if (calibrator?.isDue !== true) return
      await calibrator.launch()
      const calibration = calibrator.found
      if (calibration !== undefined) kept?.keepCalibration(calibration, now() - startMs)
    },
    refine: async () => {
      if (!refines) return
      await refinement.go(entries.filter((entry) => isWhole(entry)))
      for (const entry of entries) tell(entry, (cell) => cell.refines)
    },
    onFirstLaunches: (entry) => tell(entry, () => true),
  })
  for (const entry of entries) tell(entry, (cell) => cell.error !== null)
  listener({ kind: 'progress', doneShare: 1, remainingMs: 0 })

  return assembleResult({
    startedAt: kept?.startedAt ?? beganAt,
    durationMs: now() - startMs,
    interrupted: signal.aborted ? String(signal.reason) : null,
    environment: {
      ...environment,
      poolMethods: {
        node: readPoolMethods(),
        ...Object.fromEntries(
          pythons.pythons.flatMap(({ record, poolMethods }) =>
            poolMethods === undefined ? [] : [[record.runtime, poolMethods]],
          ),
        ),
      },
      ...(pythons.pythons.length === 0 ? {} : { pythons: pythons.pythons.map(({ record }) => record) }),
      during: { ...disturbance(), otherBoundbyPids: [...announcement.otherPids()] },
    },
    options,
    earlierBudgetsMs: kept?.earlierBudgetsMs ?? [],
    plannedPairs,
    calibration: kept?.calibration ?? known ?? calibrator?.found,
    entries,
    notStarted: entries
      .filter(({ hasBegun }) => !hasBegun)
      .map(({ workload, control }) => ({ workload: workload.name, control })),
  })
}
