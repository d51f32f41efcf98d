/** One workload in a run: set up, piloted once, raced for as long as it may, torn down. */

import type { Contest } from '../analysis/contest.ts'
import { isOut, raceOf, sizeRaces } from '../analysis/contest.ts'
import type { SizeRace } from '../analysis/pair-crossover.ts'
import type { Race } from '../analysis/race.ts'
import type { Decision } from '../analysis/verdict.ts'
import type { Pilot, RunOptions } from '../results/schema.ts'
import type { Random } from '../stats/random.ts'
import type { OpenArm } from './arm-host.ts'
import { armOpener } from './arm-host.ts'
import type { CellRecord } from './cell.ts'
import { emptyCell } from './cell.ts'
import { toCellFailure } from './cell-error.ts'
import type { TaskLimit, TaskSource } from './commands.ts'
import type { DescribedWorkload } from './describe.ts'
import type { RunListener } from './events.ts'
import type { WorkloadPilotRequest } from './pilot-workload.ts'
import { asRaced, pilotWorkload } from './pilot-workload.ts'
import { armsAsked } from './plan.ts'
import { pythonKind } from './python/executors.ts'
import type { RaceKey } from './race.ts'
import { cellsIn, launchesOf, look, openCells, raceKey, racesIn, runRace, runtimesOf } from './race.ts'
import type { RaceSkip, RaceState } from './race-changes.ts'
import { cellsBetween, unmeasured } from './refine.ts'
import { makeTemporaryFolder } from './temporary-folder.ts'
import { whenSetUp } from './workload-setup.ts'

export interface WorkloadRaceRequest extends Omit<WorkloadPilotRequest, 'executors' | 'openArm'> {
  readonly options: RunOptions
  readonly random: Random
  readonly now: () => number
  readonly decide: (race: Race, runtime: string | null) => Decision
  readonly listener: RunListener
  readonly signal: AbortSignal
  /** Called between measurements when there is more to keep; `mayWait`: more of the kind follows in a moment. */
  readonly onChange?: (race: WorkloadRace, mayWait: boolean) => void
}

/** However small the budget: a task may take so long before it counts as hanging. */
const leastLimitMs = 1000

/** Four executors that hang must not take more than the workload's share, and so the time of the others. */
function taskLimit(timeoutMs: number, fairShareMs: number): TaskLimit {
  const affordableMs = Math.max(leastLimitMs, Math.round(fairShareMs / 4))
  return timeoutMs <= affordableMs
    ? { limitMs: timeoutMs, setBy: '--timeout' }
    : { limitMs: affordableMs, setBy: 'all that --budget has for it' }
}

export class WorkloadRace implements RaceState {
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
  readonly #request: WorkloadRaceRequest

  constructor(request: WorkloadRaceRequest) {
    this.#request = request
    this.workload = request.workload
    this.control = request.control
  }

  /**
   * Measures until the deadline (on the clock of `now`), until all is decided, or until the cells have so many
   * launches; called again, it goes on. Never rejects: what goes wrong is in the cells, or noted.
   * @param cells those to race; all by default.
   */
  async go(
    deadlineMs: number,
    mostLaunches: number,
    cells: readonly CellRecord[] = this.cells,
  ): Promise<void> {
    try {
      const folder = await makeTemporaryFolder()
      try {
        await this.#goIn(folder.environment, deadlineMs, mostLaunches, cells)
      } finally {
        await folder.remove()
      }
    } catch (error) {
      this.#failed('preparation', error)
    }
    this.#changed()
  }

  #changed(mayWait = false): void {
    this.#request.onChange?.(this, mayWait)
  }

  /** Looks again at what another process has left: it may have been ended before it could. */
  look(): void {
    look({ cells: this.cells, settled: this.settled, decide: this.#request.decide })
    this.#changed()
  }

  /**
   * Measures a size that the author did not list, in launches of its own, up to so many; later launches of the
   * workload take it along. Called again for a size, it goes on with it. A size that cannot be measured is no failure: it is left out, with the reason noted.
   * @returns whether it was measured.
   */
  async goBetween(size: number, deadlineMs: number, mostLaunches: number): Promise<boolean> {
    const known = this.cells.filter((cell) => cell.size === size)
    const added = known.length > 0 ? known : cellsBetween(size, this.cells)
    const at = this.cells.findIndex((cell) => cell.size > size)
    if (known.length === 0) this.cells.splice(at, 0, ...added)
    await this.go(deadlineMs, mostLaunches, added)
    this.#leaveOutFailed()
    this.#changed()
    return this.cells.some((cell) => cell.size === size)
  }

  /** The sizes that were added, but do not work out. */
  #leaveOutFailed(): void {
    for (const { size, reason } of unmeasured(this.cells)) {
      const kept = this.cells.filter((cell) => cell.size !== size)
      this.cells.splice(0, this.cells.length, ...kept)
      this.settled.delete(size)
      if (reason !== null) this.skipped.push({ size, reason, refines: true })
    }
  }

  async #goIn(
    environment: NodeJS.ProcessEnv,
    deadlineMs: number,
    mostLaunches: number,
    cells: readonly CellRecord[],
  ): Promise<void> {
    const { bundle, called, against } = this.workload
    const measure = (openArm: OpenArm): Promise<void> =>
      this.#measure(openArm, deadlineMs, mostLaunches, cells)
    const { listener, signal } = this.#request
    const open = (bundleUrl: string, use: (openArm: OpenArm) => Promise<void>): Promise<void> => {
      const source: TaskSource = { bundleUrl, called }
      return whenSetUp(
        {
          workload: this.workload.name,
          source,
          environment,
          listener,
          signal,
          onFailed: (error) => this.#failed('setup', error),
        },
        (resources) => use(this.#opener(source, resources, environment)),
      )
    }
    await open(bundle.url, (openHere) =>
      against === undefined
        ? measure(openHere)
        : open(against.url, (openThere) =>
            measure((arm) => (arm.name === 'A' ? openThere(arm) : openHere(arm))),
          ),
    )
  }

  #opener(source: TaskSource, resources: unknown, environment: NodeJS.ProcessEnv): OpenArm {
    const { options, fairShareMs, signal } = this.#request
    return armOpener({
      source,
      tasksInFlightPerWorker: options.tasksInFlightPerWorker,
      resources,
      twinOf: ({ runtime }) => {
        const { twin } = this.workload
        const python = this.#request.pythons.pythons.find(({ record }) => record.runtime === runtime)
        return python === undefined || twin === null ? undefined : { python: python.path, file: twin }
      },
      taskLimit: taskLimit(options.timeoutMs, fairShareMs),
      environment,
      onCalls: (calls) => {
        this.taskCalls += calls
      },
      signal,
    })
  }

  async #measure(
    openArm: OpenArm,
    deadlineMs: number,
    mostLaunches: number,
    cells: readonly CellRecord[],
  ): Promise<void> {
    if (!this.piloted) {
      await this.#pilot(openArm)
      this.#changed()
    }
    await this.#race(openArm, deadlineMs, mostLaunches, cells)
    this.#leaveOutFailed()
  }

  get #executors(): readonly string[] {
    return this.control === null ? this.#request.options.executors : [this.control]
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
    const { leastLaunches = 0 } = this.#request.options
    const needs = racesIn(this.cellsIn(of)).flatMap(({ key, runtime, cells }) => {
      if (cells.some(({ refines }) => refines)) return []
      const fewest = Math.min(...cells.filter((cell) => !isOut(cell)).map(({ launches }) => launches.length))
      if (fewest < leastLaunches) return [leastLaunches - fewest]
      if (this.settled.has(key)) return []
      const { launches, launchesNeeded } = this.#request.decide(raceOf(cells), runtime)
      return launches === 0 ? [] : [(launchesNeeded ?? Infinity) - launches]
    })
    return needs.length === 0 ? null : Math.min(...needs)
  }

  /** What was measured before stays; a workload without any measurement has failed, or is not for this machine. */
  #failed(stage: string, error: unknown): undefined {
    const { sizes, options, signal, listener } = this.#request
    if (signal.aborted) return undefined
    const { cellError } = toCellFailure(error)
    const failure = { ...cellError, message: `${stage} failed: ${cellError.message}` }
    if (this.cells.length > 0)
      listener({ kind: 'note', message: `${this.workload.name}: ${failure.message}` })
    else if (cellError.name === 'WorkloadUnavailableError')
      this.skipped.push({ size: null, reason: cellError.message })
    else
      for (const size of sizes)
        for (const executor of this.#executors.filter((id) => pythonKind(id) === undefined))
          for (const asked of armsAsked(executor, options.maxWorkers) ?? [{ executor, workers: null }])
            for (const arm of asRaced(asked, this.control))
              this.cells.push({ ...emptyCell(size, arm, 'rule'), error: failure })
    return undefined
  }

  async #pilot(openArm: OpenArm): Promise<void> {
    this.#request.listener({ kind: 'stage', workload: this.workload.name, stage: 'pilot' })
    const { cells, pilots, skipped } = await pilotWorkload({
      ...this.#request,
      executors: this.#executors,
      openArm,
    })
    this.piloted = true
    this.cells.push(...cells)
    this.pilots.push(...pilots)
    this.skipped.push(...skipped)
  }

  async #race(
    openArm: OpenArm,
    deadlineMs: number,
    mostLaunches: number,
    cells: readonly CellRecord[],
  ): Promise<void> {
    const { random, now, decide, listener, options, signal } = this.#request
    const startMs = now()
    const guests = cells.filter(({ arm }) => arm.runtime !== undefined)
    const spentByGuests = (): number =>
      guests.reduce(
        (sum, { warmUpMs, launches }) => sum + warmUpMs + launches.flat().reduce((a, b) => a + b, 0),
        0,
      )
    const spentBeforeMs = spentByGuests()
    let launches = 0
    await runRace({
      cells,
      openArm,
      random,
      now,
      deadlineMs,
      mostLaunches,
      decide,
      settled: this.settled,
      leastLaunches: options.leastLaunches,
      signal,
      onChange: (mayWait) => this.#changed(mayWait),
      onLaunch: (launch) => {
        launches++
        listener({ kind: 'stage', workload: this.workload.name, stage: 'race', launch })
      },
    })
    if (cells.every(({ refines }) => refines)) return
    const elapsedMs = now() - startMs
    for (const runtime of runtimesOf(cells)) {
      // Without what others took, which Node can go on without.
      const ownMs = runtime === null ? elapsedMs - (spentByGuests() - spentBeforeMs) : elapsedMs
      this.typicalLaunchesMs.set(runtime, ownMs / Math.max(1, launches))
    }
  }
}
