/** A look at a function under the serial executor alone: how long a call takes, and what bounds it. */

import type { SerialRun } from '../analysis/model/task-demand.ts'
import type { Shares } from '../analysis/diagnosis.ts'
import { median } from '../stats/summary.ts'
import type { ArmHost } from './arm-host.ts'
import { demandOf } from './demand.ts'
import type { Observation } from './observe.ts'
import { sharesOf } from './shares.ts'

/** What one call does with its time. */
export interface CallProfile {
  /** Of several makespans the least: what disturbs only adds. */
  readonly taskMs: number
  /** Of several makespans, one each. */
  readonly shares: readonly [Shares, ...Shares[]]
  /** The part of the time in which the main thread slept without being blocked: other tasks could have run. */
  readonly yieldingShare: number
  /** What all tasks of a makespan ask of a machine. */
  readonly run: SerialRun | null
  /** Tasks of a makespan that is long enough to compare executors, and short enough to be repeated. */
  readonly tasks: number
}

export interface ProbeRequest {
  readonly host: ArmHost
  /** Of a call that was tried before. */
  readonly elapsedMs: number
  readonly cores: number
  /** Tasks must be a multiple of it, so that all inputs weigh the same. */
  readonly inputs: number
  /** The longest makespan that leaves time for launches of several executors. */
  readonly longestMakespanMs: number
  /** Milliseconds on some steady clock. */
  readonly now: () => number
}

/** Makespans at least this long tell a waiting task from a working one, and executors from each other. */
const wantedMakespanMs = 60
/** Tasks at most: of tasks so short a pool is slower, however many there are. */
const mostTasks = 1000
const mostLooks = 5
/** What looking may take, beyond a first look. */
const looksMs = 1200
/** A call cannot be told from nothing. */
const shortestMs = 1e-3
/** How often the number of tasks is found anew: code that is compiled only then is faster by far. */
const mostTurns = 4

/** Tasks for each worker at least, where they fit: with fewer, the last one to end decides. */
const tasksPerCore = 4

/** As many tasks as make a makespan worth measuring, but no more than fit; at least one. */
export function tasksFor(
  taskMs: number,
  { cores, inputs, longestMakespanMs }: Pick<ProbeRequest, 'cores' | 'inputs' | 'longestMakespanMs'>,
): number {
  const wanted = Math.max(tasksPerCore * Math.max(2, cores), wantedMakespanMs / taskMs)
  const fitting = Math.min(wanted, longestMakespanMs / taskMs, mostTasks)
  // Workers that are not all busy to the end would be an artefact of the number.
  const step = inputs * (fitting >= cores * inputs ? cores : 1)
  return Math.max(inputs, step * Math.floor(fitting / step))
}

/** Without what handing over takes. */
const taskMsOf = ({ costs }: Observation, tasks: number): number =>
  Math.max(0, costs.makespanMs - costs.dispatchMs) / tasks

/** As many tasks as compiled code needs for a makespan worth measuring; all are prepared. */
async function settleTasks(request: ProbeRequest): Promise<number> {
  const { host } = request
  let tasks = tasksFor(Math.max(request.elapsedMs, shortestMs), request)
  await host.prepare(tasks)
  for (let turn = 0; turn < mostTurns; turn++) {
    let { makespanMs } = await host.warmUp(0)
    // The second is compiled, and what disturbs only adds.
    if (makespanMs < wantedMakespanMs) makespanMs = Math.min(makespanMs, (await host.warmUp(0)).makespanMs)
    const needed = tasksFor(makespanMs / tasks, request)
    const isNear = needed <= 1.5 * tasks && tasks <= 1.5 * needed
    if (needed !== tasks) await host.prepare(needed)
    tasks = needed
    if (isNear) break
  }
  return tasks
}

/** @throws CellFailure if the function fails. */
export async function probe(request: ProbeRequest): Promise<CallProfile> {
  const { host, now } = request
  await host.start()
  const tasks = await settleTasks(request)
  const startMs = now()
  const first = (await host.observe(0, false)).observation
  const looks = [first]
  while (looks.length < mostLooks && now() - startMs < looksMs)
    looks.push((await host.observe(0, false)).observation)
  const [firstShares, ...others] = looks.map(({ spent }) => sharesOf(spent))
  const makespanMs = Math.min(...looks.map(({ costs }) => costs.makespanMs))
  const demand = demandOf({ observations: [[first, ...looks.slice(1)]] }, makespanMs)
  return {
    run: demand === undefined ? null : { tasks, medianMs: makespanMs, intervalMs: null, demand },
    taskMs: Math.min(...looks.map((look) => taskMsOf(look, tasks))),
    shares: [firstShares ?? sharesOf(first.spent), ...others],
    yieldingShare: median(looks.map(({ spent }) => Math.min(1, spent.loopIdleMs / spent.wallMs))),
    tasks,
  }
}
