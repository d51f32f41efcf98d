/**
 * At which size one arm overtakes another: guaranteed by the verdicts on the pair at each size (the bracket),
 * estimated by interpolation between them.
 */

import { seededRandom } from '../stats/random.ts'
import { mean } from '../stats/summary.ts'
import { estimateCrossing } from './crossing.ts'
import type { CurvePoint } from './crossing.ts'
import { launchRatios, minLaunches } from './race.ts'
import { compareArms } from './verdict.ts'
import type { Race } from './race.ts'
import type { Spreads } from './spreads.ts'
import type { Decision, VerdictOptions } from './verdict.ts'

/** The race of one size of a workload; its arms stand in the same order at every size. */
export interface SizeRace {
  readonly size: number
  readonly race: Race
  /** The verdict that stands for this size, whatever the spreads of later races say. */
  readonly settled: Decision | undefined
}

export interface CrossoverOptions extends VerdictOptions {
  /** Of the bootstrap: the same launches give the same interval. */
  readonly seed: number
}

/** Two arms: their indexes, and what they are called in a reason. */
export interface Pair {
  readonly arms: readonly [number, number]
  readonly names: readonly [string, string]
}

type OpenInterval = readonly [number | null, number | null]

/** What is known of the size at which `to` overtakes `from` (indexes of arms). */
export interface PairCrossover {
  readonly from: number
  readonly to: number
  /**
   * `found`: each of the two is surely faster at some size, `from` at the smaller one. `none in range`: at the
   * smallest and at the largest size the same one is surely faster or both are equivalent, and at no size the other
   * one is. `unbounded`: where it is, or whether it is among the sizes measured, is not sure at one end or both.
   */
  readonly answer: 'found' | 'none in range' | 'unbounded'
  /** The estimate; null if the makespans measured do not cross. */
  readonly size: number | null
  /** Of the estimate, at 95 %; a null end is open. Null without an estimate, or with too few launches. */
  readonly interval: OpenInterval | null
  /** The largest size where `from` is surely faster, and the smallest above it where `to` is; null: at none. */
  readonly bracket: OpenInterval
  readonly reason: string
}

/** Who is surely faster at a size: one of the two, neither by more than the margin, or nobody can say. */
type Standing = 'first' | 'second' | 'equivalent' | 'open'

/** A pair at a size where both were measured. */
export interface PairPoint extends CurvePoint {
  readonly standing: Standing
}

/** Who of two arms is surely faster; a verdict that stands outweighs what later races say of the spreads. */
export function pairStanding(
  { race, settled }: SizeRace,
  [first, second]: Pair['arms'],
  spreads: Spreads,
  options: VerdictOptions,
): Standing {
  const leads = (arm: number): boolean => settled?.leaders.includes(arm) === true
  if (settled?.kind === 'winner' && leads(first)) return 'first'
  if (settled?.kind === 'winner' && leads(second)) return 'second'
  if (settled?.kind === 'tie' && leads(first) && leads(second)) return 'equivalent'
  const { launches, outcome } = compareArms(race, first, second, spreads, options)
  if (launches < minLaunches || outcome === 'open') return 'open'
  if (outcome === 'equivalent') return outcome
  return outcome === 'faster' ? 'first' : 'second'
}

/** @param races ascending by size. */
export function pairPoints(
  races: readonly SizeRace[],
  { arms }: Pair,
  spreads: Spreads,
  options: VerdictOptions,
): PairPoint[] {
  return races
    .map((at) => ({
      size: at.size,
      ratios: launchRatios(at.race.arms[arms[0]] ?? [], at.race.arms[arms[1]] ?? []),
      standing: pairStanding(at, arms, spreads, options),
    }))
    .filter(({ ratios }) => ratios.length > 0)
}

export const isSure = ({ standing }: PairPoint): boolean => standing === 'first' || standing === 'second'

/** The same points seen from the other arm. */
const turned = (points: readonly CurvePoint[]): CurvePoint[] =>
  points.map(({ size, ratios }) => ({ size, ratios: ratios.map((ratio) => -ratio) }))

/** Everything that can be said of one pair: several crossovers if it changes there and back; none for one size. */
export function pairCrossovers(
  points: readonly PairPoint[],
  { arms, names }: Pair,
  options: CrossoverOptions,
): PairCrossover[] {
  const [smallest, largest] = [points[0], points.at(-1)]
  if (smallest === undefined || largest === undefined || smallest === largest) return []
  const range = `at sizes ${smallest.size} to ${largest.size}`
  const isFaster = (standing: Standing): string => `${names[standing === 'first' ? 0 : 1]} is surely faster`

  /** The change from the one that leads at the smaller sizes to the other one, somewhere among the points. */
  const change = (
    below: Standing,
    bracket: OpenInterval,
    stretch: readonly PairPoint[],
    reason: string,
  ): PairCrossover => {
    const [from, to] = below === 'first' ? arms : [arms[1], arms[0]]
    const curve = below === 'first' ? stretch : turned(stretch)
    const crossing = estimateCrossing(curve, seededRandom(options.seed))
    const [low, high] = bracket
    const isClosed = low !== null && high !== null
    const interval = crossing?.interval ?? (isClosed ? bracket : null)
    return {
      from,
      to,
      answer: isClosed ? 'found' : 'unbounded',
      // Verdicts stand even where the launches since then would have them otherwise.
      size: crossing?.size ?? (isClosed ? Math.sqrt(low * high) : null),
      // What is open for the estimate may yet be bounded by the guarantee.
      interval: interval && [interval[0] ?? low, interval[1] ?? high],
      bracket,
      reason,
    }
  }

  const sure = points.filter(isSure)
  const [lowest, highest] = [sure[0], sure.at(-1)]
  const changes = sure.flatMap((above, index) => {
    const below = sure[index - 1]
    if (below === undefined || below.standing === above.standing) return []
    const stretch = points.slice(points.indexOf(below), points.indexOf(above) + 1)
    const reason = `${isFaster(below.standing)} at size ${below.size}, ${isFaster(above.standing)} at size ${above.size}`
    return [change(below.standing, [below.size, above.size], stretch, reason)]
  })
  if (changes.length > 0) return changes

  const open = points.filter(({ standing }) => standing === 'open')
  if (!open.includes(smallest) && !open.includes(largest)) {
    const orEquivalent = points.some(({ standing }) => standing === 'equivalent')
    const said =
      lowest === undefined
        ? `${names[0]} and ${names[1]} are within the margin`
        : `${isFaster(lowest.standing)}${orEquivalent ? ' or within the margin' : ''}`
    const but = open.length === 0 ? '' : `, undecided at ${open.map(({ size }) => size).join(', ')}`
    const reason = `${said} ${range}${but}`
    const [from, to] = arms
    return [{ from, to, answer: 'none in range', size: null, interval: null, bracket: [null, null], reason }]
  }
  if (lowest === undefined || highest === undefined) {
    // Nothing is sure: the direction is what the makespans suggest, or else the question asked of the pair.
    const below = mean(smallest.ratios) < 0 && mean(largest.ratios) > 0 ? 'second' : 'first'
    return [change(below, [null, null], points, `neither is surely faster ${range}`)]
  }
  // One of them is surely faster, at some sizes only. The question asked of a pair is where its second one takes over.
  const opensBelow = open.some(({ size }) => size < lowest.size)
  const opensAbove = open.some(({ size }) => size > highest.size)
  if (opensBelow && (lowest.standing === 'second' || !opensAbove)) {
    const stretch = points.filter(({ size }) => size <= lowest.size)
    const reason = `${isFaster(lowest.standing)} from size ${lowest.size} on; below that it is undecided`
    return [change(lowest.standing === 'first' ? 'second' : 'first', [null, lowest.size], stretch, reason)]
  }
  const stretch = points.filter(({ size }) => size >= highest.size)
  const reason = `${isFaster(highest.standing)} up to size ${highest.size}; above that it is undecided`
  return [change(highest.standing, [highest.size, null], stretch, reason)]
}
