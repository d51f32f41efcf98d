/** Splits work that is counted (numbers, rows, bytes) into the ranges that the tasks of a workload take. */

/** From `from` up to, not including, `to`. */
export interface Range {
  readonly from: number
  readonly to: number
}

/** Enough tasks for 64 workers to share. */
const maxTasks = 64

/**
 * Splits 0 … `total` into contiguous ranges whose lengths differ by one at most: 64, or fewer where they would be
 * shorter than `minLength`, but one at least.
 */
export function splitRange(total: number, minLength: number): Range[] {
  const count = Math.max(1, Math.min(maxTasks, Math.floor(total / minLength)))
  const bound = (index: number): number => Math.floor((index * total) / count)
  return Array.from({ length: count }, (_, index) => ({ from: bound(index), to: bound(index + 1) }))
}
