/** A race as the statistics see it: makespans by arm and launch, compared launch by launch. */

import { pairedLogRatio } from '../stats/paired-ratio.ts'

/** One workload × size: the makespans in ms of each arm, by launch, rounds in the same order for all arms. */
export interface Race {
  readonly arms: readonly (readonly (readonly number[])[])[]
  /** Indexes of arms beaten at an earlier look, which stay out: a bound that was crossed stays crossed. */
  readonly beaten?: ReadonlySet<number>
}

/** Launches before the first look: fewer cannot show their own spread. */
export const minLaunches = 3

/** The log-ratio of two arms in each launch that both have: the median over rounds measured side by side. */
export function launchRatios(
  first: readonly (readonly number[])[],
  second: readonly (readonly number[])[],
): number[] {
  const launches = Math.min(first.length, second.length)
  return Array.from({ length: launches }, (_, launch) =>
    pairedLogRatio(first[launch] ?? [], second[launch] ?? []),
  ).filter(Number.isFinite)
}
