/** What the harness and its host processes say to each other. */

import type { TimeSpent } from './accounting.ts'
import type { WorkloadDescription } from '../workloads/load.ts'

/** What a host can be asked to do, and what it answers. */
export interface HostCommands {
  /** Imports the bundle and tells what workload it holds. */
  describe: { parameters: { bundleUrl: string; file: string }; answer: WorkloadDescription }
  /** Runs the workload's setup and keeps what it made. */
  setup: { parameters: { bundleUrl: string }; answer: unknown }
  /** Runs the workload's teardown on what setup made. */
  teardown: { parameters: Record<string, never>; answer: null }
  /** Imports the bundle. */
  load: { parameters: { bundleUrl: string }; answer: null }
  /** Creates an executor and starts all its workers. */
  open: { parameters: OpenParameters; answer: { startupMs: number } }
  /** Makes the inputs of a size and keeps them; answers how many tasks they are. */
  prepare: { parameters: { size: number }; answer: { tasks: number } }
  /** Measures one makespan of the prepared size. */
  measure: { parameters: { watched: boolean }; answer: Measurement }
  /** Shuts the executor down. */
  close: { parameters: Record<string, never>; answer: null }
}

export type HostCommand = keyof HostCommands

export interface OpenParameters {
  readonly executor: string
  /** Null: the executor's own default. */
  readonly workers: number | null
  readonly tasksInFlightPerWorker: number
  readonly resources: unknown
}

/** One timed makespan: all tasks of a size, first submit to last result. */
export interface Measurement {
  readonly makespanMs: number
  /** Of the host process. */
  readonly spent: TimeSpent
  readonly checksum: string
}

/** An error that crossed from a host, as text. */
export interface RemoteError {
  readonly name: string
  /** Includes the causes, innermost last. */
  readonly message: string
  /** `file.ts:line` of the innermost frame in the workload's own source, where known. */
  readonly location: string | null
}

export interface HostRequest {
  readonly id: number
  readonly command: HostCommand
  readonly parameters: unknown
}

export type HostMessage =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly error: RemoteError }
  /** A task of a watched measurement has ended: the host is alive. */
  | { readonly beat: true }
