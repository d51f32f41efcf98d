/** What became of a baseline: cells that are slower or faster, conclusions that changed, and whether to raise an alarm. */

import type { Cell, Result, Skip } from '../results/schema.ts'
import { median } from '../stats/summary.ts'
import { changesOf } from './comparison/changes.ts'
import type { Changes, Sample } from './comparison/changes.ts'
import type { Change } from './comparison/look.ts'
import { computingShare } from './comparison/computing.ts'
import { claimChanges, crossoverMoves, flipsOf, undecidedNow } from './comparison/conclusions.ts'
import type { ClaimChange, CrossoverMove, Flip } from './comparison/conclusions.ts'
import { environmentDifferences } from './comparison/environments.ts'
import type { EnvironmentDifference } from './comparison/environments.ts'
import { launchesOf } from './comparison/launches.ts'
import type { Launch } from './comparison/launches.ts'
import { withoutMachines } from './comparison/machines.ts'
import { pairCells } from './comparison/pairing.ts'
import type { CellPair } from './comparison/pairing.ts'
import { launchRatios } from './race.ts'
import { serialOf } from './runtime.ts'
import { loadWarnings } from './warnings/load.ts'

/** What an alarm can be raised for. */
export const alarmKinds = ['slower', 'flipped', 'missing', 'checksum'] as const
export type AlarmKind = (typeof alarmKinds)[number]

export interface ComparisonOptions {
  readonly margin: number
  readonly failOn: readonly AlarmKind[]
  /** Compares only ratios to the serial executor, and verdicts: times of two machines say nothing about the code. */
  readonly acrossEnvironments: boolean
}

export interface RaceName {
  readonly workload: string
  readonly size: number
  /** Of CPython's executors, what ran them. */
  readonly runtime?: string | undefined
}

export interface CellName extends RaceName {
  readonly executor: string
}

export interface FoundCell extends CellName {
  /** Of the candidate; of the baseline where the candidate does not have the cell. */
  readonly workers: number | null
}

/** What the baseline has and the candidate has not; null: all sizes, all executors. */
export interface MissingCell extends Omit<FoundCell, 'size' | 'executor'> {
  readonly size: number | null
  readonly executor: string | null
}

export interface ComparedCell extends Change, FoundCell {
  /** Of the baseline; the pilot may have chosen another number. */
  readonly workersBefore: number | null
  readonly baselineMs: number
  readonly candidateMs: number
  /** Launches of the baseline and of the candidate. */
  readonly launches: readonly [number, number]
}

export interface Comparison extends Omit<Changes, 'changes'> {
  readonly environments: readonly EnvironmentDifference[]
  /**
   * What is compared: times of two results, ratios to serial (of results from different machines), or two versions that
   * were measured in turns in one run.
   */
  readonly by: 'times' | 'ratios' | 'turns'
  readonly margin: number
  readonly error: number
  readonly cells: readonly ComparedCell[]
  readonly flipped: readonly Flip[]
  /** Those that raise no alarm, since other programs were at work beside a result: pools lose cores to them first. */
  readonly flippedUnderLoad: readonly Flip[]
  /** Decided in the baseline only. */
  readonly undecidedNow: readonly RaceName[]
  readonly crossovers: readonly CrossoverMove[]
  readonly guidance: readonly ClaimChange[]
  readonly checksums: readonly FoundCell[]
  readonly missing: readonly MissingCell[]
  readonly added: readonly FoundCell[]
  /** Of versions that were measured in turns: what was not. */
  readonly skipped: readonly Skip[]
  /** The same: why they were not measured for as long as was planned. */
  readonly interrupted?: string
  readonly failOn: readonly AlarmKind[]
  /** What of `failOn` was found. */
  readonly alarms: readonly AlarmKind[]
  readonly alarm: boolean
}

/**
 * Probability of a false alarm in a comparison, however many cells it has; half of the 1 % that is promised, since in
 * simulation workloads that are off as a whole on one of the days raise twice as many as they should, and so do versions
 * in turns with few launches or a noisy cell among calm ones.
 */
export const comparisonError = 0.005

export const nameOf = ({ workload, size, executor, runtime }: Cell): CellName => ({
  workload,
  size,
  executor,
  ...(runtime === undefined ? {} : { runtime }),
})
export const foundCell = (cell: Cell): FoundCell => ({ ...nameOf(cell), workers: cell.workers })
/** As the file says it, which is sooner than to sort all its launches; a file need not say it. */
export const typicalMs = ({ medianMs, launches }: Cell): number =>
  medianMs ?? median(launches.map((launch) => median(launch)))

/** Executors that took turns have met the same machine. */
const withoutYardstick = (log: number): Launch => ({ log, yardstick: null })

const isBusy = ({ environment }: Result): boolean => loadWarnings(environment).length > 0

const isSerial = ({ executor }: Cell): boolean => executor === 'serial' || executor === 'python-serial'

const raceOf = ({ workload, size, executor, runtime }: Cell): string =>
  JSON.stringify([workload, size, serialOf(executor), runtime ?? null])

/** For each race, the cell that the others are compared with. */
function references(cells: readonly Cell[]): (cell: Cell) => Cell | undefined {
  const byRace = new Map(
    cells.filter((cell) => isSerial(cell) && cell.error === null).map((cell) => [raceOf(cell), cell]),
  )
  return (cell) => byRace.get(raceOf(cell))
}

interface Sampled extends Pick<ComparedCell, 'baselineMs' | 'candidateMs'> {
  readonly pair: CellPair
  readonly sample: Sample
}

/** Times as they are; across machines how long each executor took by the side of serial, launch by launch. */
function samplesOf(
  pairs: readonly CellPair[],
  baseline: Result,
  candidate: Result,
  byRatio: boolean,
): Sampled[] {
  const [before, after] = [references(baseline.cells), references(candidate.cells)]
  return pairs.flatMap((pair) => {
    const { workload, executor } = pair.candidate
    const [baselineMs, candidateMs] = [typicalMs(pair.baseline), typicalMs(pair.candidate)]
    if (!byRatio) {
      const launches = { baseline: launchesOf(pair.baseline), candidate: launchesOf(pair.candidate) }
      const computing = Math.max(computingShare(pair.baseline), computingShare(pair.candidate))
      return [{ pair, baselineMs, candidateMs, sample: { workload, executor, computing, ...launches } }]
    }
    const [serialBefore, serialAfter] = [before(pair.baseline), after(pair.candidate)]
    if (isSerial(pair.baseline) || serialBefore === undefined || serialAfter === undefined) return []
    const ratios = {
      baseline: launchRatios(serialBefore.launches, pair.baseline.launches).map(withoutYardstick),
      candidate: launchRatios(serialAfter.launches, pair.candidate.launches).map(withoutYardstick),
    }
    return [{ pair, baselineMs, candidateMs, sample: { workload, executor, computing: 1, ...ratios } }]
  })
}

/** Compares two results. Nothing is thrown for what cannot be compared: it is said. */
export function compareResults(
  given: Result,
  now: Result,
  { margin, failOn, acrossEnvironments }: ComparisonOptions,
): Comparison {
  const [baseline, candidate] = acrossEnvironments
    ? [withoutMachines(given), withoutMachines(now)]
    : [given, now]
  const { pairs, gone, added } = pairCells(baseline, candidate)
  const isDisturbed = isBusy(baseline) || isBusy(candidate)
  const sampled = samplesOf(pairs, baseline, candidate, acrossEnvironments)
  const { changes, ...shared } = changesOf(
    sampled.map(({ sample }) => sample),
    {
      margin,
      error: comparisonError,
      isDisturbed,
      areTimes: !acrossEnvironments,
    },
  )
  const cells = sampled.flatMap(({ pair, baselineMs, candidateMs }, index): ComparedCell[] => {
    const found = changes[index]
    if (found === undefined) return []
    const { workload, size, executor, runtime, workers } = pair.candidate
    const { change, ratio, interval, detectable } = found
    // Field by field: after a spread no two objects are alike for the engine (of Node 20), and all that reads them is slow.
    return [
      {
        workload,
        size,
        executor,
        runtime,
        workers,
        workersBefore: pair.baseline.workers,
        change,
        ratio,
        interval,
        detectable,
        baselineMs,
        candidateMs,
        launches: [pair.baseline.launches.length, pair.candidate.launches.length],
      },
    ]
  })
  const flips = flipsOf(baseline, candidate)
  const flipped = isDisturbed ? [] : flips
  const checksums = pairs
    .filter((pair) => pair.baseline.checksum !== '' && pair.candidate.checksum !== '')
    .filter((pair) => pair.baseline.checksum !== pair.candidate.checksum)
    .map((pair) => foundCell(pair.candidate))
  const found: Readonly<Record<AlarmKind, boolean>> = {
    slower: cells.some(({ change }) => change === 'slower'),
    flipped: flipped.length > 0,
    missing: gone.length > 0,
    checksum: checksums.length > 0,
  }
  const alarms = alarmKinds.filter((kind) => failOn.includes(kind) && found[kind])
  return {
    environments: environmentDifferences(baseline.environment, candidate.environment),
    by: acrossEnvironments ? 'ratios' : 'times',
    margin,
    error: comparisonError,
    ...shared,
    cells,
    flipped,
    flippedUnderLoad: isDisturbed ? flips : [],
    undecidedNow: undecidedNow(baseline, candidate),
    crossovers: crossoverMoves(baseline, candidate),
    guidance: claimChanges(baseline, candidate),
    checksums,
    missing: gone.map(foundCell),
    added: added.map(foundCell),
    skipped: [],
    failOn,
    alarms,
    alarm: alarms.length > 0,
  }
}
