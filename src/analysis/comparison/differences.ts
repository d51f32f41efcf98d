/** By how much longer something took on the second of two days, and how exactly its launches tell that. */

import { meanDifference } from '../../stats/mean-difference.ts'
import type { MeanDifference } from '../../stats/mean-difference.ts'
import { mean } from '../../stats/summary.ts'
import { moderatedSpreads } from './launch-spreads.ts'
import type { AtOneSpeed } from './machine-speed.ts'

/** Launches of both days, and what these spread like. */
export interface Measured {
  readonly executor: string
  readonly days: AtOneSpeed
}

/**
 * What a day adds to a cell at the least, in standard deviations of its launches: in 22 results under changing load the
 * means of ten launches differed between results by 0.4 to 0.9 of that (chance alone makes 0.32), in cells that wait and
 * spread by 1 % as in cells that compute and spread by 30 %. What cells that compute are off by beyond it is estimated.
 */
const dayShare = 0.3

/**
 * Each with its day in the standard error; undefined where a side has too few launches to show how they spread.
 * @param measured all of them, since the others tell what launches spread like.
 */
export function differencesOf(measured: readonly Measured[]): (MeanDifference | undefined)[] {
  const sides = (['baseline', 'candidate'] as const).map((side) => {
    const day = measured.map(({ executor, days }) => ({ executor, logs: days[side] }))
    const spreadOf = moderatedSpreads(day)
    return day.map((launches) => ({
      mean: mean(launches.logs),
      count: launches.logs.length,
      spread: spreadOf(launches),
    }))
  })
  return measured.map(({ days }, index) => {
    const [before, after] = sides.map((side) => side[index])
    if (before === undefined || after === undefined || before.count < 2 || after.count < 2) return undefined
    const { difference, standardError, freedom } = meanDifference(before, after)
    const ofDays = dayShare * Math.sqrt(before.spread.variance + after.spread.variance)
    return { difference, standardError: Math.hypot(standardError, ofDays, days.standardError), freedom }
  })
}
