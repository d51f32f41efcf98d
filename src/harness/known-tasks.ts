/** What the calibration's tasks ask for, as sizes of its workload: that is what a host takes. */

/** Equal tasks, of which it is known what they ask of a machine. */
export interface KnownTasks {
  readonly tasks: number
  readonly spinMs: number
  /** Characters of one byte that a task is given. */
  readonly bytes: number
  /** Calls of libuv's threads that a task makes, one after the other. */
  readonly calls: number
}

/** What short tasks spin for: about where pools begin to be worth it. */
export const shortSpinMs = 0.2
export const longSpinMs = 4
export const shortSpinsPerWorker = 24
export const callsPerTask = 4
export const callersPerWorker = 24
export const payloadBytes = 1 << 18
/** Enough for all workers to be busy with. */
export const manyPayloads = 16
/** Too much to be gathered with other tasks' into one message. */
export const parcelBytes = 1 << 14
export const manyParcels = 64

const [long, short, parcel, payload, calling] = [10_000, 20_000, 30_000, 40_000, 50_000]

/** The size that stands for known tasks. */
export const sizeOf = {
  /** So many tasks that do nothing. */
  empty: (tasks: number): number => tasks,
  /** A long task for each of so many workers. */
  long: (workers: number): number => long + workers,
  /** Many short tasks for each of so many workers. */
  short: (workers: number): number => short + workers,
  /** So many tasks that take some bytes. */
  parcel: (tasks: number): number => parcel + tasks,
  /** So many that take many. */
  payload: (tasks: number): number => payload + tasks,
  /** So many that call libuv's threads. */
  calling: (tasks: number): number => calling + tasks,
}

/** The tasks that a size stands for. */
export function knownTasks(size: number): KnownTasks {
  const known = { tasks: size, spinMs: 0, bytes: 0, calls: 0 }
  if (size > calling) return { ...known, tasks: size - calling, calls: callsPerTask }
  if (size > payload) return { ...known, tasks: size - payload, bytes: payloadBytes }
  if (size > parcel) return { ...known, tasks: size - parcel, bytes: parcelBytes }
  if (size > short) return { ...known, tasks: shortSpinsPerWorker * (size - short), spinMs: shortSpinMs }
  if (size > long) return { ...known, tasks: size - long, spinMs: longSpinMs }
  return known
}
