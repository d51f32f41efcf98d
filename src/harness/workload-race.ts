/** One workload in a run: set up, piloted once, raced for as long as it may, torn down. */

import { bySize, raceOf, sizeRaces } from '../analysis/contest.ts'
import type { SizeRace } from '../analysis/pair-crossover.ts'
import type { Race } from '../analysis/race.ts'
import type { Decision } from '../analysis/verdict.ts'
import type { Pilot, RunOptions, Skip } from '../results/schema.ts'
import type { Random } from '../stats/random.ts'
import type { OpenArm } from './arm-host.ts'
import { armOpener } from './arm-host.ts'
import type { CellRecord } from './cell.ts'
import { emptyCell, failCell } from './cell.ts'
import { toCellFailure } from './cell-error.ts'
import type { TaskLimit, TaskSource } from './commands.ts'
import type { DescribedWorkload } from './describe.ts'
import type { Arm, RunListener } from './events.ts'
import { Host } from './host.ts'
import { runPilot } from './pilot.ts'
import { armsAsked } from './plan.ts'
import { launchesOf, runRace } from './race.ts'
import { cellsBetween, unmeasured } from './refine.ts'
import { makeTemporaryFolder } from './temporary-folder.ts'

export interface WorkloadRaceRequest {
  readonly workload: DescribedWorkload
  readonly sizes: readonly number[]
  /** The sizes that the pilot looks at: those of other shards too, so that all choose the same arms. */
  readonly pilotSizes: readonly number[]
  /** The executor that races itself; null where the executors of the options race each other. */
  readonly control: string | null
  readonly options: RunOptions
  readonly cores: number
  /** What the budget has for this workload if all take the same: it does not shrink when others take longer. */
  readonly fairShareMs: number
  readonly random: Random
  readonly now: () => number
  readonly decide: (race: Race) => Decision
  readonly listener: RunListener
  readonly signal: AbortSignal
}

/** Setup and teardown may download nothing, but they may write files and start servers. */
const setupDeadlineMs = 60_000
/** What an interrupted run gives a teardown. */
const hastyTeardownMs = 3000
/** A makespan longer than this share of a workload's time leaves no room for launches of four executors. */
const longestShare = 1 / 12
/** However small the budget: a task may take so long before it counts as hanging. */
const leastLimitMs = 1000

/** Four executors that hang must not take more than the workload's share, and so the time of the others. */
function taskLimit(timeoutMs: number, fairShareMs: number): TaskLimit {
  const affordableMs = Math.max(leastLimitMs, Math.round(fairShareMs / 4))
  return timeoutMs <= affordableMs
    ? { limitMs: timeoutMs, setBy: '--timeout' }
    : { limitMs: affordableMs, setBy: 'all that --budget has for it' }
}

/** The arms as they race: in a control each of them twice. */
function asRaced(arm: Arm, control: string | null): Arm[] {
  return control === null
    ? [arm]
    : [
        { ...arm, name: 'A' },
        { ...arm, name: 'B' },
      ]
}

export class WorkloadRace {
  readonly workload: DescribedWorkload
  readonly control: string | null
  readonly cells: CellRecord[] = []
  readonly pilots: Pilot[] = []
  /** Verdicts reached, by size. */
  readonly settled = new Map<number, Decision>()
  /** Sizes (null: all) that were not measured, and why. */
  readonly skipped: Pick<Skip, 'size' | 'reason' | 'refines'>[] = []
  /** How often the task was called, under all executors, pilot and warm-ups included. */
  taskCalls = 0
  typicalLaunchMs = 0
  readonly #request: WorkloadRaceRequest
  #piloted = false

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
  }

  /**
   * Measures a size that the author did not list, in launches of its own, up to so many; later launches of the
   * workload take it along. A size that cannot be measured is no failure: it is left out, with the reason noted.
   * @returns whether it was measured.
   */
  async goBetween(size: number, deadlineMs: number, mostLaunches: number): Promise<boolean> {
    const added = cellsBetween(size, this.cells)
    const at = this.cells.findIndex((cell) => cell.size > size)
    this.cells.splice(at, 0, ...added)
    await this.go(deadlineMs, mostLaunches, added)
    this.#leaveOutFailed()
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
    const { listener, signal } = this.#request
    const { name } = this.workload
    const host = new Host(environment)
    const kill = (): void => host.kill()
    listener({ kind: 'stage', workload: name, stage: 'setup' })
    signal.addEventListener('abort', kill)
    try {
      const tooLong = `it took longer than ${setupDeadlineMs} ms`
      const resources = await host.call('setup', this.#source, { silenceMs: setupDeadlineMs, tooLong }).then(
        (made) => ({ made }),
        (error: unknown) => this.#failed('setup', error),
      )
      // From here on it owes a teardown.
      signal.removeEventListener('abort', kill)
      if (resources !== undefined)
        await this.#measure(this.#opener(resources.made, environment), deadlineMs, mostLaunches, cells)
    } finally {
      listener({ kind: 'stage', workload: name, stage: 'teardown' })
      const silenceMs = signal.aborted ? hastyTeardownMs : setupDeadlineMs
      await host.call('teardown', {}, { silenceMs }).catch((error: unknown) => {
        const { cellError, hostLost } = toCellFailure(error)
        if (!hostLost) listener({ kind: 'note', message: `${name}: teardown failed: ${cellError.message}` })
      })
      await host.close()
    }
  }

  #opener(resources: unknown, environment: NodeJS.ProcessEnv): OpenArm {
    const { options, fairShareMs, signal } = this.#request
    return armOpener({
      source: this.#source,
      tasksInFlightPerWorker: options.tasksInFlightPerWorker,
      resources,
      taskLimit: taskLimit(options.timeoutMs, fairShareMs),
      environment,
      onCalls: (calls) => {
        this.taskCalls += calls
      },
      signal,
    })
  }

  get #source(): TaskSource {
    const { bundle, called } = this.workload
    return { bundleUrl: bundle.url, called }
  }

  async #measure(
    openArm: OpenArm,
    deadlineMs: number,
    mostLaunches: number,
    cells: readonly CellRecord[],
  ): Promise<void> {
    if (!this.#piloted) await this.#pilot(openArm)
    await this.#race(openArm, deadlineMs, mostLaunches, cells)
    this.#leaveOutFailed()
  }

  get #executors(): readonly string[] {
    return this.control === null ? this.#request.options.executors : [this.control]
  }

  /** Launches of the cells that have most. */
  get launchesDone(): number {
    return launchesOf(this.cells)
  }

  /** The races as they stand, sizes ascending. */
  get races(): SizeRace[] {
    return sizeRaces(this.cells, this.settled)
  }

  /** The fewest further launches that would probably decide a size; infinite if nobody can say; null if none is open. */
  launchesNeeded(): number | null {
    const needs = bySize(this.cells).flatMap(({ size, cells }) => {
      if (this.settled.has(size) || cells.some(({ refines }) => refines)) return []
      const { launches, launchesNeeded } = this.#request.decide(raceOf(cells))
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
        for (const executor of this.#executors)
          for (const asked of armsAsked(executor, options.maxWorkers) ?? [{ executor, workers: null }])
            for (const arm of asRaced(asked, this.control))
              this.cells.push({ ...emptyCell(size, arm, 'rule'), error: failure })
    return undefined
  }

  async #pilot(openArm: OpenArm): Promise<void> {
    const { sizes, pilotSizes, options, cores, listener, signal } = this.#request
    const isHere = (size: number): boolean => sizes.includes(size)
    listener({ kind: 'stage', workload: this.workload.name, stage: 'pilot' })
    const report = await runPilot({
      workload: this.workload.name,
      sizes: pilotSizes,
      executors: this.#executors,
      maxWorkers: options.maxWorkers,
      cores,
      openArm,
      longestMakespanMs: this.#request.fairShareMs * longestShare,
      signal,
    })
    this.#piloted = true
    this.pilots.push(...report.pilots)
    this.skipped.push(...report.skipped.filter(({ size }) => isHere(size)))
    const arms = report.arms.flatMap(({ arm, chosenBy }) =>
      asRaced(arm, this.control).map((raced) => ({ arm: raced, chosenBy })),
    )
    for (const size of report.sizes.filter(isHere))
      for (const { arm, chosenBy } of arms)
        this.cells.push(emptyCell(size, arm, chosenBy, report.serialMs.get(size)))
    for (const cell of this.cells) {
      const failure = cell.arm.executor === 'serial' ? report.serialFailures.get(cell.size) : undefined
      if (failure !== undefined) failCell(cell, failure.cellError, this.cells)
    }
  }

  async #race(
    openArm: OpenArm,
    deadlineMs: number,
    mostLaunches: number,
    cells: readonly CellRecord[],
  ): Promise<void> {
    const { random, now, decide, listener, signal } = this.#request
    const startMs = now()
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
      signal,
      onLaunch: (launch) => {
        launches++
        listener({ kind: 'stage', workload: this.workload.name, stage: 'race', launch })
      },
    })
    if (cells === this.cells) this.typicalLaunchMs = (now() - startMs) / Math.max(1, launches)
  }
}
