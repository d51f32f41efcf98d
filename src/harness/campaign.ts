/** How a run spends its budget: launches for everyone first, then for what is undecided, the nearest answer first. */

import { minLaunches } from '../analysis/race.ts'
import { maxLaunches } from '../analysis/verdict.ts'
import type { CellRecord } from './cell.ts'
import { launchesOf } from './race.ts'
import type { WorkloadRace } from './workload-race.ts'

/** A workload that can be raced a while, and later on; `WorkloadRace` is one. */
export type Raceable = Pick<
  WorkloadRace,
  | 'cellsIn'
  | 'go'
  | 'hasBegun'
  | 'lacksLaunches'
  | 'launchesDone'
  | 'launchesNeeded'
  | 'runtimes'
  | 'typicalLaunchMs'
  | 'typicalLaunchMsIn'
>

export interface CampaignOptions<Entry extends Raceable> {
  readonly budgetMs: number
  /** How often every cell is launched, however clear it is; for a comparison. */
  readonly leastLaunches?: number | undefined
  /** When the run ends, on the clock of `now`. */
  readonly endMs: number
  readonly now: () => number
  readonly signal: AbortSignal
  /** Measures sizes where the lead changes, as soon as it seems to; called again and again. */
  readonly refine: () => Promise<void>
  /** Called between two turns of workloads. */
  readonly pause: () => Promise<void>
  /** A workload has had its first launches. */
  readonly onFirstLaunches: (entry: Entry) => void
}

/** Of the budget, what CPython's executors may have for further launches while some of Node's races are undecided. */
const guestBudgetShare = 1 / 5

/** Launches that an undecided workload gets before the others are looked at again: each turn sets it up anew. */
const launchesAtOnce = 4
/**
 * The same while launches are missing that were asked for. A machine is slower for some seconds and then not: launches
 * that are spread over the run show that, and those of one stretch would take it for the workload's.
 */
const launchesAtOnceAsked = 2

/** Of the time that is left, what launches that were asked for may take; each turn sets its workload up as well. */
const sharedOut = 0.9

/** Node's races of a workload, or those of another runtime. */
interface Part {
  readonly entry: Raceable
  /** Null: Node's. */
  readonly runtime: string | null
}

const cellsOf = ({ entry, runtime }: Part): CellRecord[] => entry.cellsIn(runtime)

/** As many launches as a verdict needs, in equal shares of the time that is left; then for those that these did not do for. */
async function goFirst<Entry extends Raceable>(
  entries: readonly Entry[],
  { endMs, now, signal, pause, onFirstLaunches, leastLaunches = 0 }: CampaignOptions<Entry>,
): Promise<void> {
  for (const [index, entry] of entries.entries()) {
    await pause()
    if (signal.aborted) return
    if (!entry.hasBegun || entry.lacksLaunches(minLaunches)) {
      const shareMs = Math.max(0, endMs - now()) / (entries.length - index)
      await entry.go({
        deadlineMs: now() + shareMs,
        mostLaunches: minLaunches,
        launchShareMs: leastLaunches === 0 ? 0 : (sharedOut * shareMs) / leastLaunches,
      })
    }
    onFirstLaunches(entry)
  }
  for (const entry of entries) {
    const isShort = entry.launchesDone > 0 && entry.launchesDone < minLaunches
    if (!signal.aborted && isShort && endMs - now() > entry.typicalLaunchMs)
      await entry.go({
        deadlineMs: endMs,
        mostLaunches: minLaunches,
        cells: entry.cellsIn(entry.runtimes[0] ?? null),
      })
  }
}

interface Candidate {
  readonly part: Part
  /** Launches to have before the others are looked at again. */
  readonly turn: number
  /** Launches that were asked for and are missing. */
  readonly lacking: number
  readonly launchMs: number
}

/**
 * The undecided that a launch can be had for, the one first that probably costs least to decide; before them those that
 * lack launches that were asked for, the one first that has fewest.
 */
function byNearness(parts: Iterable<Part>, leftMs: number, leastLaunches: number): Candidate[] {
  return [...parts]
    .flatMap((part) => {
      const need = part.entry.launchesNeeded(part.runtime)
      const launchMs = part.entry.typicalLaunchMsIn(part.runtime)
      const launches = launchesOf(cellsOf(part))
      if (need === null || launchMs >= leftMs || launches >= maxLaunches) return []
      const lacking = Math.max(0, leastLaunches - launches)
      const turn = Math.min(need, lacking > 0 ? launchesAtOnceAsked : launchesAtOnce)
      return [{ part, turn, lacking, launchMs, needMs: need * launchMs }]
    })
    .toSorted((one, other) => other.lacking - one.lacking || (one.needMs < other.needMs ? -1 : 1))
}

/** Races all workloads until everything is decided, or the budget is spent. */
export async function spendBudget<Entry extends Raceable>(
  entries: readonly Entry[],
  options: CampaignOptions<Entry>,
): Promise<void> {
  const { budgetMs, endMs, now, signal, pause, refine, leastLaunches = 0 } = options
  await goFirst(entries, options)
  const open = new Set<Part>(
    entries.flatMap((entry) => entry.runtimes.map((runtime) => ({ entry, runtime }))),
  )
  let guestsLeftMs = budgetMs * guestBudgetShare
  for (;;) {
    await pause()
    await refine()
    const leftMs = endMs - now()
    const candidates = byNearness(open, leftMs, leastLaunches)
    const [nearest = candidates[0]] =
      guestsLeftMs > 0 ? candidates : candidates.filter(({ part }) => part.runtime === null)
    if (nearest === undefined || signal.aborted) return
    // A few launches, then another look at who is nearest.
    const { part, turn, launchMs } = nearest
    const owedMs = candidates.reduce((sum, { lacking, launchMs: ms }) => sum + lacking * ms, 0)
    const launchesDone = launchesOf(cellsOf(part))
    const mostLaunches = Math.min(maxLaunches, launchesDone + turn)
    await part.entry.go({
      deadlineMs: endMs,
      mostLaunches,
      cells: cellsOf(part),
      launchShareMs: nearest.lacking === 0 ? 0 : (sharedOut * leftMs * launchMs) / owedMs,
    })
    if (part.runtime !== null) guestsLeftMs -= leftMs - (endMs - now())
    // What cannot go on, its setup failing for example, must not be asked for ever.
    if (launchesOf(cellsOf(part)) === launchesDone) open.delete(part)
  }
}
