/** What the harness and its host processes say to each other. */

import type { CellError } from '../results/schema.ts'
import type { ExportedFunction, ModuleExport } from '../workloads/function.ts'
import type { WorkloadDescription } from '../workloads/load.ts'
import type { Observation } from './observe.ts'
import type { TaskTimes } from './timeline.ts'

/** What a host can be asked to do, and what it answers. */
export interface HostCommands {
  /** Imports the bundle and tells what workload it holds. */
  describe: { parameters: { bundleUrl: string; file: string }; answer: WorkloadDescription }
  /** Imports the bundle and tells what it exports. */
  exports: { parameters: { bundleUrl: string; file: string }; answer: readonly ModuleExport[] }
  /** Calls an exported function once, with the first of its inputs. */
  call: { parameters: { bundleUrl: string; called: ExportedFunction }; answer: Call }
  /** Runs the workload's setup and keeps what it made. */
  setup: { parameters: TaskSource; answer: unknown }
  /** Runs the workload's teardown on what setup made. */
  teardown: { parameters: Record<string, never>; answer: null }
  /** Imports the bundle, and where its twin is going to run what that needs. */
  load: { parameters: TaskSource & { readonly runsTwin?: boolean }; answer: null }
  /** Creates an executor and starts all its workers. */
  open: { parameters: OpenParameters; answer: { startupMs: number } }
  /** Makes the inputs of a size and keeps them; answers how many tasks they are. */
  prepare: { parameters: { size: number }; answer: { tasks: number } }
  /** Measures one makespan of the prepared size. */
  measure: { parameters: MeasureParameters; answer: TimedMeasurement }
  /** Measures one that does not count, and looks at where its time goes. */
  observe: { parameters: ObserveParameters; answer: ObservedMeasurement }
  /** Measures what it costs a thread to be woken. */
  measureWake: { parameters: Record<string, never>; answer: { wakeMs: number } }
  /** Shuts the executor down. */
  close: { parameters: Record<string, never>; answer: null }
}

/** Where the task is: in the workload that a bundle exports, or a function that it exports. */
export interface TaskSource {
  readonly bundleUrl: string
  readonly called?: ExportedFunction | undefined
}

/** One call of a function. */
export interface Call {
  readonly elapsedMs: number
  /** Of what it returned; null if that has none. */
  readonly checksum: string | null
  /** Whether it left its input as it was. */
  readonly keepsInput: boolean
}

export type HostCommand = keyof HostCommands

interface OpenParameters {
  readonly executor: string
  /** Null: the executor's own default. */
  readonly workers: number | null
  readonly tasksInFlightPerWorker: number
  readonly resources: unknown
  /** Of CPython's executors only. */
  readonly twin?: TwinLocation
}

/** A workload's Python twin, and who runs it. */
export interface TwinLocation {
  /** Path of the interpreter. */
  readonly python: string
  /** Absolute path of the twin. */
  readonly file: string
}

interface MeasureParameters {
  /** Tells of each task that ends, and fails if one took longer; null where the makespan counts. */
  readonly watch: TaskLimit | null
}

interface ObserveParameters extends MeasureParameters {
  /** Whether the delay of the event loop is sampled too, which wakes it every millisecond. */
  readonly watchesLoop: boolean
}

/** One timed makespan: all tasks of a size, first submit to last result. */
export interface Measurement {
  readonly makespanMs: number
  readonly checksum: string
  /** Of a twin's warm-up: processes beside the interpreter's own that ran tasks. For Node observations tell. */
  readonly workerProcesses?: number
}

export interface TimedMeasurement extends Measurement {
  /** Of the yardstick: its time before the makespan and its time after it together. */
  readonly yardstickMs: number
}

export interface ObservedMeasurement extends Measurement {
  readonly observation: Observation
  readonly times: TaskTimes
}

/** How long one task may take. */
export interface TaskLimit {
  readonly limitMs: number
  /** What set the limit, in words. */
  readonly setBy: string
}

/** What a cell says whose task exceeded the limit, whoever notices. */
export const tooLongTask = ({ limitMs, setBy }: TaskLimit): string =>
  `a task took longer than ${limitMs} ms (${setBy})`

export interface HostRequest {
  readonly id: number
  readonly command: HostCommand
  readonly parameters: unknown
}

export type HostMessage =
  | { readonly id: number; readonly answer: unknown }
  /** `lost`: nothing more can be measured in this host. */
  | { readonly id: number; readonly error: CellError; readonly lost: boolean }
  /** A task of a watched measurement has ended: the host is alive. */
  | { readonly beat: true }
