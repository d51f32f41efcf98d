/**
 * Which cells became slower or faster between two results that were taken on different days.
 *
 * Two days differ in more than the code: the whole machine may be slower, and each cell may be off in its own way. How
 * fast it was in each launch the yardstick tells, and that is taken out first (machine-speed.ts). What it does not tell
 * hits what a cell computes, and not what it waits for. What cells share is told apart, and taken out of a cell as far as
 * the cell computes. What each is off by has two parts, which do not shrink with more launches, so that every cell has to
 * clear them too: what cells differ by beyond what their launches explain, again as far as they compute (days.ts); and a
 * part of what a cell's launches differ by, since launches of a day share that day. Where nothing tells computing from
 * waiting, all counts as computing; a cell is therefore slower or faster only if it seems so with that shift left in as
 * well.
 *
 * What the days differ by is told twice, each time for half of the error: by all cells, in a way that an executor that
 * became slower everywhere does not hide in it; and for each workload by the others, since among few workloads its own
 * change looks like the days'.
 */

import { meanDifference } from '../../stats/mean-difference.ts'
import type { MeanDifference } from '../../stats/mean-difference.ts'
import { mean, median } from '../../stats/summary.ts'
import { daysByAll, daysByUnchanged, leastWorkloads } from './days.ts'
import type { Days } from './days.ts'
import { lookOf, thresholdsOf, together } from './look.ts'
import type { Change, Look } from './look.ts'
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

/** Among fewer there are too few others. */
const leastToldByOthers = 5
/** Among more, one workload's change hardly matters to what all tell of the days. */
const mostToldByOthers = 20
/**
 * What a day adds to a cell at the least, in standard deviations of its launches: in 22 results under changing load the
 * means of ten launches differed between results by 0.4 to 0.9 of that (chance alone makes 0.32), in cells that wait and
 * spread by 1 % as in cells that compute and spread by 30 %. What cells that compute are off by beyond it is estimated.
 */
const dayShare = 0.3

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
  const atSpeed = samples.map(({ baseline, candidate, computing }) =>
    atOneSpeed(baseline, candidate, computing),
  )
  const found = differencesOf(samples, atSpeed)
  const known = samples.flatMap(({ workload, computing }, index) => {
    const shown = found[index]
    return shown === undefined ? [] : [{ ...shown, workload, computing }]
  })
  const workloads = [...new Set(samples.map(({ workload }) => workload))]
  const isShiftKnown = options.areTimes && workloads.length >= leastWorkloads
  const isToldByOthers = workloads.length >= leastToldByOthers && workloads.length <= mostToldByOthers
  const thresholds = thresholdsOf({ ...options, cells: known.length, looks: isToldByOthers ? 2 : 1 })
  const isDoubtful = options.areTimes && !isShiftKnown && options.isDisturbed
  const lookBy = (days: Days): Look =>
    lookOf(isShiftKnown ? days : { ...days, shift: 0, shiftVariance: 0 }, thresholds, isDoubtful)
  const all = daysByAll(known)
  const shift = isShiftKnown ? all.shift : 0
  const byAll = lookBy(all)
  const looks = new Map(
    workloads.map((judged) => {
      const others = isToldByOthers ? [known.filter(({ workload }) => workload !== judged)] : []
      return [judged, [byAll, ...others.map((cells) => lookBy(daysByUnchanged(cells)))]]
    }),
  )
  return {
    yardstick: yardstickOf(samples),
    shift: Math.exp(shift),
    isShiftKnown,
    betweenCells: all.betweenCells,
    changes: samples.map(({ workload, computing }, index): Change => {
      const difference = found[index]
      if (difference !== undefined)
        return together((looks.get(workload) ?? [byAll]).map((look) => look(difference, computing)))
      const { baseline, candidate } = atSpeed[index] ?? unmeasured
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
