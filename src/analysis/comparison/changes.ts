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
 */

import { mean, median } from '../../stats/summary.ts'
import { daysByAll, leastWorkloads } from './days.ts'
import { differencesOf } from './differences.ts'
import { judgeOf } from './judge.ts'
import type { JudgeOptions, Known } from './judge.ts'
import type { Launch } from './launches.ts'
import { unclear } from './look.ts'
import type { Change } from './look.ts'
import { atOneSpeed } from './machine-speed.ts'

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

export interface ChangeOptions extends Pick<JudgeOptions, 'margin' | 'error'> {
  /** Something kept one of the machines busy: without a known shift, a slow cell may be a slow machine. */
  readonly isDisturbed: boolean
  /** Whether samples are makespans (which a slow machine shifts) or ratios of two executors (which it does not). */
  readonly areTimes: boolean
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
  const { areTimes, isDisturbed } = options
  const measured = samples.map(({ executor, computing, baseline, candidate }) => ({
    executor,
    days: atOneSpeed(baseline, candidate, computing),
  }))
  const differences = differencesOf(measured)
  const cells = measured.map(({ executor, days }, index): Known | undefined => {
    const [sample, found] = [samples[index], differences[index]]
    if (sample === undefined || found === undefined) return undefined
    const { workload, computing } = sample
    const { difference, standardError, freedom } = found
    return { workload, executor, computing, days, difference, standardError, freedom }
  })
  const known = cells.filter((cell) => cell !== undefined)
  const workloads = new Set(samples.map(({ workload }) => workload)).size
  const isShiftKnown = areTimes && workloads >= leastWorkloads
  const all = daysByAll(known)
  const shift = isShiftKnown ? all.shift : 0
  const judge = judgeOf(known, all, {
    ...options,
    isShiftKnown,
    isDoubtful: areTimes && !isShiftKnown && isDisturbed,
  })
  return {
    yardstick: yardstickOf(samples),
    shift: Math.exp(shift),
    isShiftKnown,
    betweenCells: all.betweenCells,
    changes: measured.map(({ days }, index) => {
      const cell = cells[index]
      if (cell !== undefined) return judge(cell)
      return unclear(mean(days.candidate) - mean(days.baseline) - (samples[index]?.computing ?? 1) * shift)
    }),
  }
}
