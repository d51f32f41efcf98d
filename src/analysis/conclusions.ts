/** What a run concludes from all its contests together: verdicts, crossovers, predictions, guidance; also for merged shards. */

import type { Cell, Result, RunOptions } from '../results/schema.ts'
import { median } from '../stats/summary.ts'
import type { Arm, Contest } from './contest.ts'
import { bySize, raceOf, racesLike, sizeRaces } from './contest.ts'
import { findCrossovers } from './crossover.ts'
import { guidanceOf } from './guidance.ts'
import { ComparedWithSerial } from './over-serial.ts'
import { crossoversPredicted, predictCells } from './predictions.ts'
import { isSerial } from './by-workload.ts'
import { minLaunches } from './race.ts'
import { Spreads } from './spreads.ts'
import type { Decision } from './verdict.ts'
import { compareArms, decide, makespanInterval, maxLaunches } from './verdict.ts'
import { whatIfOf } from './what-if.ts'
import { withWarnings } from './warnings/index.ts'

/** All that was measured under one error budget. */
interface Evidence {
  readonly contests: readonly Contest[]
  readonly options: RunOptions
  /** Ordered pairs of arms over all races that were planned: they share the error budget. */
  readonly plannedPairs: number
  /** Why the run ended early; null if it did not. */
  readonly interrupted: string | null
}

/** The spreads that a contest's verdicts believe in. */
export function spreadsFor(
  contest: Pick<Contest, 'control' | 'runtime'>,
  contests: readonly Contest[],
): Spreads {
  return new Spreads(racesLike(contest, contests))
}

/** The one sentence that says how the verdict came about. */
function reasonFor(
  { kind, launches, launchesNeeded }: Decision,
  measured: number,
  { options, interrupted }: Evidence,
): string {
  const percent = `${Number((100 * options.margin).toPrecision(3))} %`
  if (measured < 2)
    return measured === 0 ? 'nothing could be measured' : 'no other executor could be measured'
  if (kind === 'winner') return `faster than every other by more than ${percent} in ${launches} launches`
  if (kind === 'tie') return `within ${percent} of each other in ${launches} launches`
  if (launches < minLaunches && interrupted !== null)
    return `the run was interrupted after ${launches} of at least ${minLaunches} launches`
  if (launches < minLaunches)
    return `${launches} of at least ${minLaunches} launches fitted into the budget: give a longer --budget`
  if (launchesNeeded === null) return `too close or too noisy to tell after ${launches} launches`
  return launchesNeeded > maxLaunches
    ? `too close or too noisy to tell after ${launches} launches; about ${launchesNeeded} would be needed, and ${maxLaunches} are the most`
    : `not settled after ${launches} launches; about ${launchesNeeded} would be needed`
}

/** A verdict for each size at which two arms or more were raced. */
function verdictsOf(contest: Contest, evidence: Evidence): Result['verdicts'] {
  const { contests, plannedPairs } = evidence
  const options = { ...evidence.options, plannedPairs }
  const spreads = spreadsFor(contest, contests)
  return bySize(contest.cells).flatMap(({ size, cells }) => {
    const race = raceOf(cells)
    const measured = race.arms.filter((launches) => launches.length > 0).length
    if (cells.length < 2 || measured === 0) return []
    const found = contest.settled.get(size) ?? decide(race, spreads, options)
    const decision: Decision = measured < 2 ? { ...found, kind: 'undecided' } : found
    const leaders = decision.leaders.flatMap((index) => cells[index] ?? [])
    const serial = contest.control === null ? cells.findIndex(({ arm }) => isSerial(arm.executor)) : -1
    const [first] = decision.leaders
    const over =
      first === undefined || first === serial || serial === -1 || race.arms[serial]?.length === 0
        ? null
        : compareArms(race, first, serial, spreads, options)
    return [
      {
        workload: contest.workload.name,
        size,
        ...(cells[0]?.refines === true ? { refines: true } : {}),
        ...(contest.runtime === null ? {} : { runtime: contest.runtime }),
        kind: decision.kind,
        executors: leaders.map(({ arm }) => arm.executor),
        ...(contest.control === null ? {} : { arms: leaders.flatMap(({ arm }) => arm.name ?? []) }),
        workers: leaders.map(({ arm }) => arm.workers),
        over: contest.runtime === null ? 'serial' : 'python-serial',
        ratio: over === null ? null : over.ratio,
        interval: over === null || !Number.isFinite(over.interval[1]) ? null : [...over.interval],
        rounds: leaders[0]?.launches.flat().length ?? 0,
        launches: decision.launches,
        launchesNeeded: decision.launchesNeeded,
        reason: reasonFor(decision, measured, evidence),
        warnings: [],
      },
    ]
  })
}

/** What an arm is called: its executor, with its workers where several counts of it race. */
function nameOf({ executor, workers }: Arm, arms: readonly Arm[]): string {
  const isOne = arms.filter((other) => other.executor === executor).length === 1
  return isOne ? executor : `${executor} x${workers}`
}

/** The crossovers of a contest; an executor does not overtake itself. */
function crossoversOf(contest: Contest, { contests, options, plannedPairs }: Evidence): Result['crossovers'] {
  if (contest.control !== null) return []
  const { workload, runtime, cells, settled } = contest
  const arms = bySize(cells)[0]?.cells.map(({ arm }) => arm) ?? []
  const names = arms.map((arm) => nameOf(arm, arms))
  const serial = arms.findIndex(({ executor }) => isSerial(executor))
  const spreads = spreadsFor(contest, contests)
  const found = findCrossovers(sizeRaces(cells, settled), names, serial, spreads, {
    ...options,
    plannedPairs,
  })
  return found.map(({ from, to, answer, size, interval, bracket, reason }) => ({
    workload: workload.name,
    from: arms[from]?.executor ?? '',
    to: arms[to]?.executor ?? '',
    ...(runtime === null ? {} : { runtime }),
    workers: [arms[from]?.workers ?? null, arms[to]?.workers ?? null],
    answer,
    size,
    interval: interval && [...interval],
    bracket: [...bracket],
    reason,
  }))
}

/** What the model expects of the cells that were measured, and of the machine that was asked for. */
function forecastsOf(
  cells: readonly Cell[],
  { calibration, options, environment, ...had }: Result,
): Pick<Result, 'predictions' | 'predictedCrossovers' | 'whatIf'> {
  const { margin, whatIf: change } = options
  const predictions = calibration === undefined ? had.predictions : predictCells(cells, calibration)
  const cores = Math.max(1, Math.floor(environment.availableCores))
  return {
    ...(predictions === undefined
      ? {}
      : { predictions, predictedCrossovers: crossoversPredicted(cells, predictions, margin) }),
    ...(change === undefined || calibration === undefined
      ? {}
      : { whatIf: whatIfOf(cells, margin, { change, calibration, cores }) }),
  }
}

const keyOf = (control: string | null, runtime = ''): string => `${control ?? ''} in ${runtime}`

/**
 * The result with all that is concluded from its cells together, whatever it had of it before.
 * @param contests of all cells; `plannedPairs` of the result is what their error budget is shared by.
 */
export function withConclusions(result: Result, contests: readonly Contest[]): Result {
  const { options, plannedPairs = 0, interrupted = null } = result
  const evidence = { contests, options, plannedPairs, interrupted }
  const spreads = new Map(
    contests.map((contest) => [keyOf(contest.control, contest.runtime ?? ''), spreadsFor(contest, contests)]),
  )
  const intervalOf = ({ executor, runtime, launches }: Cell): Cell['intervalMs'] => {
    const ofContest = spreads.get(keyOf(options.control === true ? executor : null, runtime))
    const medians = launches.map((launch) => median(launch))
    return ofContest === undefined ? null : makespanInterval(medians, ofContest, options.confidence)
  }
  const compared = new ComparedWithSerial()
  for (const contest of contests)
    compared.add(contest, spreadsFor(contest, contests), { ...options, plannedPairs })
  const cells = result.cells.map((cell) => ({
    ...cell,
    intervalMs: intervalOf(cell),
    overSerial: compared.of(cell),
  }))
  const concluded = withWarnings({
    ...result,
    cells,
    verdicts: contests.flatMap((contest) => verdictsOf(contest, evidence)),
    crossovers: contests.flatMap((contest) => crossoversOf(contest, evidence)),
    ...forecastsOf(cells, result),
  })
  return { ...concluded, guidance: guidanceOf(concluded) }
}
