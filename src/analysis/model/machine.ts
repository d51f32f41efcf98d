/** What the calibration tells of an executor and its machine, for any number of tasks and workers. */

import type { Calibration, ExecutorCalibration } from '../../results/schema.ts'

export function calibrationOf(calibration: Calibration, executor: string): ExecutorCalibration | undefined {
  return calibration.executors.find((calibrated) => calibrated.executor === executor)
}

/** The makespan of so many tasks that do nothing: log-log between what was measured, in proportion beyond it. */
export function emptyMakespanMs({ empty }: Pick<ExecutorCalibration, 'empty'>, tasks: number): number {
  const above = empty.findIndex((point) => point.tasks >= tasks)
  const [from, to] = [empty[above - 1], empty[above]]
  if (to === undefined) {
    const last = empty.at(-1)
    return last === undefined ? 0 : (last.makespanMs * tasks) / last.tasks
  }
  if (from === undefined || from.makespanMs === 0) return to.makespanMs
  const share = Math.log(tasks / from.tasks) / Math.log(to.tasks / from.tasks)
  return from.makespanMs * (to.makespanMs / from.makespanMs) ** share
}

/**
 * What so many workers that keep the CPU busy get done at once, in cores.
 * @param machineCores of a machine that was not measured: its cores are taken to be as good as those here.
 */
export function coresFor(
  { cores: points = [] }: ExecutorCalibration,
  workers: number,
  machineCores: number | null,
): number {
  const last = points.at(-1) ?? { workers: 1, cores: 1 }
  if (machineCores !== null) {
    const used = Math.min(workers, machineCores)
    return used === 1 ? 1 : Math.max(1, (used * last.cores) / last.workers)
  }
  const above = points.findIndex((point) => point.workers >= workers)
  const [from, to] = [points[above - 1], points[above]]
  if (to === undefined) return last.cores
  if (from === undefined) return to.cores
  const share = (workers - from.workers) / (to.workers - from.workers)
  return from.cores + share * (to.cores - from.cores)
}

/** The calibration's short tasks; and from when on a pool hands a task over only when the one before has ended. */
const taskMs = { short: 0.2, long: 1 }

const between = (from: number, to: number, share: number): number =>
  from + Math.min(1, Math.max(0, share)) * (to - from)

/**
 * What a worker is idle between two tasks: known for tasks that do nothing and for short ones, which wait at the worker
 * already; a long one comes when the result of the one before has arrived, which is the way there and back.
 */
export function gapAfter(
  own: ExecutorCalibration,
  serial: ExecutorCalibration,
  { wallMs, tasks, workers }: { wallMs: number; tasks: number; workers: number },
): number {
  const turns = Math.ceil(tasks / workers)
  if (turns === 1) return 0
  const emptyGapMs = Math.max(0, emptyMakespanMs(own, tasks) - emptyMakespanMs(own, workers)) / (turns - 1)
  const { gapMs = emptyGapMs } = own
  if (wallMs <= taskMs.short) return between(emptyGapMs, gapMs, wallMs / taskMs.short)
  const roundTripMs = Math.max(gapMs, emptyMakespanMs(own, 1) - emptyMakespanMs(serial, 1))
  return between(gapMs, roundTripMs, (wallMs - taskMs.short) / (taskMs.long - taskMs.short))
}

/**
 * What each call of libuv's threads takes more from a worker than from the serial executor: known for a worker that is
 * alone, and for as many as there are cores, where all of them, the threads that they call and the one that submits are
 * woken by turns, and each finds the core taken. 0 where it was not calibrated.
 */
export function callMs(
  own: ExecutorCalibration,
  serial: ExecutorCalibration,
  { tasks, workers }: { tasks: number; workers: number },
): number {
  const turns = (of: number): number => Math.ceil(of / (own.workers ?? 1))
  const isAlone = Math.ceil(tasks / workers) === 1
  const [mine, theirs] = [own, serial].map(({ calling = [] }) =>
    calling.find((point) => (turns(point.tasks) === 1) === isAlone),
  )
  if (mine === undefined || theirs === undefined || mine.tasks !== theirs.tasks || mine.calls === 0) return 0
  const hereMs = theirs.makespanMs / theirs.tasks
  const busyWorkers = Math.min(own.workers ?? 1, mine.tasks)
  const gapMs = gapAfter(own, serial, { wallMs: hereMs, tasks: mine.tasks, workers: busyWorkers })
  const handedOverMs = emptyMakespanMs(own, busyWorkers)
  const withoutMs = handedOverMs + turns(mine.tasks) * hereMs + (turns(mine.tasks) - 1) * gapMs
  return Math.max(0, mine.makespanMs - withoutMs) / turns(mine.tasks) / mine.calls
}
