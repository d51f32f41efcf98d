/** What the calibration's tasks ask for, as sizes of its workload: that is what a host takes. */

/** Equal tasks, of which it is known what they ask of a machine. */
export interface KnownTasks {
  readonly tasks: number
  readonly spinMs: number
  readonly bytes: number
}

/** What short tasks spin for: about where pools begin to be worth it. */
export const shortSpinMs = 0.2
export const longSpinMs = 4
export const shortSpinsPerWorker = 24
export const payloadBytes = 1 << 20

const [long, short, payload] = [10_000, 20_000, 30_000]

/** The size that stands for known tasks. */
export const sizeOf = {
  /** So many tasks that do nothing. */
  empty: (tasks: number): number => tasks,
  /** A long task for each of so many workers. */
  long: (workers: number): number => long + workers,
  /** Many short tasks for each of so many workers. */
  short: (workers: number): number => short + workers,
  /** One task that takes bytes. */
  payload,
}

/** The tasks that a size stands for. */
export function knownTasks(size: number): KnownTasks {
  if (size >= payload) return { tasks: 1, spinMs: 0, bytes: payloadBytes }
  if (size > short) return { tasks: shortSpinsPerWorker * (size - short), spinMs: shortSpinMs, bytes: 0 }
  if (size > long) return { tasks: size - long, spinMs: longSpinMs, bytes: 0 }
  return { tasks: size, spinMs: 0, bytes: 0 }
}
