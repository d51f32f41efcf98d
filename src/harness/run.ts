/** The whole run: one workload after the other, from setup to verdict, as one result. */

import { performance } from 'node:perf_hooks'
import type { Contest } from '../analysis/contest.ts'
import { modelledExecutors } from '../analysis/model.ts'
import { minLaunches } from '../analysis/race.ts'
import { spreadsFor } from '../analysis/conclusions.ts'
import { decide, maxLaunches } from '../analysis/verdict.ts'
import type { Journal } from '../results/journal.ts'
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
import { pythonKind } from './python/executors.ts'
import type { FoundPythons } from './python/interpreter.ts'
import { findPythons } from './python/interpreter.ts'
import { launchesOf } from './race.ts'
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
}

export interface PlannedWorkload {
  readonly workload: DescribedWorkload
  readonly sizes: readonly number[]
}

/** Arms of each race: one an executor, but one a worker count where the call names several; two in a control. */
function armsPlanned({ control, maxWorkers }: RunOptions, executors: readonly string[]): number {
  if (control === true) return 2
  return executors.reduce((count, executor) => count + (armsAsked(executor, maxWorkers)?.length ?? 1), 0)
}

const nobody: FoundPythons = { pythons: [], missing: null, isAsked: false }
/** Of the budget, what CPython's executors may have for further launches while some of Node's races are undecided. */
const guestBudgetShare = 1 / 5

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
  { listener, signal, journal }: RunContext,
  plan: () => Promise<readonly PlannedWorkload[]>,
  python: NonNullable<RunRequest['python']> = { paths: null, isAsked: false },
): Promise<Result> {
  const beganAtMs = now()
  const beganAt = new Date().toISOString()
  const environment = readEnvironment()
  removeAbandonedFolders()
  using announcement = announce()
  const disturbance = watchDisturbance()
  const [ofNode, ofPython] = [false, true].map((isPython) =>
    options.executors.filter((id) => (pythonKind(id) !== undefined) === isPython),
  ) as [string[], string[]]
  const pythons = ofPython.length === 0 ? nobody : await findPythons(python)
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
  const arms = armsPlanned(options, ofNode)
  const twinArms = armsPlanned(options, ofPython)
  const interpreters = pythons.pythons.filter(({ unfit }) => unfit === null).length
  const ofNodeIn = (all: typeof contests): typeof contests =>
    all.filter(({ control }) => (control === null ? ofNode.length > 0 : ofNode.includes(control)))
  const twinsIn = (all: typeof contests): typeof contests =>
    all.filter(
      ({ workload, control }) => workload.twin !== null && (control === null || ofPython.includes(control)),
    )
  // Ordered pairs of arms: what the run's error budget is shared by, all shards together.
  const plannedPairs =
    (countRaces(ofNodeIn(wholeContests)) + racesAdded) * arms * (arms - 1) +
    countRaces(twinsIn(wholeContests)) * interpreters * twinArms * (twinArms - 1)
  // Another order for each process, since the first one's was not kept.
  const random = seededRandom((options.seed + (kept?.resumptions ?? 0)) % 2 ** 32)
  const cores = Math.max(1, Math.floor(environment.availableCores))

  const racesPlanned = countRaces(ofNodeIn(contests)) + countRaces(twinsIn(contests)) * interpreters
  listener({
    kind: 'planned',
    workloads: planned.map(({ workload }) => workload.name),
    cells: countRaces(ofNodeIn(contests)) * arms + countRaces(twinsIn(contests)) * interpreters * twinArms,
  })
  if (contests.length === 0)
    listener({ kind: 'note', message: 'there are more shards than races: nothing is left for this one.' })

  for (const message of [
    pythons.missing,
    ...(pythons.isAsked ? [] : pythons.pythons.map(({ unfit }) => unfit)),
  ])
    if (message !== null) listener({ kind: 'note', message: `CPython is not tested: ${message}.` })

  const calibration =
    options.control === true || kept?.calibration !== undefined
      ? kept?.calibration
      : await calibrateInHosts({
          executors: modelledExecutors.filter((executor) => options.executors.includes(executor)),
          cores,
          budgetMs,
          // Its own: the order of the rounds follows from the seed, calibrated or not.
          random: seededRandom(options.seed),
          now,
          signal,
        })

  if (calibration !== undefined && kept?.calibration === undefined)
    kept?.keepCalibration(calibration, now() - startMs)

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
      races: { decided, undecided, left: Math.max(0, racesPlanned - decided - undecided) },
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
      message: `going on with ${launches} launches of an earlier run, in which ${spentS} s of the budget were spent.`,
    })
  }

  for (const [index, entry] of entries.entries()) {
    if (signal.aborted) break
    // First as many launches as a verdict needs, for everyone.
    if (!entry.hasBegun || entry.lacksLaunches(minLaunches))
      await entry.go(now() + Math.max(0, endMs - now()) / (entries.length - index), minLaunches)
    tell(entry, () => true)
  }

  // What is left goes first to those whose first launches did not fit, then to sizes where the lead changes, as soon
  // as it seems to, then to the undecided, the nearest to an answer first.
  for (const entry of entries) {
    const isShort = entry.launchesDone > 0 && entry.launchesDone < minLaunches
    if (!signal.aborted && isShort && endMs - now() > entry.typicalLaunchMs)
      await entry.go(endMs, minLaunches, entry.cellsIn(entry.runtimes[0] ?? null))
  }
  const { margin } = options
  const refinement = new Refinement({ budgetMs, endMs, margin, now, signal })
  const open = new Set(entries.flatMap((entry) => entry.runtimes.map((runtime) => ({ entry, runtime }))))
  let guestsLeftMs = budgetMs * guestBudgetShare
  for (;;) {
    if (refines) {
      await refinement.go(entries.filter((entry) => isWhole(entry)))
      for (const entry of entries) tell(entry, (cell) => cell.refines)
    }
    const leftMs = endMs - now()
    const candidates = [...open]
      .flatMap((contest) => {
        const { entry, runtime } = contest
        const need = entry.launchesNeeded(runtime)
        const launchMs = entry.typicalLaunchMsIn(runtime)
        const isAffordable = launchMs < leftMs && launchesOf(entry.cellsIn(runtime)) < maxLaunches
        return need === null || !isAffordable ? [] : [{ contest, need, needMs: need * launchMs }]
      })
      .toSorted((one, other) => (one.needMs < other.needMs ? -1 : 1))
    const [nearest = candidates[0]] =
      guestsLeftMs > 0 ? candidates : candidates.filter(({ contest }) => contest.runtime === null)
    if (nearest === undefined || signal.aborted) break
    // A few launches, then another look at who is nearest.
    const { contest, need } = nearest
    const launchesDone = launchesOf(contest.entry.cellsIn(contest.runtime))
    const mostLaunches = Math.min(maxLaunches, launchesDone + Math.min(need, launchesAtOnce))
    await contest.entry.go(endMs, mostLaunches, contest.entry.cellsIn(contest.runtime))
    if (contest.runtime !== null) guestsLeftMs -= leftMs - (endMs - now())
    // What cannot go on, its setup failing for example, must not be asked for ever.
    if (launchesOf(contest.entry.cellsIn(contest.runtime)) === launchesDone) open.delete(contest)
  }
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
    plannedPairs,
    calibration,
    entries,
    notStarted: entries
      .filter(({ hasBegun }) => !hasBegun)
      .map(({ workload, control }) => ({ workload: workload.name, control })),
  })
}
