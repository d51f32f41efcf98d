/**
 * Who wins a race, and how sure that is: paired log-ratios by launch, intervals that hold at every look, and one
 * error budget for the whole run.
 *
 * The unit is the launch, never the single measurement: measurements of one launch share its luck (where the code
 * landed, what was compiled), so more of them cannot make a verdict surer.
 */

import { normalMixtureRadius, tMixtureRadius } from '../stats/confidence-sequence.ts'
import { mean, median, sumOfSquares } from '../stats/summary.ts'

/** One workload × size: the makespans in ms of each arm, by launch, rounds in the same order for all arms. */
export interface Race {
  readonly arms: readonly (readonly (readonly number[])[])[]
  /** Indexes of arms beaten at an earlier look, which stay out: a bound that was crossed stays crossed. */
  readonly beaten?: ReadonlySet<number>
}

export interface VerdictOptions {
  /** Probability that no verdict of the whole run is wrong, for example 0.95. */
  readonly confidence: number
  /** Differences up to this share do not matter, for example 0.05. */
  readonly margin: number
  /** Ordered pairs of arms over all races that the run plans, finished or not: they share the error budget. */
  readonly plannedPairs: number
}

/** How one arm compares with another: `ratio` above 1 means that `second` took longer. */
export interface Comparison {
  readonly launches: number
  readonly ratio: number
  /** Interval of the ratio at the run's confidence for this pair alone; for showing. */
  readonly interval: readonly [number, number]
  readonly outcome: 'faster' | 'slower' | 'equivalent' | 'open'
}

export interface Decision {
  readonly kind: 'winner' | 'tie' | 'undecided'
  /** Indexes of the winner, the tied, or those still in the race; the smallest median first. */
  readonly leaders: readonly number[]
  /** Launches that every leader has. */
  readonly launches: number
  /** Launches that would probably settle it, at the spread seen; null if decided, or out of reach. */
  readonly launchesNeeded: number | null
}

/** Launches before the first look: fewer cannot show their own spread. */
export const minLaunches = 3
/** Launches at most: a race still open then is undecided. */
export const maxLaunches = 20

/**
 * Standard deviation of a launch's log-ratio that is believed in at the least while launches are few: a pool can be
 * off for its whole life, and three launches that agree by chance do not show it. (In simulation 42 % of the runs
 * named a false winner without this floor, when launches share an offset.)
 */
const spreadFloor = 0.1
/** From so many launches on their own spread is trusted. */
const ownSpreadLaunches = 8

/** The log-ratio of two arms in each launch that both have: the median over rounds measured side by side. */
export function launchRatios(
  first: readonly (readonly number[])[],
  second: readonly (readonly number[])[],
): number[] {
  const ratios: number[] = []
  const launches = Math.min(first.length, second.length)
  for (let launch = 0; launch < launches; launch++) {
    const a = first[launch] ?? []
    const b = second[launch] ?? []
    const rounds = Math.min(a.length, b.length)
    if (rounds === 0) continue
    ratios.push(
      median(Array.from({ length: rounds }, (_, round) => Math.log((b[round] ?? 0) / (a[round] ?? 0)))),
    )
  }
  return ratios.filter(Number.isFinite)
}

/** Variance within the groups taken together; 0 if no group has two members. */
function pooledVariance(groups: readonly (readonly number[])[]): number {
  let squares = 0
  let freedom = 0
  for (const group of groups) {
    if (group.length < 2) continue
    squares += sumOfSquares(group)
    freedom += group.length - 1
  }
  return freedom === 0 ? 0 : squares / freedom
}

/** What is known of a pair's spread beyond its own launches in one race. */
export interface PairSpread {
  /** Variance of the pair's log-ratio within races of about the same duration. */
  readonly alike: number
  /** The same within all races. */
  readonly all: number
}

const unknownSpread: PairSpread = { alike: 0, all: 0 }

/** Half-width at error 1 / threshold, from a pair's launches, their centred sum of squares, and its spread elsewhere. */
function radius(n: number, squares: number, spread: PairSpread, threshold: number): number {
  if (n < 2) return Number.POSITIVE_INFINITY
  const own = squares / (n - 1)
  if (n < ownSpreadLaunches) {
    const variance = Math.max(own, spread.alike, spread.all, spreadFloor ** 2)
    return normalMixtureRadius(n, variance, threshold, 0.1)
  }
  return Math.max(
    normalMixtureRadius(n, Math.max(own, spread.alike), threshold, 1),
    tMixtureRadius(n, squares, threshold, 0.1),
  )
}

/**
 * Threshold of a two-sided statement on one of the planned ordered pairs (Bonferroni over the run): one side each
 * way of α / pairs, hence 1 / (2 · α / pairs).
 */
function pairThreshold({ confidence, plannedPairs }: VerdictOptions): number {
  return Math.max(plannedPairs, 1) / (2 * (1 - confidence))
}

/** Half-widths of a pair's interval: for deciding, at its part of the run's error; for showing, at all of it. */
interface Radii {
  readonly deciding: number
  readonly shown: number
}

function radiiOf(n: number, squares: number, spread: PairSpread, options: VerdictOptions): Radii {
  return {
    deciding: radius(n, squares, spread, pairThreshold(options)),
    shown: radius(n, squares, spread, 1 / (1 - options.confidence)),
  }
}

/**
 * What a mean log-ratio says. Faster: the direction is sure at the run's error (`deciding`), and the interval that
 * is shown clears the margin. Equivalent: the whole deciding interval lies within the margin.
 */
function outcomeOf(centre: number, { deciding, shown }: Radii, margin: number): Comparison['outcome'] {
  const delta = Math.log1p(margin)
  const size = Math.abs(centre)
  if (size + deciding < delta) return 'equivalent'
  if (size - deciding <= 0 || size - shown <= delta) return 'open'
  return centre > 0 ? 'faster' : 'slower'
}

/** Compares a pair by its log-ratios against the margin. */
function compareRatios(ratios: readonly number[], spread: PairSpread, options: VerdictOptions): Comparison {
  const centre = mean(ratios)
  const radii = radiiOf(ratios.length, sumOfSquares(ratios), spread, options)
  return {
    launches: ratios.length,
    ratio: Math.exp(centre),
    interval: [Math.exp(centre - radii.shown), Math.exp(centre + radii.shown)],
    outcome: outcomeOf(centre, radii, options.margin),
  }
}

/** Interval of a cell's makespan over its launches, in the unit given; null for fewer than two, or one of 0. */
export function makespanInterval(
  launchMedians: readonly number[],
  confidence: number,
): [number, number] | null {
  if (launchMedians.length < 2 || launchMedians.some((value) => value <= 0)) return null
  const logs = launchMedians.map((value) => Math.log(value))
  const halfWidth = radius(logs.length, sumOfSquares(logs), unknownSpread, 1 / (1 - confidence))
  return [Math.exp(mean(logs) - halfWidth), Math.exp(mean(logs) + halfWidth)]
}

const pairKey = (i: number, j: number): string => `${Math.min(i, j)}-${Math.max(i, j)}`

/** The log-ratios of every pair (i < j) of a race, by `pairKey`. */
function pairsOf(race: Race): Map<string, number[]> {
  const pairs = new Map<string, number[]>()
  race.arms.forEach((first, i) => {
    race.arms.forEach((second, j) => {
      if (i < j) pairs.set(pairKey(i, j), launchRatios(first, second))
    })
  })
  return pairs
}

/** The decade of a race's makespans: short ones are noisier, so spreads are pooled among their like. */
function decadeOf(race: Race): number {
  return Math.floor(Math.log10(median(race.arms.flat(2))))
}

/** How the log-ratio of each pair of arms spreads within the launches of the races given. */
export class Spreads {
  readonly #groups = new Map<string, number[][]>()

  constructor(races: readonly Race[]) {
    for (const race of races)
      for (const [pair, ratios] of pairsOf(race))
        for (const key of [pair, `${pair} ${decadeOf(race)}`])
          this.#groups.set(key, [...(this.#groups.get(key) ?? []), ratios])
  }

  of(race: Race, i: number, j: number): PairSpread {
    const pair = pairKey(i, j)
    return {
      alike: pooledVariance(this.#groups.get(`${pair} ${decadeOf(race)}`) ?? []),
      all: pooledVariance(this.#groups.get(pair) ?? []),
    }
  }
}

/** How much longer `second` took than `first`. */
export function compareArms(
  race: Race,
  first: number,
  second: number,
  spreads: Spreads,
  options: VerdictOptions,
): Comparison {
  const ratios = launchRatios(race.arms[first] ?? [], race.arms[second] ?? [])
  return compareRatios(ratios, spreads.of(race, first, second), options)
}

/** The launches at which a pair would be decided if its mean and spread stayed as they are; null if not by 1,000. */
function launchesToDecide(
  ratios: readonly number[],
  spread: PairSpread,
  options: VerdictOptions,
): number | null {
  const centre = mean(ratios)
  const ownVariance = sumOfSquares(ratios) / Math.max(ratios.length - 1, 1)
  const first = Math.max(ratios.length + 1, minLaunches)
  for (let n = first; n <= 1000; n++) {
    const radii = radiiOf(n, ownVariance * (n - 1), spread, options)
    if (outcomeOf(centre, radii, options.margin) !== 'open') return n
  }
  return null
}

/**
 * Decides one race. An arm is out once another one is faster; one arm left is the winner; arms left that are all
 * equivalent are a tie.
 *
 * Arms are compared over the launches they share, so an arm that was dropped keeps its last comparison.
 * @param spreads of all races so far.
 */
export function decide(race: Race, spreads: Spreads, options: VerdictOptions): Decision {
  const indexes = race.arms.map((_, index) => index).filter((index) => (race.arms[index] ?? []).length > 0)
  const compare = (i: number, j: number): Comparison => compareArms(race, i, j, spreads, options)
  const settles = (comparison: Comparison, outcome: Comparison['outcome']): boolean =>
    comparison.launches >= minLaunches && comparison.outcome === outcome
  const standing = indexes.filter((index) => race.beaten?.has(index) !== true)
  const isBeaten = (loser: number): boolean =>
    standing.some((winner) => winner !== loser && settles(compare(winner, loser), 'faster'))
  const medianOf = (index: number): number => median((race.arms[index] ?? []).map((launch) => median(launch)))
  const leaders = standing.filter((index) => !isBeaten(index)).toSorted((a, b) => medianOf(a) - medianOf(b))
  const launches = Math.min(...leaders.map((index) => race.arms[index]?.length ?? 0))
  if (leaders.length === 1 && launches >= minLaunches)
    return { kind: 'winner', leaders, launches, launchesNeeded: null }
  const open = leaders.flatMap((i) =>
    leaders.filter((j) => j > i && !settles(compare(i, j), 'equivalent')).map((j) => [i, j] as const),
  )
  if (leaders.length > 1 && open.length === 0) return { kind: 'tie', leaders, launches, launchesNeeded: null }
  const needs = open.map(([i, j]) =>
    launchesToDecide(launchRatios(race.arms[i] ?? [], race.arms[j] ?? []), spreads.of(race, i, j), options),
  )
  const launchesNeeded = needs.length === 0 || needs.includes(null) ? null : Math.max(...needs.map(Number))
  return {
    kind: 'undecided',
    leaders,
    launches: Number.isFinite(launches) ? launches : 0,
    launchesNeeded,
  }
}
