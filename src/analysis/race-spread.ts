/** How the launches of a pair of arms spread, as all arms of their race say together. */

import type { Spread } from '../stats/moderated-variance.ts'
import { mean } from '../stats/summary.ts'
import { launchRatios } from './race.ts'
import type { Race } from './race.ts'
import { spreadOf } from './spreads.ts'

/**
 * A pair whose own variance is so many times that of its race is noisier than the others: its own counts then. Below
 * that it can be chance. So one noisy arm among four, whose pairs are only twice as noisy as the race, is not seen here;
 * `Spreads.ofPair` sees an executor that is noisier in all races.
 */
const noisierThanRace = 3

const varianceOf = ({ squares, freedom }: Spread): number => (freedom === 0 ? 0 : squares / freedom)

/**
 * Noise differs from race to race (a wait of 20 ms is calmer than a task of 50 µs), and much less between the arms of a
 * race. So all arms of a race are asked: with a log-makespan that is an arm's own, plus what a launch does to all arms,
 * plus noise of one variance, the residual sum of squares of the two-way layout has (arms − 1)(launches − 1) degrees of
 * freedom (Scheffé 1959, section 4.2), where a pair alone has launches − 1. Of two arms alone it is the pair's own.
 */
export function raceSpread(race: Race, first: number, second: number): { spread: Spread; arms: number } {
  const reference = race.arms[first] ?? []
  const own = launchRatios(reference, race.arms[second] ?? [])
  const launches = own.length
  const rows = race.arms
    .map((arm, index) =>
      index === first ? own.map(() => 0) : launchRatios(reference, arm).slice(0, launches),
    )
    .filter((row) => row.length === launches)
  const ofPair = spreadOf(own)
  if (launches < 2 || rows.length < 3) return { spread: ofPair, arms: 2 }
  const ofLaunch = own.map((_, launch) => mean(rows.map((row) => row[launch] ?? 0)))
  const overall = mean(ofLaunch)
  const residual = rows.reduce((sum, row) => {
    const ofArm = mean(row)
    return (
      sum +
      row.reduce(
        (squares, value, launch) => squares + (value - ofArm - (ofLaunch[launch] ?? 0) + overall) ** 2,
        0,
      )
    )
  }, 0)
  // A ratio has the noise of two arms.
  const shared = { squares: 2 * residual, freedom: (rows.length - 1) * (launches - 1) }
  return varianceOf(ofPair) > noisierThanRace * varianceOf(shared)
    ? { spread: ofPair, arms: 2 }
    : { spread: shared, arms: rows.length }
}
