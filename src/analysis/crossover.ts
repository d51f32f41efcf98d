/** From which size on another executor is the faster one: which pairs of a workload are asked, and where. */

import { studentTQuantile } from '../stats/student-t.ts'
import { mean, median, sumOfSquares } from '../stats/summary.ts'
import { crossingOf } from './crossing.ts'
import { isSure, pairCrossovers, pairPoints } from './pair-crossover.ts'
import type { CrossoverOptions, PairCrossover, SizeRace } from './pair-crossover.ts'
import { launchRatios } from './race.ts'
import type { Spreads } from './spreads.ts'

type ArmPair = readonly [number, number]

/** The arm with the smallest makespan at each size where something was measured. */
function leadersOf(races: readonly SizeRace[]): number[] {
  return races.flatMap(({ race }) => {
    const mediansMs = race.arms.map((launches) => median(launches.map((launch) => median(launch))))
    const leader = mediansMs.indexOf(Math.min(...mediansMs.filter((ms) => !Number.isNaN(ms))))
    return leader === -1 ? [] : [leader]
  })
}

/** The pairs between which the lead changes from one size to the next, each once. */
function leadChanges(leaders: readonly number[]): ArmPair[] {
  const changes = leaders.flatMap((leader, index): ArmPair[] => {
    const before = leaders[index - 1]
    return before === undefined || before === leader ? [] : [[before, leader]]
  })
  return changes.filter(
    (pair, index) => changes.findIndex((other) => pair.every((arm) => other.includes(arm))) === index,
  )
}

/**
 * The crossovers of a workload: serial against each other arm (from which size on is it worth it?), and two other
 * arms where the lead changes from one to the other and one of them is surely faster at some size.
 * @param races ascending by size.
 * @param names of the arms, for the reasons.
 * @param serial the index of the serial arm; -1 if there is none.
 */
export function findCrossovers(
  races: readonly SizeRace[],
  names: readonly string[],
  serial: number,
  spreads: Spreads,
  options: CrossoverOptions,
): PairCrossover[] {
  const others = [...names.keys()].filter((arm) => arm !== serial)
  const withSerial = serial === -1 ? [] : others.map((other): ArmPair => [serial, other])
  const withoutSerial = leadChanges(leadersOf(races)).filter((arms) => !arms.includes(serial))
  return [...withSerial, ...withoutSerial].flatMap((arms) => {
    const pair = { arms, names: [names[arms[0]] ?? '', names[arms[1]] ?? ''] } as const
    const points = pairPoints(races, pair, spreads, options)
    return arms.includes(serial) || points.some(isSure) ? pairCrossovers(points, pair, options) : []
  })
}

/** How far a mean of so few launches is easily off: one in ten is further off by chance, either way. */
function uncertainty(ratios: readonly number[]): number {
  const launches = ratios.length
  if (launches < 2) return Number.POSITIVE_INFINITY
  return studentTQuantile(0.95, launches - 1) * Math.sqrt(sumOfSquares(ratios) / (launches - 1) / launches)
}

/**
 * Where the lead seems to change, for measuring more sizes there: where the arm that leads at the largest size
 * overtakes serial, or else the one that leads at the smallest size, or else the first change from one size to the
 * next. Differences within the margin, or within what launches differ by, are no change.
 * @param races ascending by size.
 * @returns null if the mean makespans of no such pair cross.
 */
export function leadCrossing(races: readonly SizeRace[], serial: number, margin: number): number | null {
  const leaders = leadersOf(races)
  const [smallest, largest] = [leaders[0] ?? -1, leaders.at(-1) ?? -1]
  const pairs: ArmPair[] = [[serial, largest], [smallest, largest], ...leadChanges(leaders)]
  for (const [first, second] of pairs) {
    const points = races
      .map(({ size, race }) => ({
        size,
        ratios: launchRatios(race.arms[first] ?? [], race.arms[second] ?? []),
      }))
      .filter(({ ratios }) => ratios.length > 0)
    const seems = (faster: 1 | -1): boolean =>
      points.some(({ ratios }) => faster * mean(ratios) > Math.max(Math.log1p(margin), uncertainty(ratios)))
    if (!seems(1) || !seems(-1)) continue
    const crossing = crossingOf(
      points.map(({ size }) => Math.log(size)),
      points.map(({ ratios }) => mean(ratios)),
    )
    if (Number.isFinite(crossing)) return Math.exp(crossing)
  }
  return null
}
