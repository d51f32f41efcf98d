/** One workload in a run: set up, piloted once, raced for as long as it may, torn down. */

import type { Decision, Race } from '../analysis/verdict.ts'
import { maxLaunches, minLaunches } from '../analysis/verdict.ts'
import type { CellError, Pilot, RunOptions } from '../results/schema.ts'
import type { Random } from '../stats/random.ts'
import type { OpenArm } from './arm-host.ts'
import { armOpener, toArmError } from './arm-host.ts'
import type { CellRecord } from './cell.ts'
import { emptyCell, failCell } from './cell.ts'
import type { DescribedWorkload } from './describe.ts'
import type { RunListener } from './events.ts'
import { Host } from './host.ts'
import { runPilot } from './pilot.ts'
import { armsAsked } from './plan.ts'
import { bySize, raceOf, runRace } from './race.ts'
import { makeTemporaryFolder } from './temporary-folder.ts'

export interface WorkloadRaceRequest {
  readonly workload: DescribedWorkload
  readonly sizes: readonly number[]
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
/** A makespan longer than this share of a workload's time leaves no room for launches of four executors. */
const longestShare = 1 / 12

export class WorkloadRace {
  readonly workload: DescribedWorkload
  readonly cells: CellRecord[] = []
  readonly pilots: Pilot[] = []
  /** Sizes (null: all) that were not measured, and why. */
  readonly skipped: { readonly size: number | null; readonly reason: string }[] = []
  /** What `setup` failed with; then no cell was measured. */
  setupError: CellError | null = null
  typicalLaunchMs = 0
  readonly #request: WorkloadRaceRequest
  #piloted = false

  constructor(request: WorkloadRaceRequest) {
    this.#request = request
    this.workload = request.workload
  }

  /**
   * Measures until the deadline (on the clock of `now`), until all is decided, or until the cells have so many
   * launches; called again, it goes on.
   */
  async go(deadlineMs: number, mostLaunches: number): Promise<void> {
    const { listener, signal } = this.#request
    const { name, bundle } = this.workload
    const folder = await makeTemporaryFolder()
    const host = new Host(folder.environment)
    try {
      listener({ kind: 'stage', workload: name, stage: 'setup' })
      let resources: unknown
      try {
        resources = await host.call(
          'setup',
          { bundleUrl: bundle.url },
          { silenceMs: setupDeadlineMs, waitingFor: '`setup`' },
        )
      } catch (error) {
        if (!signal.aborted) this.#setupFailed(error)
        return
      }
      const openArm = armOpener({
        bundleUrl: bundle.url,
        tasksInFlightPerWorker: this.#request.options.tasksInFlightPerWorker,
        resources,
        timeoutMs: this.#request.options.timeoutMs,
        environment: folder.environment,
        signal,
      })
      if (!this.#piloted) await this.#pilot(openArm)
      await this.#race(openArm, deadlineMs, mostLaunches)
    } finally {
      listener({ kind: 'stage', workload: name, stage: 'teardown' })
      await host
        .call('teardown', {}, { silenceMs: setupDeadlineMs, waitingFor: '`teardown`' })
        .catch((error: unknown) => {
          if (this.setupError === null && !signal.aborted)
            listener({ kind: 'note', message: `${name}: teardown failed: ${toArmError(error).message}` })
        })
      await host.close()
      await folder.remove()
    }
  }

  /** The fewest further launches that would probably decide a size; null if nothing more can be decided. */
  launchesNeeded(): number | null {
    const needs = bySize(this.cells).flatMap(({ cells }) => {
      const { kind, launches, launchesNeeded } = this.#request.decide(raceOf(cells))
      if (kind !== 'undecided' || launches === 0) return []
      if (launches < minLaunches) return [minLaunches - launches]
      return launchesNeeded === null || launchesNeeded > maxLaunches ? [] : [launchesNeeded - launches]
    })
    return needs.length === 0 ? null : Math.min(...needs)
  }

  #setupFailed(error: unknown): void {
    const { cellError } = toArmError(error)
    if (cellError.name === 'WorkloadUnavailableError')
      this.skipped.push({ size: null, reason: cellError.message })
    else {
      this.setupError = { ...cellError, message: `setup failed: ${cellError.message}` }
      const { executors, maxWorkers } = this.#request.options
      for (const size of this.#request.sizes)
        for (const executor of executors)
          for (const arm of armsAsked(executor, maxWorkers) ?? [{ executor, workers: null }])
            this.cells.push({ ...emptyCell(size, arm, 'executor'), error: this.setupError })
    }
  }

  async #pilot(openArm: OpenArm): Promise<void> {
    const { sizes, options, cores, listener, signal } = this.#request
    listener({ kind: 'stage', workload: this.workload.name, stage: 'pilot' })
    const report = await runPilot({
      workload: this.workload.name,
      sizes,
      executors: options.executors,
      maxWorkers: options.maxWorkers,
      cores,
      openArm,
      longestMakespanMs: this.#request.fairShareMs * longestShare,
      signal,
    })
    this.#piloted = true
    this.pilots.push(...report.pilots)
    this.skipped.push(...report.skipped)
    for (const size of report.sizes)
      for (const { arm, chosenBy } of report.arms) this.cells.push(emptyCell(size, arm, chosenBy))
    for (const cell of this.cells) {
      const failure = cell.arm.executor === 'serial' ? report.serialFailures.get(cell.size) : undefined
      if (failure !== undefined) failCell(cell, failure.cellError, this.cells)
    }
  }

  async #race(openArm: OpenArm, deadlineMs: number, mostLaunches: number): Promise<void> {
    const { random, now, decide, listener, signal } = this.#request
    const startMs = now()
    let launches = 0
    await runRace({
      cells: this.cells,
      openArm,
      random,
      now,
      deadlineMs,
      mostLaunches,
      decide,
      signal,
      onLaunch: (launch) => {
        launches++
        listener({ kind: 'stage', workload: this.workload.name, stage: 'race', launch })
      },
    })
    this.typicalLaunchMs = (now() - startMs) / Math.max(1, launches)
  }
}
