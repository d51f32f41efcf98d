/** The race of one workload: launch after launch, until its questions are answered or its time is up. */

import { bySize, isOut, raceOf } from '../analysis/contest.ts'
import type { Race } from '../analysis/race.ts'
import type { Decision } from '../analysis/verdict.ts'
import { minLaunches } from '../analysis/race.ts'
import type { Random } from '../stats/random.ts'
import type { OpenArm } from './arm-host.ts'
import type { CellRecord } from './cell.ts'
import { runLaunch } from './launch.ts'

export interface RaceRequest {
  /** All cells of the workload, sizes ascending, the arms of a size in the same order everywhere. */
  readonly cells: readonly CellRecord[]
  readonly openArm: OpenArm
  readonly random: Random
  /** Milliseconds on some steady clock. */
  readonly now: () => number
  /** When the workload's share of the budget ends, on the same clock. */
  readonly deadlineMs: number
  /** Launches of a cell at most, those of earlier calls included. */
  readonly mostLaunches: number
  /** The verdict on this race, given what the whole run has seen so far. */
  readonly decide: (race: Race) => Decision
  /** Verdicts reached or out of reach, by size: they stand, and the size is not measured again. */
  readonly settled: Map<number, Decision>
  readonly signal: AbortSignal
  readonly onLaunch: (launch: number) => void
}

/** Launches of the cells that have most; sizes that were added later have launches of their own. */
export function launchesOf(cells: readonly CellRecord[]): number {
  const listed = cells.filter(({ refines }) => !refines)
  return Math.max(0, ...(listed.length === 0 ? cells : listed).map(({ launches }) => launches.length))
}

/** Looks at the races of all sizes, and keeps what can be said for good. */
function look({ cells, decide, settled }: RaceRequest): void {
  for (const { size, cells: racing } of bySize(cells)) {
    if (settled.has(size)) continue
    const decision = decide(raceOf(racing))
    if (decision.launches < minLaunches) continue
    for (const [index, cell] of racing.entries())
      if (!isOut(cell) && !decision.leaders.includes(index)) cell.isBeaten = true
    if (decision.kind !== 'undecided' || decision.outOfReach) settled.set(size, decision)
  }
}

/** The cells whose next launch could still change a verdict. */
function openCells({ cells, settled }: RaceRequest): { size: number; cells: CellRecord[] }[] {
  return bySize(cells)
    .map(({ size, cells: racing }) => ({
      size,
      cells: settled.has(size) ? [] : racing.filter((cell) => !isOut(cell) && !cell.isBeaten),
    }))
    .filter((open) => open.cells.length > 0)
}

/**
 * Measures the cells until every size is decided, the deadline is near, or the launches are used up. The first
 * launch is always measured, so that every cell has a number. Called again, it goes on where it stopped.
 */
export async function runRace(request: RaceRequest): Promise<void> {
  const { cells, now, deadlineMs, mostLaunches, signal } = request
  const startedMs = now()
  const onlyAdded = cells.every(({ refines }) => refines)
  let launchesHere = 0
  for (;;) {
    const launchesDone = launchesOf(cells)
    const sizes = openCells(request)
    // Sizes that were added go along, but nothing is launched for them alone.
    const isOpen = sizes.some((open) => onlyAdded || open.cells.some(({ refines }) => !refines))
    if (signal.aborted || !isOpen || launchesDone >= mostLaunches) return
    const startMs = now()
    const leftMs = Math.max(0, deadlineMs - startMs)
    const typicalMs = launchesHere === 0 ? 0 : (startMs - startedMs) / launchesHere
    // Within the first launches rounds give way, down to one: three short launches say more than two long ones.
    const leastMs = launchesDone < minLaunches ? typicalMs / 2 : typicalMs
    if (launchesDone > 0 && (leastMs > leftMs || leftMs === 0)) return
    const launchesDue =
      launchesDone < minLaunches ? minLaunches - launchesDone : Math.max(1, Math.floor(leftMs / typicalMs))
    request.onLaunch(launchesDone + 1)
    await runLaunch({
      sizes,
      openArm: request.openArm,
      random: request.random,
      now,
      deadlineMs: startMs + leftMs / (Number.isFinite(launchesDue) ? launchesDue : 1),
      signal,
    })
    launchesHere++
    look(request)
    // A launch in which everything failed adds none: asking again would not end.
    if (launchesOf(cells) === launchesDone) return
  }
}
