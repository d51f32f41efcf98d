/** What is going to be measured: which sizes of which workloads, which worker counts, how many rounds. */

import { UsageError } from '../errors.ts'
import type { RunOptions } from '../results/schema.ts'
import type { WorkloadDescription } from '../workloads/load.ts'
import type { CellRecord } from './cell.ts'
import type { Arm } from './events.ts'
import { racingTraits } from './python/executors.ts'

/** The sizes of a workload that a run measures, in ascending order. */
export function plannedSizes(
  workload: WorkloadDescription,
  selected: readonly number[] | null,
  suite: RunOptions['suite'],
): number[] {
  if (selected !== null) return workload.sizes.filter((size) => selected.includes(size))
  return [...(suite === 'full' ? workload.sizes : workload.defaultSizes)]
}

/** By ratio, as sizes are spaced. */
function nearestSize(wanted: number, sizes: readonly number[]): number | undefined {
  const distance = (size: number): number => Math.abs(Math.log(size / wanted))
  return sizes.toSorted((a, b) => distance(a) - distance(b))[0]
}

/** Narrows workloads to those that have something to measure. */
export function planWorkloads<Described extends WorkloadDescription>(
  workloads: readonly Described[],
  selected: readonly number[] | null,
  suite: RunOptions['suite'],
): { readonly workload: Described; readonly sizes: number[] }[] {
  const offered = [...new Set(workloads.flatMap(({ sizes }) => sizes))]
  const unknown = selected?.find((size) => !offered.includes(size))
  if (unknown !== undefined)
    throw new UsageError(
      `--sizes: no selected workload has the size ${unknown}; the nearest is ${nearestSize(unknown, offered)}. See boundby list.`,
    )
  const planned = workloads
    .map((workload) => ({ workload, sizes: plannedSizes(workload, selected, suite) }))
    .filter(({ sizes }) => sizes.length > 0)
  if (planned.length > 0) return planned
  const names = workloads.map(({ name }) => name).join(', ')
  throw new UsageError(
    `Nothing to measure: ${names} ${workloads.length === 1 ? 'is' : 'are'} in the full suite only. Add --suite full, or name sizes with --sizes.`,
  )
}

/** From this share of blocked time on a task is believed to wait, so that more workers than cores can help. */
const waitingShare = 0.3
/** Workers at most, whatever the machine: each process holds tens of megabytes. */
const mostWorkers = 64

/**
 * The worker counts that the pilot tries for an executor, ascending. CPU work is tried with as many workers as
 * cores (and half, where the other half may be hardware threads); work that waits with many more.
 * @param tasks tasks of the size that the pilot measures: more workers than tasks are idle.
 * @param blockedShare of the makespan under the serial executor; null if it is not known.
 */
export function workerLadder(
  executor: string,
  tasks: number,
  cores: number,
  blockedShare: number | null,
): number[] {
  const { maxWorkersCounts } = racingTraits(executor)
  if (maxWorkersCounts === 'nothing') return [1]
  const waits = blockedShare === null || blockedShare >= waitingShare
  let counts: number[]
  if (maxWorkersCounts === 'tasks') counts = waits ? [16, 64, 256] : [16]
  else if (waits) counts = [cores, 4 * cores, 16 * cores].map((count) => Math.min(count, mostWorkers))
  else counts = cores >= 4 ? [Math.ceil(cores / 2), cores] : [cores]
  const useful = [...new Set(counts.map((count) => Math.max(1, Math.min(count, tasks))))]
  // A rung close below another one is not worth the start of a pool.
  return useful.filter((count, index) => (useful[index + 1] ?? Infinity) >= 1.5 * count)
}

/** Launches in which a cell is observed: a median of three stands one that was disturbed. */
const observedLaunches = 3

/** Short makespans of the serial executor are accounted together: one alone can be too short to say what bounds it. */
function serialLooks(makespanMs: number): number {
  if (makespanMs < 30) return 3
  return makespanMs < 100 ? 2 : 1
}

/** How often a cell is observed at the end of a launch, beside the rounds that count; at least once in a run. */
export function observationsFor(cell: CellRecord, hasTime: boolean): number {
  const done = cell.observations.length
  const makespanMs = cell.launches.at(-1)?.at(-1)
  if (makespanMs === undefined || done >= observedLaunches) return 0
  if (!hasTime) return done === 0 ? 1 : 0
  return cell.arm.executor === 'serial' ? serialLooks(makespanMs) : 1
}

/**
 * Whether the event loop is watched while a cell is observed. Being woken costs what waits for little CPU time a
 * multiple of its own: the serial executor, from which all is concluded, is watched only once.
 * @param looks so far in this launch.
 */
export function watchesLoopOf({ arm, observations }: CellRecord, looks: number): boolean {
  return arm.executor !== 'serial' || (observations.length === 0 && looks === 0)
}

/** Every arm that the call asks for by itself; null where the pilot has to choose the workers. */
export function armsAsked(executor: string, maxWorkers: readonly number[] | null): Arm[] | null {
  const { maxWorkersCounts } = racingTraits(executor)
  if (maxWorkersCounts === 'nothing') return [{ executor, workers: 1 }]
  // Tasks in flight cost next to nothing: limiting the event loop to a number of workers would only hurt it.
  if (maxWorkers === null || maxWorkersCounts === 'tasks') return null
  return maxWorkers.map((workers) => ({ executor, workers }))
}

/** Warm-ups of a size in one launch at least, as its latest makespan is: two tell whether it still gets shorter. */
export function warmUpsFor(makespanMs: number): number {
  if (makespanMs < 3) return 5
  if (makespanMs < 10) return 3
  return makespanMs < 100 ? 2 : 1
}

/** A warm-up that is shorter than those before by less says nothing: makespans differ. */
const clearlyShorter = 0.9
/** What waits for code to be compiled is warm by then; what still gets shorter does so for another reason. */
const longestWarmUpMs = 300

/**
 * Whether a size needs one more warm-up in this launch. Each worker has to run the code until it is compiled, which
 * takes a pool more makespans than one thread: so as long as they get shorter.
 * @param makespansMs of the warm-ups so far: one at least.
 */
export function needsWarmUp(makespansMs: readonly number[]): boolean {
  if (makespansMs.length < warmUpsFor(makespansMs.at(-1) ?? 0)) return true
  if (makespansMs.length < 2 || makespansMs.reduce((sum, ms) => sum + ms, 0) >= longestWarmUpMs) return false
  // The better of the last two: one alone may have been disturbed.
  const newest = makespansMs.length === 2 ? 1 : 2
  return Math.min(...makespansMs.slice(-newest)) < clearlyShorter * Math.min(...makespansMs.slice(0, -newest))
}

/**
 * Rounds of one launch for a makespan of so many milliseconds: short ones are noisier and cheaper. A long makespan is calm
 * in itself; what is left is how launches differ, which only launches show, and more rounds would take their time.
 */
function roundsFor(makespanMs: number): number {
  if (makespanMs < 3) return 10
  if (makespanMs < 30) return 5
  return makespanMs < 100 ? 3 : 2
}

const mostRounds = 320
const comparedRoundsMs = 1600

/** How much of a launch is spent on rounds. */
export interface Rounds {
  /** For a makespan of so many milliseconds. */
  readonly of: (makespanMs: number) => number
  /**
   * In costs of the launch, unless its share of the run leaves more: another launch says more than another round, but
   * has its price.
   */
  readonly launchCosts: number
}

export const racedRounds: Rounds = { of: roundsFor, launchCosts: 1 }

/**
 * For a comparison. On another day each launch stands for itself: executors that took turns do not share its noise any more.
 * It is known by its shortest makespans, and these only after as many as find the machine undisturbed: another program may
 * have it for a second. In turns a few rounds tell little as well: the median of 70 ms of each version spread by 11 % from
 * launch to launch, that of 150 ms and more by 2 % (json).
 */
export const comparedRounds: Rounds = {
  of: (makespanMs) =>
    Math.max(roundsFor(makespanMs), Math.min(mostRounds, Math.ceil(comparedRoundsMs / makespanMs))),
  launchCosts: 2,
}
