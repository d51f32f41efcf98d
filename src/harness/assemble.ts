/** Makes the result of what a run measured. */

import { withConclusions } from '../analysis/conclusions.ts'
import type { Calibration, Environment, Result, RunOptions } from '../results/schema.ts'
import { median } from '../stats/summary.ts'
import { undisturbed } from '../stats/undisturbed.ts'
import type { CellRecord } from './cell.ts'
import { cellCosts } from './cell-costs.ts'
import { demandOf } from './demand.ts'
import { diagnosesOf } from './diagnoses.ts'
import { shownPath } from './shown-path.ts'
import { mostTimelines, timelinesOf } from './timeline.ts'
import type { WorkloadRecord } from './workload-record.ts'

export interface RunRecord {
  readonly startedAt: string
  readonly durationMs: number
  /** Why the run ended early; null if it did not. */
  readonly interrupted: string | null
  readonly options: RunOptions
  /** Other budgets that an interrupted run had before it went on with that of `options`. */
  readonly earlierBudgetsMs: readonly number[]
  readonly plannedPairs: number
  readonly environment: Environment
  /** Undefined: there was no time for it. */
  readonly calibration: Calibration | undefined
  readonly entries: readonly Pick<
    WorkloadRecord,
    'workload' | 'control' | 'cells' | 'pilots' | 'skipped' | 'contests' | 'taskCalls'
  >[]
  /** What the run ended before: a workload, or one of its executors in a control. */
  readonly notStarted: readonly { readonly workload: string; readonly control: string | null }[]
}

function cellOf(workload: string, cell: CellRecord): Result['cells'][number] {
  const medians = cell.launches.map((launch) => median(launch))
  const medianMs = medians.length === 0 ? null : median(medians)
  const demand = cell.arm.executor === 'serial' ? demandOf(cell, medianMs) : undefined
  return {
    workload,
    size: cell.size,
    executor: cell.arm.executor,
    ...(cell.arm.name === undefined ? {} : { arm: cell.arm.name }),
    workers: cell.arm.workers,
    workersChosenBy: cell.chosenBy,
    ...(cell.arm.runtime === undefined ? {} : { runtime: cell.arm.runtime }),
    tasks: cell.tasks,
    ...(cell.refines ? { refines: true } : {}),
    ...(cell.isBeaten ? { beaten: true } : {}),
    launches: cell.launches,
    yardstickMs: cell.yardsticks.map((launch) => undisturbed(launch)),
    warmUpMs: cell.warmUpMs,
    medianMs,
    intervalMs: null,
    checksum: cell.checksum ?? '',
    ...cellCosts(cell, medianMs),
    ...(cell.twinProcesses === null ? {} : { workerProcesses: cell.twinProcesses }),
    ...(demand === undefined ? {} : { demand }),
    error: cell.error,
  }
}

/** The result file's content; every number in it comes from `record`. */
export function assembleResult(record: RunRecord): Result {
  const { startedAt, durationMs, interrupted, environment, options, calibration, entries } = record
  const measured: Result = {
    format: 'boundby-result',
    formatVersion: 1,
    startedAt,
    durationMs,
    interrupted,
    environment,
    options,
    ...(record.earlierBudgetsMs.length === 0 ? {} : { earlierBudgetsMs: [...record.earlierBudgetsMs] }),
    plannedPairs: record.plannedPairs,
    workloads: [...new Set(entries.map(({ workload }) => workload))].map((workload) => ({
      name: workload.name,
      summary: workload.summary,
      ...(workload.source === undefined ? {} : { source: workload.source }),
      expects: workload.expects,
      file: shownPath(workload.bundle.file),
      bundleSha256: workload.bundle.sha256,
      taskCalls: entries.reduce(
        (calls, entry) => calls + (entry.workload === workload ? entry.taskCalls : 0),
        0,
      ),
      ...(workload.twin === null ? {} : { twin: shownPath(workload.twin) }),
    })),
    cells: entries.flatMap(({ workload, cells }) =>
      cells.filter((cell) => cell.skipped === null).map((cell) => cellOf(workload.name, cell)),
    ),
    verdicts: [],
    crossovers: [],
    // A control asks about the machine, not about the task.
    diagnoses: entries.flatMap(({ workload, control, cells }) =>
      control === null ? diagnosesOf(workload.name, cells) : [],
    ),
    guidance: [],
    ...(calibration === undefined ? {} : { calibration }),
    timelines: entries
      .flatMap(({ workload, control, cells }) => (control === null ? timelinesOf(workload.name, cells) : []))
      .slice(0, mostTimelines),
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
            ...(arm.runtime === undefined ? {} : { runtime: arm.runtime }),
            reason: reason ?? '',
          })),
      ]),
    ],
    pilots: entries.flatMap(({ pilots }) => pilots),
    warnings: [],
  }
  // Of each workload Node's first: whoever looks for its verdict finds that of Node.
  return withConclusions(
    measured,
    entries.flatMap(({ contests }) => contests),
  )
}
