/** What races in a workload: the sizes, arms and worker counts that its pilots choose, in Node and for its twin. */

import type { Pilot, RunOptions } from '../results/schema.ts'
import type { OpenArm } from './arm-host.ts'
import type { CellRecord } from './cell.ts'
import { emptyCell, failCell } from './cell.ts'
import type { DescribedWorkload } from './describe.ts'
import type { Arm } from './events.ts'
import type { PilotReport } from './pilot.ts'
import { runPilot } from './pilot.ts'
import { pythonKind, pythonSerialId } from './python/executors.ts'
import type { FoundPythons } from './python/interpreter.ts'
import { pilotTwin } from './python/pilot-twin.ts'
import type { RaceSkip } from './race-changes.ts'

/** A makespan longer than this share of a workload's time leaves no room for launches of four executors. */
const longestShare = 1 / 12
/**
 * For CPython's executors: the first launches take some fifteen of their makespans, and Node's need the better part
 * of the time.
 */
const longestGuestShare = 1 / 40
export interface WorkloadPilotRequest {
  readonly workload: DescribedWorkload
  readonly executors: readonly string[]
  /** The sizes that race here. */
  readonly sizes: readonly number[]
  /** The sizes that the pilot looks at: those of other shards too, so that all choose the same arms. */
  readonly pilotSizes: readonly number[]
  /** The executor that races itself; null where they race each other. */
  readonly control: string | null
  readonly options: Pick<RunOptions, 'maxWorkers'>
  /** Who can run the workload's twin. */
  readonly pythons: FoundPythons
  readonly cores: number
  /** What the budget has for this workload if all take the same. */
  readonly fairShareMs: number
  readonly openArm: OpenArm
  readonly signal: AbortSignal
}

export interface PilotedWorkload {
  readonly cells: readonly CellRecord[]
  readonly pilots: readonly Pilot[]
  /** Sizes (null: all) that do not race, and why. */
  readonly skipped: readonly RaceSkip[]
}

/** The arms as they race: in a control each of them twice. */
export function asRaced(arm: Arm, control: string | null): Arm[] {
  return control === null
    ? [arm]
    : [
        { ...arm, name: 'A' },
        { ...arm, name: 'B' },
      ]
}

/** The cells that a pilot has chosen. */
function cellsOf(
  report: PilotReport,
  serial: Pick<Arm, 'executor' | 'runtime'>,
  { sizes, control }: WorkloadPilotRequest,
): CellRecord[] {
  const arms = report.arms.flatMap(({ arm, chosenBy }) =>
    asRaced(arm, control).map((raced) => ({ arm: raced, chosenBy })),
  )
  const cells = report.sizes
    .filter((size) => sizes.includes(size))
    .flatMap((size) =>
      arms.map(({ arm, chosenBy }) => emptyCell(size, arm, chosenBy, report.serialMs.get(size))),
    )
  for (const cell of cells) {
    const isSerial = cell.arm.executor === serial.executor && cell.arm.runtime === serial.runtime
    const failure = isSerial ? report.serialFailures.get(cell.size) : undefined
    if (failure !== undefined) failCell(cell, failure.cellError, cells)
  }
  return cells
}

/** Never rejects: what fails is in the cells. */
export async function pilotWorkload(request: WorkloadPilotRequest): Promise<PilotedWorkload> {
  const { workload, executors, sizes, pilotSizes, options, pythons, fairShareMs } = request
  const { cores, openArm, signal } = request
  const isHere = ({ size }: { readonly size: number | null }): boolean =>
    size === null || sizes.includes(size)
  const common = { maxWorkers: options.maxWorkers, cores, openArm, signal }
  const ofNode = await runPilot({
    ...common,
    workload: workload.name,
    sizes: pilotSizes,
    executors: executors.filter((id) => pythonKind(id) === undefined),
    serial: { executor: 'serial', workers: 1 },
    longestMakespanMs: fairShareMs * longestShare,
  })
  const twin = await pilotTwin({
    ...common,
    workload,
    executors: executors.filter((id) => pythonKind(id) !== undefined),
    pythons,
    ofNode,
    longestMakespanMs: fairShareMs * longestGuestShare,
  })
  return {
    cells: [
      ...cellsOf(ofNode, { executor: 'serial' }, request),
      ...twin.reports.flatMap(({ report, runtime }) =>
        cellsOf(report, { executor: pythonSerialId, runtime }, request),
      ),
      ...twin.failed.filter(isHere),
    ],
    pilots: [ofNode, ...twin.reports.map(({ report }) => report)].flatMap((report) => report.pilots),
    skipped: [...ofNode.skipped, ...twin.skipped].filter(isHere),
  }
}
