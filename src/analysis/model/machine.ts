/** What the calibration tells of an executor and its machine, for any number of tasks and workers. */

import type { Calibration, ExecutorCalibration } from '../../results/schema.ts'

export function calibrationOf(calibration: Calibration, executor: string): ExecutorCalibration | undefined {
  return calibration.executors.find((calibrated) => calibrated.executor === executor)
}

/** The makespan of so many tasks that do nothing: log-log between what was measured, in proportion beyond it. */
export function emptyMakespanMs({ empty }: ExecutorCalibration, tasks: number): number {
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
  { cores = [] }: ExecutorCalibration,
  workers: number,
  machineCores: number | null,
): number {
  const last = cores.at(-1) ?? { workers: 1, cores: 1 }
  if (machineCores !== null) {
    const used = Math.min(workers, machineCores)
    return used === 1 ? 1 : Math.max(1, (used * last.cores) / last.workers)
  }
  const above = cores.findIndex((point) => point.workers >= workers)
  const [from, to] = [cores[above - 1], cores[above]]
  if (to === undefined) return last.cores
  if (from === undefined) return to.cores
  const share = (workers - from.workers) / (to.workers - from.workers)
  return from.cores + share * (to.cores - from.cores)
}
