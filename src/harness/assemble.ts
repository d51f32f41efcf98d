/** Makes the result of what a run measured. */

import { isAbsolute, relative } from 'node:path'
import type { Decision } from '../analysis/verdict.ts'
import { minLaunches } from '../analysis/race.ts'
import { Spreads } from '../analysis/spreads.ts'
import { compareArms, decide, makespanInterval, maxLaunches } from '../analysis/verdict.ts'
import { withWarnings } from '../analysis/warnings/index.ts'
import type { Environment, Result, RunOptions } from '../results/schema.ts'
import { median } from '../stats/summary.ts'
import type { CellRecord } from './cell.ts'
import { cellCosts } from './cell-costs.ts'
import { crossoversOf } from './crossovers.ts'
import { diagnosesOf } from './diagnoses.ts'
import { bySize, raceOf, racesLike } from './race.ts'
import type { WorkloadRace } from './workload-race.ts'

export interface RunRecord {
  readonly startedAt: string
  readonly durationMs: number
  /** Why the run ended early; null if it did not. */
  readonly interrupted: string | null
  readonly environment: Environment
  readonly options: RunOptions
  readonly plannedPairs: number
  readonly entries: readonly Pick<
    WorkloadRace,
    'workload' | 'control' | 'cells' | 'pilots' | 'skipped' | 'settled'
  >[]
  /** What the run ended before: a workload, or one of its executors in a control. */
  readonly notStarted: readonly { readonly workload: string; readonly control: string | null }[]
}

type Entry = RunRecord['entries'][number]

function cellOf(
  workload: string,
  cell: CellRecord,
  spreads: Spreads,
  confidence: number,
): Result['cells'][number] {
  const medians = cell.launches.map((launch) => median(launch))
  const medianMs = medians.length === 0 ? null : median(medians)
  return {
    workload,
    size: cell.size,
    executor: cell.arm.executor,
    ...(cell.arm.name === undefined ? {} : { arm: cell.arm.name }),
    workers: cell.arm.workers,
    workersChosenBy: cell.chosenBy,
    tasks: cell.tasks,
    ...(cell.refines ? { refines: true } : {}),
    launches: cell.launches,
    warmUpMs: cell.warmUpMs,
    medianMs,
    intervalMs: makespanInterval(medians, spreads, confidence),
    checksum: cell.checksum ?? '',
    ...cellCosts(cell, medianMs),
    error: cell.error,
  }
}

/** The one sentence that says how the verdict came about. */
function reasonFor(
  { kind, launches, launchesNeeded }: Decision,
  measured: number,
  { options, interrupted }: RunRecord,
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

function verdictsOf(entry: Entry, record: RunRecord): Result['verdicts'] {
  const options = { ...record.options, plannedPairs: record.plannedPairs }
  const spreads = new Spreads(racesLike(entry.control, record.entries))
  return bySize(entry.cells).flatMap(({ size, cells }) => {
    const race = raceOf(cells)
    const measured = race.arms.filter((launches) => launches.length > 0).length
    if (cells.length < 2 || measured === 0) return []
    const found = entry.settled.get(size) ?? decide(race, spreads, options)
    const decision: Decision = measured < 2 ? { ...found, kind: 'undecided' } : found
    const leaders = decision.leaders.flatMap((index) => cells[index] ?? [])
    const serial = entry.control === null ? cells.findIndex((cell) => cell.arm.executor === 'serial') : -1
    const [first] = decision.leaders
    const over =
      first === undefined || first === serial || serial === -1 || race.arms[serial]?.length === 0
        ? null
        : compareArms(race, first, serial, spreads, options)
    return [
      {
        workload: entry.workload.name,
        size,
        ...(cells[0]?.refines === true ? { refines: true } : {}),
        kind: decision.kind,
        executors: leaders.map(({ arm }) => arm.executor),
        ...(entry.control === null ? {} : { arms: leaders.flatMap(({ arm }) => arm.name ?? []) }),
        workers: leaders.map(({ arm }) => arm.workers),
        over: 'serial',
        ratio: over === null ? null : over.ratio,
        interval: over === null || !Number.isFinite(over.interval[1]) ? null : [...over.interval],
        rounds: leaders[0]?.launches.flat().length ?? 0,
        launches: decision.launches,
        launchesNeeded: decision.launchesNeeded,
        reason: reasonFor(decision, measured, record),
        warnings: [],
      },
    ]
  })
}

function crossoversIn(entry: Entry, { options, plannedPairs, entries }: RunRecord): Result['crossovers'] {
  // An executor does not overtake itself.
  if (entry.control !== null) return []
  const spreads = new Spreads(racesLike(entry.control, entries))
  return crossoversOf(entry, spreads, { ...options, plannedPairs })
}

/** A path as the reader of a report knows it; a result that is committed must not name a home folder. */
function shownPath(file: string): string {
  const fromHere = relative(process.cwd(), file)
  return fromHere.startsWith('..') || isAbsolute(fromHere) ? file : fromHere
}

/** The result file's content; every number in it comes from `record`. */
export function assembleResult(record: RunRecord): Result {
  const { startedAt, durationMs, interrupted, environment, options, entries } = record
  return withWarnings({
    format: 'boundby-result',
    formatVersion: 1,
    startedAt,
    durationMs,
    interrupted,
    environment,
    options,
    workloads: [...new Set(entries.map(({ workload }) => workload))].map((workload) => ({
      name: workload.name,
      summary: workload.summary,
      ...(workload.source === undefined ? {} : { source: workload.source }),
      expects: workload.expects,
      file: shownPath(workload.bundle.file),
      bundleSha256: workload.bundle.sha256,
    })),
    cells: entries.flatMap(({ workload, control, cells }) => {
      const spreads = new Spreads(racesLike(control, entries))
      return cells
        .filter((cell) => cell.skipped === null)
        .map((cell) => cellOf(workload.name, cell, spreads, options.confidence))
    }),
    verdicts: entries.flatMap((entry) => verdictsOf(entry, record)),
    crossovers: entries.flatMap((entry) => crossoversIn(entry, record)),
    // A control asks about the machine, not about the task.
    diagnoses: entries.flatMap(({ workload, control, cells }) =>
      control === null ? diagnosesOf(workload.name, cells) : [],
    ),
    guidance: [],
    skipped: [
      ...record.notStarted.map(({ workload, control }) => ({
        workload,
        size: null,
        executor: control,
        reason: 'the run was interrupted before it began',
      })),
      ...entries.flatMap(({ workload, control, cells, skipped }) => [
        ...skipped.map((skip) => ({ workload: workload.name, executor: control, ...skip })),
        ...cells
          .filter((cell) => cell.skipped !== null)
          .map(({ size, arm, skipped: reason }) => ({
            workload: workload.name,
            size,
            executor: arm.executor,
            reason: reason ?? '',
          })),
      ]),
    ],
    pilots: entries.flatMap(({ pilots }) => pilots),
    warnings: [],
  })
}
