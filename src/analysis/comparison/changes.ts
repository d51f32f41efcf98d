/**
 * Which cells became slower or faster between two results that were taken on different days.
 *
 * Two days differ in more than the code: the whole machine may be slower, and each cell may be off in its own way. How
 * fast it was in each launch the yardstick tells, and that is taken out first (machine-speed.ts). What it does not tell
 * hits what a cell computes, and not what it waits for. What cells share is the median over those that compute; it is
 * told apart, and taken out of a cell as far as the cell computes. What each is off by has two parts, which do not shrink
 * with more launches, so that every cell has to clear them too: what the cells differ by beyond what their launches
 * explain, again as far as they compute; and a part of what a cell's launches differ by, since launches of a day share
 * that day. Where nothing tells computing from waiting, all counts as computing; a cell is therefore slower or faster
 * only if it seems so (at 95 %) with that shift left in as well.
 */

import { betweenDeviation } from '../../stats/between-deviation.ts'
import { jointFreedom, meanDifference } from '../../stats/mean-difference.ts'
import type { MeanDifference } from '../../stats/mean-difference.ts'
import { studentTQuantile } from '../../stats/student-t.ts'
import { mean, median } from '../../stats/summary.ts'
import { detectionPower } from '../verdict.ts'
import { moderatedSpreads } from './launch-spreads.ts'
import type { Launch } from './launches.ts'
import { atOneSpeed } from './machine-speed.ts'
import type { AtOneSpeed } from './machine-speed.ts'

/** What one cell shows, launch by launch. */
export interface Sample {
  readonly workload: string
  readonly executor: string
  /** Share of its time that a slower machine makes longer; the rest it waits for something else. */
  readonly computing: number
  readonly baseline: readonly Launch[]
  readonly candidate: readonly Launch[]
}

export type ChangeKind = 'slower' | 'faster' | 'unchanged' | 'unclear'

export interface Change {
  readonly change: ChangeKind
  /** Candidate over baseline at one speed of the machine, without the shift that cells share; null without a launch. */
  readonly ratio: number | null
  /** Of that ratio, at 95 %; null with fewer than two launches on a side. */
  readonly interval: readonly [number, number] | null
  /** The smallest slowdown, as a ratio, that would have been found in nine of ten comparisons; null: none. */
  readonly detectable: number | null
}

export interface Changes {
  /** How many times as long the yardstick took, the median over the cells; null where a result does not tell. */
  readonly yardstick: number | null
  /** Beyond that, candidate over baseline: the median over the cells that compute; 1 where it is not taken out. */
  readonly shift: number
  /** False if the cells come from so few workloads that a shift looks like a change of them. */
  readonly isShiftKnown: boolean
  /** Standard deviation, of logarithms, by which cells that only compute differ between days beyond their own noise. */
  readonly betweenCells: number
  /** In the order of the samples. */
  readonly changes: readonly Change[]
}

export interface ChangeOptions {
  /** A smaller difference does not matter. */
  readonly margin: number
  /** Probability that any cell of the comparison is called slower or faster though it is not. */
  readonly error: number
  /** Something kept one of the machines busy: without a known shift, a slow cell may be a slow machine. */
  readonly isDisturbed: boolean
  /** Whether samples are makespans (which a slow machine shifts) or ratios of two executors (which it does not). */
  readonly areTimes: boolean
}

/** From so many workloads on, the median over their cells is the machine's and not one workload's. */
const leastWorkloads = 3
/** A cell that computes for less of its time says little of how fast the machine is. */
const leastComputing = 0.5
/**
 * What a day adds to a cell at the least, in standard deviations of its launches: in 22 results under changing load the
 * means of ten launches differed between results by 0.4 to 0.9 of that (chance alone makes 0.32), in cells that wait and
 * spread by 1 % as in cells that compute and spread by 30 %. What cells that compute are off by beyond it is estimated.
 */
const dayShare = 0.3
const shownConfidence = 0.95

const unmeasured = { baseline: [], candidate: [], standardError: 0 }

/** What each sample shows, its day included; undefined where a side has too few launches to show how they spread. */
function differencesOf(
  samples: readonly Sample[],
  days: readonly AtOneSpeed[],
): (MeanDifference | undefined)[] {
  const sides = (['baseline', 'candidate'] as const).map((side) => {
    const day = samples.map(({ executor }, index) => ({ executor, logs: days[index]?.[side] ?? [] }))
    const spreadOf = moderatedSpreads(day)
    return day.map((launches) => ({
      mean: mean(launches.logs),
      count: launches.logs.length,
      spread: spreadOf(launches),
    }))
  })
  return samples.map((_, index) => {
    const [before, after] = sides.map((side) => side[index])
    if (before === undefined || after === undefined || before.count < 2 || after.count < 2) return undefined
    const { difference, standardError, freedom } = meanDifference(before, after)
    const ofDays = dayShare * Math.sqrt(before.spread.variance + after.spread.variance)
    const ofSpeed = days[index]?.standardError ?? 0
    return { difference, standardError: Math.hypot(standardError, ofDays, ofSpeed), freedom }
  })
}

/** How many times as long the yardstick took; null where a result does not tell. */
function yardstickOf(samples: readonly Sample[]): number | null {
  const differences = samples.flatMap(({ baseline, candidate }) => {
    const [before, after] = [baseline, candidate].map((launches) =>
      median(launches.flatMap(({ yardstick }) => yardstick ?? [])),
    ) as [number, number]
    return Number.isNaN(after - before) ? [] : [after - before]
  })
  return differences.length === 0 ? null : Math.exp(median(differences))
}

export function changesOf(samples: readonly Sample[], options: ChangeOptions): Changes {
  const days = samples.map(({ baseline, candidate, computing }) => atOneSpeed(baseline, candidate, computing))
  const found = differencesOf(samples, days)
  const known = samples.flatMap(({ computing }, index) => {
    const shown = found[index]
    if (shown === undefined) return []
    const { difference, standardError } = shown
    return [{ difference, standardError, computing }]
  })
  const workloads = new Set(samples.map(({ workload }) => workload)).size
  const isShiftKnown = options.areTimes && workloads >= leastWorkloads
  const ofMachine = known.filter(({ computing }) => computing >= leastComputing)
  const centre = ofMachine.length === 0 ? 0 : median(ofMachine.map(({ difference }) => difference))
  const shift = isShiftKnown ? centre : 0
  const betweenCells = betweenDeviation(
    known.map(({ difference, standardError, computing }) => ({
      difference: difference - computing * centre,
      standardError,
      share: computing,
    })),
  )
  const judge = judgeOf(
    {
      shift,
      betweenCells,
      // Cells of a workload are measured one after the other and may be off together: they are not as many as they seem.
      betweenFreedom: workloads >= leastWorkloads ? 2 * (workloads - 1) : Math.max(1, known.length - 1),
      cells: known.length,
      isDoubtful: options.areTimes && !isShiftKnown && options.isDisturbed,
    },
    options,
  )
  return {
    yardstick: yardstickOf(samples),
    shift: Math.exp(shift),
    isShiftKnown,
    betweenCells,
    changes: found.map((difference, index) => {
      const computing = samples[index]?.computing ?? 1
      if (difference !== undefined) return judge(difference, computing)
      const { baseline, candidate } = days[index] ?? unmeasured
      const ratio = Math.exp(mean(candidate) - mean(baseline) - computing * shift)
      return {
        change: 'unclear',
        ratio: Number.isFinite(ratio) ? ratio : null,
        interval: null,
        detectable: null,
      }
    }),
  }
}

/** Quantiles are costly, and cells many: rounded down to a tenth, degrees of freedom repeat. */
function quantiles(probability: number): (freedom: number) => number {
  const known = new Map<number, number>()
  return (freedom) => {
    const rounded = Math.max(1, Math.floor(10 * freedom)) / 10
    const quantile = known.get(rounded) ?? studentTQuantile(probability, rounded)
    known.set(rounded, quantile)
    return quantile
  }
}

interface Days {
  readonly shift: number
  readonly betweenCells: number
  /** Degrees of freedom that `betweenCells` is known with. */
  readonly betweenFreedom: number
  readonly cells: number
  readonly isDoubtful: boolean
}

function judgeOf(days: Days, { margin, error }: ChangeOptions) {
  const { shift, betweenCells, betweenFreedom, cells, isDoubtful } = days
  const least = Math.log1p(margin)
  const [sureAt, shownAt, powerAt] = [
    quantiles(1 - error / Math.max(1, cells)),
    quantiles((1 + shownConfidence) / 2),
    quantiles(detectionPower),
  ]
  return ({ difference, standardError, freedom: ofLaunches }: MeanDifference, computing: number): Change => {
    const ofMachine = computing * shift
    const centre = difference - ofMachine
    const deviation = Math.hypot(standardError, computing * betweenCells)
    const freedom = jointFreedom([
      [standardError ** 2, ofLaunches],
      [(computing * betweenCells) ** 2, betweenFreedom],
    ])
    const sure = sureAt(freedom) * deviation
    const shown = shownAt(freedom) * deviation
    const isSlower = centre - least > sure && difference - least > shown
    const isFaster = -centre - least > sure && -difference - least > shown
    let change: ChangeKind = 'unclear'
    if (Math.abs(centre) + shown < least) change = 'unchanged'
    else if (!isDoubtful && isSlower) change = 'slower'
    else if (!isDoubtful && isFaster) change = 'faster'
    return {
      change,
      ratio: Math.exp(centre),
      interval: [Math.exp(centre - shown), Math.exp(centre + shown)],
      detectable: isDoubtful
        ? null
        : Math.exp(least + Math.max(sure, shown - ofMachine) + powerAt(freedom) * deviation),
    }
  }
}
