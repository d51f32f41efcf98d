/** How much of a cell a slower machine can slow. */

import type { Cell } from '../../results/schema.ts'

/**
 * The share of what a cell's workers did that was not waiting for a timer, a service or a disk; all of it where that
 * was not told apart. Waiting for a core counts as computing: it is what a busy machine does to a computation.
 */
export function computingShare({ costsMs }: Cell): number {
  const { dispatch = 0, transfer = 0, cpu = 0, runQueue = 0, blocked = 0 } = costsMs
  const all = dispatch + transfer + cpu + runQueue + blocked
  return all > 0 ? 1 - blocked / all : 1
}
