/** Sizes up a workload's Python twin in each interpreter, or says why it does not take part. */

import { basename, extname } from 'node:path'
import type { Skip } from '../../results/schema.ts'
import type { OpenArm } from '../arm-host.ts'
import type { CellRecord } from '../cell.ts'
import { emptyCell } from '../cell.ts'
import type { DescribedWorkload } from '../describe.ts'
import type { PilotReport } from '../pilot.ts'
import { runPilot } from '../pilot.ts'
import { pythonSerialId } from './executors.ts'
import type { FoundPythons } from './interpreter.ts'

export type TwinSkip = Pick<Skip, 'size' | 'executor' | 'runtime' | 'reason'>

export interface TwinPilotRequest {
  readonly workload: DescribedWorkload
  /** CPython's executors that were asked for. */
  readonly executors: readonly string[]
  readonly pythons: FoundPythons
  /** Node's own pilot: what it could not measure is not tried here. */
  readonly ofNode: PilotReport
  readonly maxWorkers: readonly number[] | null
  readonly cores: number
  readonly openArm: OpenArm
  /** A size whose serial makespan takes longer is left to Node; shared out to the interpreters. */
  readonly longestMakespanMs: number
  readonly signal: AbortSignal
}

export interface TwinPilots {
  readonly reports: readonly { readonly runtime: string; readonly report: PilotReport }[]
  readonly skipped: readonly TwinSkip[]
  /** Cells of interpreters that were asked for and cannot run a twin. */
  readonly failed: readonly CellRecord[]
}

/** Never rejects: what fails is in the reports. */
export async function pilotTwin(request: TwinPilotRequest): Promise<TwinPilots> {
  const { workload, executors, pythons, ofNode, signal } = request
  const reports: { runtime: string; report: PilotReport }[] = []
  const skipped: TwinSkip[] = []
  const failed: CellRecord[] = []
  const skip = (reason: string, about: { size?: number; runtime?: string } = {}): void => {
    for (const executor of executors) skipped.push({ size: null, ...about, executor, reason })
  }
  const { file } = workload.bundle
  if (executors.length === 0) return { reports, skipped, failed }
  if (workload.twin === null)
    skip(`it has no Python twin: a file ${basename(file, extname(file))}.py beside it would take part`)
  else if (pythons.missing !== null) skip(pythons.missing)
  else
    for (const { record, unfit } of pythons.pythons) {
      if (signal.aborted) break
      const { runtime } = record
      if (unfit === null) {
        const report = await pilotIn(runtime, request)
        reports.push({ runtime, report })
        for (const { size, reason } of report.skipped) skip(reason, { size, runtime })
      } else if (pythons.isAsked) {
        for (const size of ofNode.sizes)
          for (const executor of executors)
            failed.push({
              ...emptyCell(size, { executor, workers: 1, runtime }, 'rule'),
              error: { name: 'PythonUnfit', message: unfit },
            })
      } else skip(unfit)
    }
  return { reports, skipped, failed }
}

function pilotIn(runtime: string, request: TwinPilotRequest): Promise<PilotReport> {
  const { workload, executors, pythons, ofNode, maxWorkers, cores, openArm, signal } = request
  return runPilot({
    workload: workload.name,
    sizes: ofNode.sizes,
    executors,
    serial: { executor: pythonSerialId, workers: 1, runtime },
    ofNode,
    maxWorkers,
    cores,
    openArm,
    longestMakespanMs: request.longestMakespanMs / pythons.pythons.length,
    signal,
  })
}
