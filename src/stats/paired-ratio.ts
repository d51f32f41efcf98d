/** How two arms compare within one launch, from rounds that were measured side by side. */

import { median } from './summary.ts'

/** A run looks at a launch again and again, and it never changes once it is over. */
const known = new WeakMap<readonly number[], WeakMap<readonly number[], { rounds: number; ratio: number }>>()

/**
 * The median over rounds of ln(second / first), positive where `second` took longer: what hits both arms of a round
 * cancels out, and one disturbed round does not count. Not finite if there is no round, or one took no time.
 */
export function pairedLogRatio(first: readonly number[], second: readonly number[]): number {
  const rounds = Math.min(first.length, second.length)
  const ofFirst = known.get(first) ?? new WeakMap<readonly number[], { rounds: number; ratio: number }>()
  const before = ofFirst.get(second)
  if (before?.rounds === rounds) return before.ratio
  const ratio = median(
    Array.from({ length: rounds }, (_, round) => Math.log((second[round] ?? 0) / (first[round] ?? 0))),
  )
  known.set(first, ofFirst.set(second, { rounds, ratio }))
  return ratio
}
