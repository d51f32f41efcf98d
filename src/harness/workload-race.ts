/** One workload in a run: set up, piloted once, raced for as long as it may, torn down. */

import type { RunOptions } from '../results/schema.ts'
import type { Random } from '../stats/random.ts'
import type { OpenArm } from './arm-host.ts'
import { armOpener } from './arm-host.ts'
import type { CellRecord } from './cell.ts'
import { emptyCell } from './cell.ts'
import { toCellFailure } from './cell-error.ts'
import type { TaskLimit, TaskSource } from './commands.ts'
import type { RunListener } from './events.ts'
import type { WorkloadPilotRequest } from './pilot-workload.ts'
import { asRaced, pilotWorkload } from './pilot-workload.ts'
import { armsAsked } from './plan.ts'
import { pythonKind } from './python/executors.ts'
import { look, runRace, runtimesOf } from './race.ts'
import { cellsBetween, unmeasured } from './refine.ts'
import { makeTemporaryFolder } from './temporary-folder.ts'
import type { RecordedWorkload } from './workload-record.ts'
import { WorkloadRecord } from './workload-record.ts'
import { whenSetUp } from './workload-setup.ts'

export interface WorkloadRaceRequest
  extends RecordedWorkload, Omit<WorkloadPilotRequest, 'executors' | 'openArm'> {
  readonly options: RunOptions
  readonly random: Random
  readonly now: () => number
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

/** For how long a workload is measured before others have their turn. */
export interface Turn {
  /** On the clock of `now`. */
  readonly deadlineMs: number
  /** Of the cells, those of earlier turns included. */
  readonly mostLaunches: number
  /** Those to race; all by default. */
  readonly cells?: readonly CellRecord[]
  /** What each launch may take where launches were asked for, so that all of them fit into the run. */
  readonly launchShareMs?: number
}

export class WorkloadRace extends WorkloadRecord {
  readonly #request: WorkloadRaceRequest

  constructor(request: WorkloadRaceRequest) {
    super(request, request.options.leastLaunches)
    this.#request = request
  }

  /**
   * Measures until the deadline (on the clock of `now`), until all is decided, or until the cells have so many
   * launches; called again, it goes on. Never rejects: what goes wrong is in the cells, or noted.
   */
  async go(turn: Turn): Promise<void> {
    try {
      const folder = await makeTemporaryFolder()
      try {
        await this.#goIn(folder.environment, turn)
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
   * workload take it along. Called again for a size, it goes on with it. A size that cannot be measured is no failure:
   * it is left out, with the reason noted.
   * @returns whether it was measured.
   */
  async goBetween(size: number, deadlineMs: number, mostLaunches: number): Promise<boolean> {
    const known = this.cells.filter((cell) => cell.size === size)
    const added = known.length > 0 ? known : cellsBetween(size, this.cells)
    const at = this.cells.findIndex((cell) => cell.size > size)
    if (known.length === 0) this.cells.splice(at, 0, ...added)
    await this.go({ deadlineMs, mostLaunches, cells: added })
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

  async #goIn(environment: NodeJS.ProcessEnv, turn: Turn): Promise<void> {
    const { bundle, called, against } = this.workload
    const measure = (openArm: OpenArm): Promise<void> => this.#measure(openArm, turn)
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

  async #measure(openArm: OpenArm, turn: Turn): Promise<void> {
    if (!this.piloted) {
      await this.#pilot(openArm)
      this.#changed()
    }
    await this.#race(openArm, turn)
    this.#leaveOutFailed()
  }

  get #executors(): readonly string[] {
    return this.control === null ? this.#request.options.executors : [this.control]
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

  async #race(openArm: OpenArm, turn: Turn): Promise<void> {
    const { cells = this.cells } = turn
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
      ...turn,
      cells,
      openArm,
      random,
      now,
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
