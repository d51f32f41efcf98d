/** One executor of a workload in a host of its own, for one launch. */

import { setMaxListeners } from 'node:events'
import { tooLongTask } from './commands.ts'
import type {
  Measurement,
  ObservedMeasurement,
  TaskLimit,
  TaskSource,
  TimedMeasurement,
  TwinLocation,
} from './commands.ts'
import type { Arm } from './events.ts'
import { Host } from './host.ts'
import type { CallOptions } from './host.ts'
import { racingTraits } from './python/executors.ts'

/** A host with the workload loaded, for one executor; what the race drives, and what its tests replace. */
export interface ArmHost {
  /**
   * Starts the executor with all its workers and answers how many milliseconds that took; never part of a
   * makespan. Comes first. Rejects with `CellFailure`.
   */
  start(): Promise<number>
  /** Makes the inputs of a size; answers how many tasks they are. Rejects with `CellFailure`. */
  prepare(size: number): Promise<number>
  /**
   * One makespan that does not count, watched task by task if not told otherwise: the first has to be, since it tells
   * how long another may take. Rejects with `CellFailure`.
   * @param serialMs what all tasks take one after the other, 0 if unknown: tasks that never yield may end together.
   */
  warmUp(serialMs: number, options?: { readonly watchesTasks?: boolean }): Promise<Measurement>
  /**
   * The same, with a look at where its time goes: it takes longer. Not for a twin: nobody can look inside Python.
   * Rejects with `CellFailure`.
   * @param watchesLoop also samples the delay of the event loop, and so wakes a thread that would sleep.
   */
  observe(serialMs: number, watchesLoop: boolean): Promise<ObservedMeasurement>
  /** One makespan that counts. Rejects with `CellFailure`. */
  measure(): Promise<TimedMeasurement>
  /** Never rejects. */
  close(): Promise<void>
}

/** Makes a host for an arm. Rejects with `CellFailure`. */
export type OpenArm = (arm: Arm) => Promise<ArmHost>

export interface ArmHostOptions {
  readonly source: TaskSource
  readonly tasksInFlightPerWorker: number
  /** What setup made. */
  readonly resources: unknown
  /** Where the twin is that the arm runs; undefined for an arm of Node's. */
  readonly twinOf?: (arm: Arm) => TwinLocation | undefined
  readonly taskLimit: TaskLimit
  readonly environment: NodeJS.ProcessEnv
  /** Told of each makespan before it is measured: how many calls of the task it is. */
  readonly onCalls: (calls: number) => void
  /** Ends every host at once. */
  readonly signal: AbortSignal
}

/** Starting an executor may take so much longer than a task. */
const openDeadlineMs = 60_000

/** Opens arms of one workload in real host processes. */
export function armOpener(options: ArmHostOptions): OpenArm {
  const { source, tasksInFlightPerWorker, resources, taskLimit, environment, onCalls, signal } = options
  // Each host listens, and those of one launch may still be ending when those of the next begin: that is no leak.
  setMaxListeners(0, signal)

  return async (arm) => {
    const { executor, workers } = arm
    const twin = options.twinOf?.(arm)
    const host = new Host(environment)
    const kill = (): void => host.kill()
    signal.addEventListener('abort', kill)
    if (signal.aborted) kill()
    const close = async (): Promise<void> => {
      await host.close()
      signal.removeEventListener('abort', kill)
    }
    let typicalMs = 0
    let calls = 0
    try {
      await host.call(
        'load',
        { ...source, runsTwin: twin !== undefined },
        {
          silenceMs: openDeadlineMs,
          tooLong: `loading the module took longer than ${openDeadlineMs} ms`,
        },
      )
    } catch (error) {
      await close()
      throw error
    }
    /** Tells of each task, which keeps the host's silence short. */
    const watched = async <Answer extends Measurement>(
      serialMs: number,
      call: (watch: TaskLimit, limits: CallOptions) => Promise<Answer>,
    ): Promise<Answer> => {
      // Of tasks that share a thread, a short one may have waited for a long one.
      const sharesThread = racingTraits(executor).maxWorkersCounts === 'tasks'
      const watch = sharesThread ? { ...taskLimit, limitMs: Infinity } : taskLimit
      const silenceMs = Math.ceil(taskLimit.limitMs + serialMs)
      onCalls(calls)
      const measurement = await call(watch, { silenceMs, tooLong: tooLongTask(taskLimit) })
      typicalMs = Math.max(typicalMs, measurement.makespanMs)
      return measurement
    }
    const measure = (): Promise<TimedMeasurement> => {
      // Nobody watches the tasks of a measurement that counts; the warm-up told how long it may take.
      const silenceMs = Math.ceil(taskLimit.limitMs + 10 * typicalMs)
      onCalls(calls)
      return host.call(
        'measure',
        { watch: null },
        { silenceMs, tooLong: `a makespan took longer than ${silenceMs} ms` },
      )
    }
    return {
      async start() {
        const { startupMs } = await host.call(
          'open',
          { executor, workers, tasksInFlightPerWorker, resources, ...(twin === undefined ? {} : { twin }) },
          {
            silenceMs: openDeadlineMs,
            tooLong: `the executor took longer than ${openDeadlineMs} ms to start`,
          },
        )
        return startupMs
      },
      async prepare(size) {
        typicalMs = 0
        const { tasks } = await host.call(
          'prepare',
          { size },
          { silenceMs: openDeadlineMs, tooLong: `making the inputs took longer than ${openDeadlineMs} ms` },
        )
        calls = tasks
        return tasks
      },
      warmUp: (serialMs, { watchesTasks = true } = {}) =>
        watchesTasks
          ? watched(serialMs, (watch, limits) => host.call('measure', { watch }, limits))
          : measure(),
      observe: (serialMs, watchesLoop) =>
        watched(serialMs, (watch, limits) => host.call('observe', { watch, watchesLoop }, limits)),
      measure,
      close,
    }
  }
}
