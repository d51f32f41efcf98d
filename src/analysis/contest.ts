/** A contest as conclusions see it: the arms of one workload and runtime, raced against each other at each size. */

import type { CellError } from '../results/schema.ts'
import type { SizeRace } from './pair-crossover.ts'
import type { Race } from './race.ts'
import type { Decision } from './verdict.ts'

/** One executor with one number of workers: what competes in a race. */
export interface Arm {
  readonly executor: string
  /** Workers of a pool; tasks in flight of the event loop (null: unbounded, or not applicable). */
  readonly workers: number | null
  /** Of CPython's executors, the interpreter: `cpython 3.11.7`. */
  readonly runtime?: string
  /** Of a control only, in which two arms differ in nothing but their names. */
  readonly name?: 'A' | 'B'
}

/** What conclusions are drawn from, of a cell. */
export interface RacedCell {
  readonly size: number
  readonly arm: Arm
  /** Of a size that the author did not list, measured to place a crossover. */
  readonly refines: boolean
  /** Makespans in ms, by launch; the rounds of a launch in the same order for all arms of a race. */
  readonly launches: readonly (readonly number[])[]
  readonly error: CellError | null
  /** Why it was left out; null if it was measured or failed. */
  readonly skipped: string | null
  /** Beaten for good: a bound that has been crossed stays crossed, whatever later data say of the spread. */
  readonly isBeaten: boolean
}

export interface Contest {
  readonly workload: { readonly name: string }
  /** The executor that races itself; null where executors race each other. */
  readonly control: string | null
  /** What runs the tasks, `cpython 3.11.7`; null: Node. Runtimes do not race each other. */
  readonly runtime: string | null
  /** Sizes ascending, the arms of a size in the same order everywhere. */
  readonly cells: readonly RacedCell[]
  /** Verdicts reached, by size: they stand. */
  readonly settled: ReadonlyMap<number, Decision>
}

/** The cells of each size, in order. */
export function bySize<Sized extends { readonly size: number }>(
  cells: readonly Sized[],
): { size: number; cells: Sized[] }[] {
  const groups = new Map<number, Sized[]>()
  for (const cell of cells) groups.set(cell.size, [...(groups.get(cell.size) ?? []), cell])
  return [...groups].map(([size, group]) => ({ size, cells: group }))
}

/** Whether a cell takes no part in its race. */
export const isOut = (cell: RacedCell): boolean => cell.error !== null || cell.skipped !== null

/** The race of one size as the statistics see it: a failed arm has no launches. */
export function raceOf(cells: readonly RacedCell[]): Race {
  return {
    arms: cells.map((cell) => (isOut(cell) ? [] : cell.launches)),
    beaten: new Set([...cells.keys()].filter((index) => cells[index]?.isBeaten === true)),
  }
}

/** The races of a workload as crossovers see them, sizes ascending. */
export function sizeRaces(cells: readonly RacedCell[], settled: ReadonlyMap<number, Decision>): SizeRace[] {
  return bySize(cells).map(({ size, cells: racing }) => ({
    size,
    race: raceOf(racing),
    settled: settled.get(size),
  }))
}

/**
 * The races that have the same pairs of arms, so that what is known of their spread can be put together: all of a
 * run in one runtime, but in a control those of one executor.
 */
export function racesLike(
  { control, runtime }: Pick<Contest, 'control' | 'runtime'>,
  contests: readonly Pick<Contest, 'control' | 'runtime' | 'cells'>[],
): Race[] {
  return contests
    .filter((other) => other.control === control && other.runtime === runtime)
    .flatMap((other) => bySize(other.cells).map(({ cells }) => raceOf(cells)))
}
