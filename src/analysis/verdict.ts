/**
 * Who wins a race, and how sure that is: paired log-ratios by launch, intervals that hold at every look, and one
 * error budget for the whole run.
 *
 * The unit is the launch, never the single measurement: measurements of one launch share its luck (where the code
 * landed, what was compiled), so more of them cannot make a verdict surer.
 */

import { varianceInflation } from '../stats/autocorrelation.ts'
import { mixtureRadius } from '../stats/confidence-sequence.ts'
import { moderate } from '../stats/moderated-variance.ts'
import type { Spread, VariancePrior } from '../stats/moderated-variance.ts'
import { mean, median } from '../stats/summary.ts'
import { raceSpread } from './race-spread.ts'
import { launchRatios, minLaunches } from './race.ts'
import type { Race } from './race.ts'
import { spreadFloor, spreadOf } from './spreads.ts'
import type { Spreads } from './spreads.ts'

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
  /** True if not even `maxLaunches` could settle it with some luck: measuring on would be a waste. */
  readonly outOfReach: boolean
}

/** Launches at most: a race still open then is undecided, and versions in turns have no more. */
export const maxLaunches = 20

/** From so many launches on their own spread is trusted, and what they cannot reach is given up. */
const ownSpreadLaunches = 8
/** Mixture tuning: tight at few launches, where most races end, and flatter for those that go on. */
const tuning = { few: 0.1, many: 1, own: 0.1 }

/** What a run knows of a pair's spread before its own launches are looked at. */
interface Known {
  readonly priors: readonly VariancePrior[]
  readonly correlation: number
}

const knownOf = (first: number, second: number, spreads: Spreads): Known => ({
  priors: spreads.ofPair(first, second),
  correlation: spreads.correlation,
})

/** How a pair spreads: by its own launches, and as all arms of its race say together. */
interface PairSpread {
  readonly own: Spread
  readonly shared: Spread
}

/**
 * Half-width at error 1 / threshold for the mean of a pair's log-ratios. Few launches borrow what the other arms of the
 * race and the run's other pairs say of their variance (moderated, as in Smyth 2004), and no less than the floor; many
 * must besides be sure by themselves alone.
 */
function radius(
  n: number,
  { own: ofPair, shared }: PairSpread,
  { priors, correlation }: Known,
  threshold: number,
): number {
  if (n < 2) return Number.POSITIVE_INFINITY
  const inflation = varianceInflation(correlation, n)
  const isOwnTrusted = n >= ownSpreadLaunches
  const moderated = priors.map((prior) => {
    const { variance, freedom } = moderate(isOwnTrusted ? ofPair : shared, prior)
    const inflated = variance * inflation
    return isOwnTrusted
      ? mixtureRadius(n, { variance: inflated, freedom }, threshold, tuning.many)
      : mixtureRadius(n, { variance: Math.max(inflated, spreadFloor ** 2), freedom }, threshold, tuning.few)
  })
  if (!isOwnTrusted) return Math.max(...moderated)
  const own = { variance: (ofPair.squares / ofPair.freedom) * inflation, freedom: ofPair.freedom }
  return Math.max(...moderated, mixtureRadius(n, own, threshold, tuning.own))
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

function radiiOf(n: number, spread: PairSpread, known: Known, options: VerdictOptions): Radii {
  return {
    deciding: radius(n, spread, known, pairThreshold(options)),
    shown: radius(n, spread, known, 1 / (1 - options.confidence)),
  }
}

/** Faster: the direction is sure at the run's error (`deciding`), and the interval that is shown clears the margin. */
const isFaster = (centre: number, { deciding, shown }: Radii, margin: number): boolean =>
  centre - deciding > 0 && centre - shown > Math.log1p(margin)

/** Equivalent: the whole deciding interval lies within the margin. */
const isEquivalent = (centre: number, { deciding }: Radii, margin: number): boolean =>
  Math.abs(centre) + deciding < Math.log1p(margin)

function outcomeOf(centre: number, radii: Radii, margin: number): Comparison['outcome'] {
  if (isEquivalent(centre, radii, margin)) return 'equivalent'
  if (isFaster(centre, radii, margin)) return 'faster'
  return isFaster(-centre, radii, margin) ? 'slower' : 'open'
}

/** Interval of a cell's makespan over its launches, in the unit given; null for fewer than two, or one of 0. */
export function makespanInterval(
  launchMedians: readonly number[],
  spreads: Spreads,
  confidence: number,
): [number, number] | null {
  if (launchMedians.length < 2 || launchMedians.some((value) => value <= 0)) return null
  const logs = launchMedians.map((value) => Math.log(value))
  const halfWidth = mixtureRadius(
    logs.length,
    moderate(spreadOf(logs), spreads.ofArms),
    1 / (1 - confidence),
    tuning.few,
  )
  return Number.isFinite(halfWidth)
    ? [Math.exp(mean(logs) - halfWidth), Math.exp(mean(logs) + halfWidth)]
    : null
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
  const centre = mean(ratios)
  const spread = { own: spreadOf(ratios), shared: raceSpread(race, first, second).spread }
  const radii = radiiOf(ratios.length, spread, knownOf(first, second, spreads), options)
  return {
    launches: ratios.length,
    ratio: Math.exp(centre),
    interval: [Math.exp(centre - radii.shown), Math.exp(centre + radii.shown)],
    outcome: ratios.length < minLaunches ? 'open' : outcomeOf(centre, radii, options.margin),
  }
}

type PairTest = (first: number, second: number) => boolean

/** Who is left of these arms, and whether that settles the race. */
function settle(standing: readonly number[], isFasterThan: PairTest, isEquivalentTo: PairTest) {
  const leaders = standing.filter((loser) => !standing.some((winner) => isFasterThan(winner, loser)))
  const isTie = leaders.every((i) => leaders.every((j) => j <= i || isEquivalentTo(i, j)))
  return { leaders, isSettled: leaders.length === 1 || (leaders.length > 1 && isTie) }
}

/** Where a pair stands, and what further launches would make of it if its variance is what it seems. */
interface Outlook {
  readonly centre: number
  readonly standardError: number
  readonly radiiAt: (n: number) => Radii
}

function outlookOf(race: Race, i: number, j: number, spreads: Spreads, options: VerdictOptions): Outlook {
  const ratios = launchRatios(race.arms[i] ?? [], race.arms[j] ?? [])
  const known = knownOf(i, j, spreads)
  const { spread, arms } = raceSpread(race, i, j)
  const variance = Math.max(...known.priors.map((prior) => moderate(spread, prior).variance))
  const expected = (freedom: number): Spread => ({ squares: variance * freedom, freedom })
  return {
    centre: mean(ratios),
    standardError: Math.sqrt(variance / ratios.length),
    radiiAt: (n) =>
      radiiOf(n, { own: expected(n - 1), shared: expected((arms - 1) * (n - 1)) }, known, options),
  }
}

/** Beyond this many launches nobody would wait. */
const farAway = 1000

/**
 * Decides one race. An arm is out once another one is faster; one arm left is the winner; arms left that are all
 * equivalent are a tie.
 *
 * Arms are compared over the launches they share, so an arm that was dropped keeps its last comparison.
 * @param spreads of all races so far.
 */
export function decide(race: Race, spreads: Spreads, options: VerdictOptions): Decision {
  const { margin } = options
  const indexes = race.arms.map((_, index) => index).filter((index) => (race.arms[index] ?? []).length > 0)
  const standing = indexes.filter((index) => race.beaten?.has(index) !== true)
  const outcome = (i: number, j: number) => compareArms(race, i, j, spreads, options).outcome
  const medianOf = (index: number): number => median((race.arms[index] ?? []).map((launch) => median(launch)))
  const now = settle(
    standing,
    (i, j) => i !== j && outcome(i, j) === 'faster',
    (i, j) => outcome(i, j) === 'equivalent',
  )
  const leaders = now.leaders.toSorted((a, b) => medianOf(a) - medianOf(b))
  const launches =
    leaders.length === 0 ? 0 : Math.min(...leaders.map((index) => race.arms[index]?.length ?? 0))
  if (now.isSettled && launches >= minLaunches)
    return {
      kind: leaders.length === 1 ? 'winner' : 'tie',
      leaders,
      launches,
      launchesNeeded: null,
      outOfReach: false,
    }
  const outlooks = leaders.map((i) => leaders.map((j) => outlookOf(race, i, j, spreads, options)))
  /** Whether n launches would settle it if every mean moved by so many standard errors in favour of an answer. */
  const wouldSettle = (n: number, luck: number): boolean => {
    const test = (i: number, j: number, says: typeof isFaster, towards: number): boolean => {
      const outlook = outlooks[leaders.indexOf(i)]?.[leaders.indexOf(j)]
      if (outlook === undefined || i === j) return false
      const size = Math.max(0, Math.abs(outlook.centre) + towards * luck * outlook.standardError)
      return says(Math.sign(outlook.centre) * size, outlook.radiiAt(n), margin)
    }
    return settle(
      leaders,
      (i, j) => test(i, j, isFaster, 1),
      (i, j) => test(i, j, isEquivalent, -1),
    ).isSettled
  }
  let needed = Math.max(launches + 1, minLaunches)
  while (needed <= farAway && !wouldSettle(needed, 0)) needed = Math.ceil(needed * 1.1)
  return {
    kind: 'undecided',
    leaders,
    launches,
    launchesNeeded: launches < 2 || needed > farAway ? null : needed,
    outOfReach: launches >= ownSpreadLaunches && !wouldSettle(maxLaunches, 1),
  }
}
