/** The race of one workload: launch after launch, until its questions are answered or its time is up. */

import { bySize, isOut, raceOf } from '../analysis/contest.ts'
import type { Race } from '../analysis/race.ts'
import type { Decision } from '../analysis/verdict.ts'
import { minLaunches } from '../analysis/race.ts'
import type { Random } from '../stats/random.ts'
import type { OpenArm } from './arm-host.ts'
import type { CellRecord } from './cell.ts'
import { runLaunch } from './launch.ts'
import { comparedRounds, racedRounds } from './plan.ts'

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
  /** The verdict on this race, given what the whole run has seen so far of its runtime. */
  readonly decide: (race: Race, runtime: string | null) => Decision
  /** Verdicts reached or out of reach: they stand, and the race is not measured again. */
  readonly settled: Map<RaceKey, Decision>
  /** So many launches of every cell, decided or not: a comparison needs them. */
  readonly leastLaunches?: number | undefined
  /** Of the time for all of these, what each may take. */
  readonly launchShareMs?: number | undefined
  readonly signal: AbortSignal
  readonly onLaunch: (launch: number) => void
  /** As for a launch. */
  readonly onChange?: ((mayWait: boolean) => void) | undefined
}

/** Names a race within its workload: its size, and where it is not Node's also the runtime. */
export type RaceKey = number | string

/** The cells that race each other: the executors of one runtime at one size. */
interface RaceCells {
  readonly key: RaceKey
  readonly size: number
  /** Null: Node's. */
  readonly runtime: string | null
  readonly cells: CellRecord[]
}

const runtimeOf = ({ arm }: CellRecord): string | null => arm.runtime ?? null

export const raceKey = (size: number, runtime: string | null): RaceKey =>
  runtime === null ? size : `${size} in ${runtime}`

/** The cells of a runtime (null: Node's). */
export function cellsIn(runtime: string | null, cells: readonly CellRecord[]): CellRecord[] {
  return cells.filter((cell) => runtimeOf(cell) === runtime)
}

/** The runtimes of some cells, Node (null) first. */
export function runtimesOf(cells: readonly CellRecord[]): (string | null)[] {
  const runtimes = new Set(cells.map(runtimeOf))
  return [...(runtimes.delete(null) ? [null] : []), ...runtimes]
}

/** The races of a workload, by size, Node's first. */
export function racesIn(cells: readonly CellRecord[]): RaceCells[] {
  return bySize(cells).flatMap(({ size, cells: ofSize }) =>
    runtimesOf(ofSize).map((runtime) => ({
      key: raceKey(size, runtime),
      size,
      runtime,
      cells: cellsIn(runtime, ofSize),
    })),
  )
}

/** Launches of the cells that have most; sizes that were added later have launches of their own. */
export function launchesOf(cells: readonly CellRecord[]): number {
  const listed = cells.filter(({ refines }) => !refines)
  return Math.max(0, ...(listed.length === 0 ? cells : listed).map(({ launches }) => launches.length))
}

const countLaunches = (cells: readonly CellRecord[]): number =>
  cells.reduce((sum, { launches }) => sum + launches.length, 0)

/** Looks at all races, and keeps what can be said for good. */
export function look({ cells, decide, settled }: Pick<RaceRequest, 'cells' | 'decide' | 'settled'>): void {
  for (const { key, runtime, cells: racing } of racesIn(cells)) {
    if (settled.has(key)) continue
    const decision = decide(raceOf(racing), runtime)
    if (decision.launches < minLaunches) continue
    for (const [index, cell] of racing.entries())
      if (!isOut(cell) && !decision.leaders.includes(index)) cell.isBeaten = true
    if (decision.kind !== 'undecided' || decision.outOfReach) settled.set(key, decision)
  }
}

/** A version whose other one failed has nothing to be held against. */
export const isLone = (racing: readonly CellRecord[]): boolean =>
  racing.some(({ arm }) => arm.name !== undefined) && racing.filter((cell) => !isOut(cell)).length < 2

/** The cells whose next launch could still change a verdict, or that were asked for more launches. */
export function openCells({
  cells,
  settled,
  leastLaunches = 0,
}: Pick<RaceRequest, 'cells' | 'settled' | 'leastLaunches'>): { size: number; cells: CellRecord[] }[] {
  const open = racesIn(cells).flatMap(({ key, cells: racing }) =>
    racing.filter((cell) => {
      if (isOut(cell) || isLone(racing)) return false
      const isShort = !cell.refines && cell.launches.length < leastLaunches
      return isShort || !(settled.has(key) || cell.isBeaten)
    }),
  )
  return bySize(open)
}

/** Where there is no time for all, other runtimes give way: without Node's cells they stay. */
function nodeFirst(sizes: ReturnType<typeof openCells>): ReturnType<typeof openCells> {
  const ofNode = bySize(
    cellsIn(
      null,
      sizes.flatMap(({ cells }) => cells),
    ),
  )
  return ofNode.length === 0 ? sizes : ofNode
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
  let closed = Promise.resolve()
  try {
    for (;;) {
      const launchesDone = launchesOf(cells)
      const sizes = openCells(request)
      // Sizes that were added go along, but nothing is launched for them alone.
      const isOpen = sizes.some((open) => onlyAdded || open.cells.some(({ refines }) => !refines))
      // A launch that another process was ended in is completed first: the sizes that it did not come to. (Other
      // runtimes may have given way.)
      const first = runtimesOf(cells)[0] ?? null
      const lacking = (open: readonly CellRecord[]): CellRecord[] =>
        open.filter(({ launches, refines }) => !refines && launches.length < launchesDone)
      const behind = sizes
        .map((open) => ({ size: open.size, cells: lacking(open.cells) }))
        .filter((open) => cellsIn(first, open.cells).length > 0)
      if (signal.aborted || !isOpen || (behind.length === 0 && launchesDone >= mostLaunches)) return
      const startMs = now()
      const leftMs = Math.max(0, deadlineMs - startMs)
      const typicalMs = launchesHere === 0 ? 0 : (startMs - startedMs) / launchesHere
      // Within the first launches rounds give way, down to one: three short launches say more than two long ones.
      const leastMs = launchesDone < minLaunches ? typicalMs / 2 : typicalMs
      const launchesLeast = Math.min(launchesDone, ...behind.map((open) => launchesOf(open.cells)))
      if (launchesLeast > 0 && (leastMs > leftMs || leftMs === 0)) return
      const launchesDue =
        launchesDone < minLaunches ? minLaunches - launchesDone : Math.max(1, Math.floor(leftMs / typicalMs))
      const isTight = launchesDone < minLaunches && typicalMs * launchesDue > leftMs
      const measuredBefore = countLaunches(cells)
      request.onLaunch(launchesDone + (behind.length === 0 ? 1 : 0))
      const ended = await runLaunch({
        quiet: closed,
        sizes: behind.length > 0 ? behind : isTight ? nodeFirst(sizes) : sizes,
        openArm: request.openArm,
        random: request.random,
        now,
        deadlineMs: startMs + leftMs / (Number.isFinite(launchesDue) ? launchesDue : 1),
        rounds: request.leastLaunches === undefined ? racedRounds : comparedRounds,
        shareMs: request.launchShareMs,
        signal,
        onChange: request.onChange,
      })
      closed = ended.closed
      launchesHere++
      look(request)
      request.onChange?.(false)
      // A launch in which everything failed adds none: asking again would not end.
      if (countLaunches(cells) === measuredBefore) return
    }
  } finally {
    await closed
  }
}
