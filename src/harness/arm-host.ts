/** One executor of a workload in a host of its own, for one launch. */

import type { CellError } from '../results/schema.ts'
import type { Arm } from './events.ts'
import { Host, HostError } from './host.ts'
import type { Measurement } from './protocol.ts'

/** A host with the workload loaded, for one executor; what the race drives, and what its tests replace. */
export interface ArmHost {
  /**
   * Starts the executor with all its workers and answers how many milliseconds that took; never part of a
   * makespan. Comes first. Rejects with `ArmError`.
   */
  start(): Promise<number>
  /** Makes the inputs of a size; answers how many tasks they are. Rejects with `ArmError`. */
  prepare(size: number): Promise<number>
  /** One makespan that does not count, watched task by task. Rejects with `ArmError`. */
  warmUp(): Promise<Measurement>
  /** One makespan that counts. Rejects with `ArmError`. */
  measure(): Promise<Measurement>
  /** Never rejects. */
  close(): Promise<void>
}

/** Makes a host for an arm. Rejects with `ArmError`. */
export type OpenArm = (arm: Arm) => Promise<ArmHost>

/** Why a cell failed, ready for the result file. */
export class ArmError extends Error {
  override readonly name = 'ArmError'
  readonly cellError: CellError
  /** The host is gone: nothing more can be measured in it. */
  readonly hostLost: boolean

  constructor(cellError: CellError, hostLost: boolean) {
    super(cellError.message)
    this.cellError = cellError
    this.hostLost = hostLost
  }
}

/** The failure as data, whatever was thrown. */
export function toArmError(error: unknown): ArmError {
  if (error instanceof ArmError) return error
  if (error instanceof HostError) {
    const { name, message, location } = error.remote
    return new ArmError({ name, message, ...(location === null ? {} : { location }) }, error.hostLost)
  }
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  return new ArmError({ name, message }, false)
}

export interface ArmHostOptions {
  readonly bundleUrl: string
  readonly tasksInFlightPerWorker: number
  /** What setup made. */
  readonly resources: unknown
  /** Bounds one task. */
  readonly timeoutMs: number
  readonly environment: NodeJS.ProcessEnv
  /** Ends every host at once. */
  readonly signal: AbortSignal
}

/** A host's answer, its failures as `ArmError`. */
async function guarded<Answer>(call: Promise<Answer>): Promise<Answer> {
  try {
    return await call
  } catch (error) {
    throw toArmError(error)
  }
}

/** Starting an executor may take so much longer than a task. */
const openDeadlineMs = 60_000

/** Opens arms of one workload in real host processes. */
export function armOpener(options: ArmHostOptions): OpenArm {
  const { bundleUrl, tasksInFlightPerWorker, resources, timeoutMs, environment, signal } = options

  return async ({ executor, workers }) => {
    const host = new Host(environment)
    const kill = (): void => host.kill()
    signal.addEventListener('abort', kill)
    if (signal.aborted) kill()
    const close = async (): Promise<void> => {
      await host.close()
      signal.removeEventListener('abort', kill)
    }
    let typicalMs = 0
    try {
      await guarded(
        host.call('load', { bundleUrl }, { silenceMs: openDeadlineMs, waitingFor: 'loading the module' }),
      )
    } catch (error) {
      await close()
      throw error
    }
    return {
      async start() {
        const { startupMs } = await guarded(
          host.call(
            'open',
            { executor, workers, tasksInFlightPerWorker, resources },
            { silenceMs: openDeadlineMs, waitingFor: 'starting the executor' },
          ),
        )
        return startupMs
      },
      async prepare(size) {
        typicalMs = 0
        const { tasks } = await guarded(
          host.call('prepare', { size }, { silenceMs: openDeadlineMs, waitingFor: 'making the inputs' }),
        )
        return tasks
      },
      async warmUp() {
        const measurement = await guarded(
          host.call('measure', { watched: true }, { silenceMs: timeoutMs, waitingFor: 'a task' }),
        )
        typicalMs = Math.max(typicalMs, measurement.makespanMs)
        return measurement
      },
      measure() {
        // Nobody watches the tasks of a measurement that counts; the warm-up told how long it may take.
        const silenceMs = Math.ceil(timeoutMs + 10 * typicalMs)
        return guarded(host.call('measure', { watched: false }, { silenceMs, waitingFor: 'a measurement' }))
      },
      close,
    }
  }
}
