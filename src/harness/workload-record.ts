/** What a run knows of one workload, and how its races stand: what the campaign and the report read. */

import type { Contest } from '../analysis/contest.ts'
import { isOut, raceOf, sizeRaces } from '../analysis/contest.ts'
import type { SizeRace } from '../analysis/pair-crossover.ts'
import type { Race } from '../analysis/race.ts'
import type { Decision } from '../analysis/verdict.ts'
import type { Pilot } from '../results/schema.ts'
import type { CellRecord } from './cell.ts'
import type { DescribedWorkload } from './describe.ts'
import type { RaceKey } from './race.ts'
import { cellsIn, isLone, launchesOf, openCells, raceKey, racesIn, runtimesOf } from './race.ts'
import type { RaceSkip, RaceState } from './race-changes.ts'

export interface RecordedWorkload {
  readonly workload: DescribedWorkload
  /** The executor that races itself; null where executors race each other. */
  readonly control: string | null
  readonly decide: (race: Race, runtime: string | null) => Decision
}

export class WorkloadRecord implements RaceState {
  readonly workload: DescribedWorkload
  readonly control: string | null
  readonly cells: CellRecord[] = []
  readonly pilots: Pilot[] = []
  /** Verdicts reached, by size. */
  readonly settled = new Map<RaceKey, Decision>()
  /** Sizes (null: all) that were not measured, and why. */
  readonly skipped: RaceSkip[] = []
  /** How often the task was called, under all executors, pilot and warm-ups included. */
  taskCalls = 0
  /** Of each runtime. */
  readonly typicalLaunchesMs = new Map<string | null, number>()
  /** Whether the pilot has chosen the arms. */
  piloted = false
  readonly #decide: RecordedWorkload['decide']
  readonly #leastLaunches: number

  /** @param leastLaunches how many every cell was asked to have, however clear it is. */
  constructor({ workload, control, decide }: RecordedWorkload, leastLaunches = 0) {
    this.workload = workload
    this.control = control
    this.#decide = decide
    this.#leastLaunches = leastLaunches
  }

  /** Of Node's executors; of CPython's where they race alone. */
  get launchesDone(): number {
    return launchesOf(this.cellsIn(this.runtimes[0] ?? null))
  }

  /** Whether anything is known of it: what it measured, or why it could not. */
  get hasBegun(): boolean {
    return this.piloted || this.cells.length > 0 || this.skipped.length > 0
  }

  /** Whether a listed size that is open has fewer launches than this. */
  lacksLaunches(least: number): boolean {
    const listed = this.cellsIn(this.runtimes[0] ?? null).filter(({ refines }) => !refines)
    return openCells({ cells: listed, settled: this.settled }).some(({ cells }) => launchesOf(cells) < least)
  }

  /** Of Node's executors; of CPython's where they race alone. */
  get typicalLaunchMs(): number {
    return this.typicalLaunchMsIn(this.runtimes[0] ?? null)
  }

  /** Those that race, Node (null) first. */
  get runtimes(): (string | null)[] {
    return runtimesOf(this.cells)
  }

  /** One a runtime: they share nothing but the time. */
  get contests(): Contest[] {
    const { workload, control } = this
    return this.runtimes.map((runtime) => ({
      workload,
      control,
      runtime,
      cells: this.cellsIn(runtime),
      settled: this.#settledIn(runtime),
    }))
  }

  #settledIn(runtime: string | null): Map<number, Decision> {
    return new Map(
      this.cellsIn(runtime).flatMap(({ size }) => {
        const decision = this.settled.get(raceKey(size, runtime))
        return decision === undefined ? [] : [[size, decision]]
      }),
    )
  }

  cellsIn(runtime: string | null): CellRecord[] {
    return cellsIn(runtime, this.cells)
  }

  typicalLaunchMsIn(runtime: string | null): number {
    return this.typicalLaunchesMs.get(runtime) ?? 0
  }

  /** Node's races as they stand, sizes ascending. */
  get races(): SizeRace[] {
    return sizeRaces(this.cellsIn(null), this.#settledIn(null))
  }

  /** Races that are decided, and those that were measured but are not; sizes that were added are neither. */
  get standing(): { readonly decided: number; readonly undecided: number } {
    const listed = racesIn(this.cells).filter(({ cells }) => !cells.some(({ refines }) => refines))
    const decided = listed.filter(({ key }) => (this.settled.get(key)?.kind ?? 'undecided') !== 'undecided')
    const measured = listed.filter(({ cells }) => cells.some(({ launches }) => launches.length > 0))
    return { decided: decided.length, undecided: measured.length - decided.length }
  }

  /**
   * The fewest further launches that would probably decide a size in this runtime (null: Node), or that were asked for;
   * infinite if nobody can say; null if none is open.
   */
  launchesNeeded(of: string | null): number | null {
    const needs = racesIn(this.cellsIn(of)).flatMap(({ key, runtime, cells }) => {
      if (cells.some(({ refines }) => refines) || isLone(cells)) return []
      const fewest = Math.min(...cells.filter((cell) => !isOut(cell)).map(({ launches }) => launches.length))
      if (fewest < this.#leastLaunches) return [this.#leastLaunches - fewest]
      if (this.settled.has(key)) return []
      const { launches, launchesNeeded } = this.#decide(raceOf(cells), runtime)
      return launches === 0 ? [] : [(launchesNeeded ?? Infinity) - launches]
    })
    return needs.length === 0 ? null : Math.min(...needs)
  }
}
