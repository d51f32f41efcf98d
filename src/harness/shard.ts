/**
 * Which races of a plan one of several machines takes: whole races (workload × size), so that all executors of a race
 * meet on one machine. Each machine concludes the same from the plan and the seed alone, whatever it has measured.
 */

import type { RunOptions } from '../results/schema.ts'
import { seededRandom, shuffled } from '../stats/random.ts'

type Shard = NonNullable<RunOptions['shard']>

/** A workload with the sizes that are planned of it. */
interface Planned {
  readonly workload: { readonly name: string }
  /** Ascending. */
  readonly sizes: readonly number[]
}

/**
 * What each size of a workload costs beside its makespans (starting the executors, warm-ups), as a share of the
 * largest one's makespans. A guess, but the same on every machine.
 */
const fixedShare = 0.2

/** The part of a workload's time that each size takes, if makespans grow as sizes do; 1 altogether. */
function timeShares(sizes: readonly number[]): number[] {
  const largest = sizes.at(-1) ?? 1
  const costs = sizes.map((size) => fixedShare + size / largest)
  const total = costs.reduce((sum, cost) => sum + cost, 0)
  return costs.map((cost) => cost / total)
}

/**
 * Where to cut a sequence into so many stretches that the heaviest is as light as it can be: the index at which each
 * stretch ends. None is empty unless there are fewer entries than stretches; then the last ones are.
 */
export function cutEvenly(weights: readonly number[], stretches: number): number[] {
  const sums = [0]
  for (const weight of weights) sums.push((sums.at(-1) ?? 0) + weight)
  const weightOf = (from: number, to: number): number => (sums[to] ?? 0) - (sums[from] ?? 0)
  const cuts = Math.min(stretches, weights.length)
  // heaviest[k][end]: of the first entries up to `end` in k + 1 stretches, and where the last one begins.
  const table = [sums.map((sum) => ({ heaviest: sum, from: 0 }))]
  for (let stretch = 1; stretch < cuts; stretch++) {
    const before = table[stretch - 1] ?? []
    table.push(
      sums.map((_, end) => {
        let best = { heaviest: Number.POSITIVE_INFINITY, from: stretch }
        for (let from = stretch; from < end; from++) {
          const heaviest = Math.max(before[from]?.heaviest ?? 0, weightOf(from, end))
          if (heaviest < best.heaviest) best = { heaviest, from }
        }
        return best
      }),
    )
  }
  const ends: number[] = []
  let end = weights.length
  for (let stretch = cuts - 1; stretch >= 0; stretch--) {
    ends.unshift(end)
    end = table[stretch]?.[end]?.from ?? 0
  }
  return [...ends, ...Array.from({ length: stretches - cuts }, () => weights.length)]
}

export interface ShardOf<Entry> {
  /** What is planned here, in the order of the whole plan; workloads without a size here are left out. */
  readonly planned: Entry[]
  /** The part of the whole time that this takes, by estimate: 0 for a shard without races. */
  readonly timeShare: number
}

/**
 * The part of the plan that a shard takes. Races stand in a row, workload by workload in an order drawn by the seed,
 * and the row is cut: so few workloads are split (at most one for each cut).
 */
export function takeShard<Entry extends Planned>(
  planned: readonly Entry[],
  { index, of }: Shard,
  seed: number,
): ShardOf<Entry> {
  const row = shuffled(planned, seededRandom(seed)).flatMap((entry) => {
    const shares = timeShares(entry.sizes)
    return entry.sizes.map((size, at) => ({ entry, size, weight: (shares[at] ?? 0) / planned.length }))
  })
  const ends = cutEvenly(
    row.map(({ weight }) => weight),
    of,
  )
  const mine = row.slice(ends[index - 2] ?? 0, ends[index - 1])
  return {
    planned: planned.flatMap((entry) => {
      const sizes = entry.sizes.filter((size) =>
        mine.some((race) => race.entry === entry && race.size === size),
      )
      return sizes.length === 0 ? [] : [{ ...entry, sizes }]
    }),
    timeShare: mine.reduce((sum, { weight }) => sum + weight, 0),
  }
}
