/** One launch: every arm started afresh, warmed up, measured in interleaved rounds of random order, shut down. */

import type { Random } from '../stats/random.ts'
import { shuffled } from '../stats/random.ts'
import { toCellFailure } from './cell-error.ts'
import type { ArmHost, OpenArm } from './arm-host.ts'
import type { CellRecord } from './cell.ts'
import { failCell } from './cell.ts'
import type { Arm } from './events.ts'
import type { Measurement, TimedMeasurement } from './commands.ts'
import { LaunchHosts } from './launch-hosts.ts'
import type { Observation } from './observe.ts'
import { needsWarmUp, observationsFor, racedRounds, watchesLoopOf } from './plan.ts'
import type { Rounds } from './plan.ts'

export interface LaunchRequest {
  /** The cells still in their races, by size, ascending. */
  readonly sizes: readonly { readonly size: number; readonly cells: readonly CellRecord[] }[]
  readonly openArm: OpenArm
  readonly random: Random
  /** Milliseconds on some steady clock. */
  readonly now: () => number
  /** On the same clock: rounds beyond the first are measured only while they fit. */
  readonly deadlineMs: number
  /** As far as there is time for them; default: those of a race. */
  readonly rounds?: Rounds
  /** Of the time for all launches, what this one may take: where there is plenty, rounds take the rest of it. */
  readonly shareMs?: number | undefined
  /** Whether makespans beside those that count are looked into (default true). */
  readonly observes?: boolean
  readonly signal: AbortSignal
  /** What may go on until something is timed: hosts of the launch before that are still ending. */
  readonly quiet?: Promise<void>
  /** Called between measurements when there is more to keep; `mayWait`: more of the kind follows in a moment. */
  readonly onChange?: ((mayWait: boolean) => void) | undefined
}

/**
 * Of the time for the rounds of a size, what runtimes other than Node may take beyond a first round, all together:
 * they can be many times slower, and must not leave Node with few rounds.
 */
const guestShare = 1 / 4

/** How fast the cells of one runtime are at a size: each has as many rounds as suits it. */
interface Pace {
  slowestMs: number
  /** Of the last round, and of all. */
  roundMs: number
  spentMs: number
}

const newPace = (): Pace => ({ slowestMs: 0, roundMs: 0, spentMs: 0 })

/** What a failed cell says when its result is not what the first executor gave. */
function checksumMismatch(cell: CellRecord, checksum: string, reference: CellRecord): CellRecord['error'] {
  const same = reference === cell
  return {
    name: 'ChecksumMismatch',
    message: same
      ? `the result changes from one measurement to the next: checksum ${checksum} after ${cell.checksum}`
      : `the result differs: checksum ${checksum}, but ${reference.checksum} under ${reference.arm.executor}`,
  }
}

/**
 * Compares a measurement's result with that of the first executor that had one; a difference fails the cell. Node's
 * results are held against Node's only: what a twin gives is the twin's fault.
 */
function acceptChecksum(
  cell: CellRecord,
  measurement: Measurement | undefined,
  cells: readonly CellRecord[],
): void {
  if (measurement === undefined) return
  const { checksum } = measurement
  const reference = cells.find(
    ({ checksum: known, arm: { runtime } }) =>
      known !== null && (runtime === undefined || runtime === cell.arm.runtime),
  )
  if (reference === undefined || reference.checksum === checksum) cell.checksum = checksum
  else cell.error = checksumMismatch(cell, checksum, reference)
}

/**
 * Measures all cells of one launch and appends to their records. A cell that fails says why in its record and the
 * others go on.
 * @returns once everything is measured; its hosts are then still ending, until `closed`.
 */
export async function runLaunch(request: LaunchRequest): Promise<{ readonly closed: Promise<void> }> {
  const hosts = new LaunchHosts(request.openArm)
  try {
    await measureLaunch(request, hosts)
  } catch (error) {
    await hosts.closeAll()
    throw error
  }
  return { closed: hosts.closeAll() }
}

async function measureLaunch(request: LaunchRequest, hosts: LaunchHosts): Promise<void> {
  const { sizes, random, now, deadlineMs, signal } = request
  const { rounds = racedRounds, shareMs = 0, observes = true, quiet = Promise.resolve() } = request
  const startups = new Map<Arm, number | null>()
  const allCells = sizes.flatMap(({ cells }) => cells)
  const beganMs = now()

  /** Marks the cell as failed; its arm's host is gone if the failure took it along. */
  const fail = async (cell: CellRecord, thrown: unknown): Promise<void> => {
    // An interrupted host has not failed.
    if (signal.aborted) return
    const failure = toCellFailure(thrown)
    failCell(cell, failure.cellError, allCells)
    if (failure.hostLost) await hosts.discard(cell.arm)
  }

  /** Runs one step for a cell; undefined if it failed. */
  const attempt = async <Value>(
    cell: CellRecord,
    step: (host: ArmHost) => Promise<Value>,
  ): Promise<Value | undefined> => {
    try {
      const { host, startupMs } = await hosts.of(cell.arm)
      startups.set(cell.arm, startupMs)
      return await step(host)
    } catch (error) {
      await fail(cell, error)
      return undefined
    }
  }

  const timed = new Set(allCells.filter(({ startupsMs }) => startupsMs.length === 0).map(({ arm }) => arm))
  await hosts.start(new Set(allCells.map(({ arm }) => arm)), (arm) => timed.has(arm), quiet)
  const hostsMs = now() - beganMs
  for (const [index, { size, cells }] of sizes.entries()) {
    const sizeBeganMs = now()
    const alive = (): CellRecord[] => cells.filter((cell) => cell.error === null && cell.skipped === null)
    const sizeDeadlineMs = now() + Math.max(0, deadlineMs - now()) / (sizes.length - index)
    const runtimes = new Map([...new Set(cells.map(({ arm }) => arm.runtime))].map((id) => [id, newPace()]))
    const paceOf = ({ arm }: CellRecord): Pace => runtimes.get(arm.runtime) ?? newPace()
    const warming = alive()
    for (const [turn, cell] of warming.entries()) {
      if (signal.aborted) return
      // Warm-ups must leave half of the size's time for what counts, and each cell as much as the one before.
      const spareMs = Math.max(0, (sizeBeganMs + sizeDeadlineMs) / 2 - now())
      const warmUntilMs = now() + spareMs / (warming.length - turn)
      const tasks = await attempt(cell, (host) => host.prepare(size))
      if (tasks === undefined) continue
      cell.tasks = tasks
      const pace = paceOf(cell)
      const warmUpsMs: number[] = []
      let isCold = true
      while (isCold && cell.error === null) {
        // Beyond the first as what counts is: watched, a task runs other code than unwatched.
        const measurement = await attempt(cell, (host) =>
          host.warmUp(cell.serialMs, { watchesTasks: warmUpsMs.length === 0 }),
        )
        acceptChecksum(cell, measurement, cells)
        if (measurement === undefined) break
        cell.warmUpMs += measurement.makespanMs
        if (measurement.workerProcesses !== undefined)
          cell.twinProcesses = Math.max(cell.twinProcesses ?? 0, measurement.workerProcesses)
        warmUpsMs.push(measurement.makespanMs)
        isCold = now() < warmUntilMs && needsWarmUp(warmUpsMs)
      }
      pace.slowestMs = Math.max(pace.slowestMs, warmUpsMs.at(-1) ?? 0)
    }
    const racing = alive()
    for (const cell of racing) {
      cell.launches.push([])
      cell.yardsticks.push([])
    }
    const launchMs = now() - sizeBeganMs + hostsMs / sizes.length
    const roundsMs = Math.max(rounds.launchCosts * launchMs, shareMs / sizes.length - launchMs)
    const roundsDeadlineMs = Math.min(sizeDeadlineMs, now() + roundsMs)
    const partMs = (roundsDeadlineMs - now()) * (runtimes.has(undefined) ? guestShare / runtimes.size : 1)
    for (let round = 0; ; round++) {
      const goesOn = (cell: CellRecord): boolean => {
        const { slowestMs, roundMs, spentMs } = paceOf(cell)
        if (round === 0) return true
        const isGuest = cell.arm.runtime !== undefined
        return (
          round < rounds.of(slowestMs) &&
          now() + roundMs <= roundsDeadlineMs &&
          !(isGuest && spentMs + roundMs > partMs)
        )
      }
      const going = alive().filter(goesOn)
      if (signal.aborted || going.length === 0) break
      for (const cell of going) paceOf(cell).roundMs = 0
      const measured = new Map<CellRecord, TimedMeasurement>()
      for (const cell of shuffled(going, random)) {
        if (signal.aborted) break
        const startMs = now()
        const measurement = await attempt(cell, (host) => host.measure())
        acceptChecksum(cell, measurement, cells)
        if (measurement !== undefined) measured.set(cell, measurement)
        const pace = paceOf(cell)
        pace.roundMs += now() - startMs
        pace.spentMs += now() - startMs
      }
      // An interrupted round compares nothing.
      if (signal.aborted) break
      for (const [cell, { makespanMs, yardstickMs }] of measured) {
        if (cell.error !== null) continue
        cell.launches.at(-1)?.push(makespanMs)
        cell.yardsticks.at(-1)?.push(yardstickMs)
      }
      request.onChange?.(true)
    }
    for (const cell of racing) {
      if (cell.launches.at(-1)?.length === 0) {
        cell.launches.pop()
        cell.yardsticks.pop()
      } else {
        const startupMs = startups.get(cell.arm) ?? null
        if (startupMs !== null) cell.startupsMs.push(startupMs)
      }
    }
    request.onChange?.(false)
    if (!observes) continue
    // After all that counts, since observing leaves its traces. Once in any case: a cell must have its costs.
    for (const cell of racing) {
      const looks = observationsFor(cell, now() < sizeDeadlineMs)
      // Nobody can look inside another runtime.
      if (cell.arm.runtime !== undefined) continue
      const observed: Observation[] = []
      while (observed.length < looks && cell.error === null && !signal.aborted) {
        const watchesLoop = watchesLoopOf(cell, observed.length)
        const measurement = await attempt(cell, (host) => host.observe(cell.serialMs, watchesLoop))
        acceptChecksum(cell, measurement, cells)
        if (measurement === undefined) break
        observed.push(measurement.observation)
        cell.watched.push({ costs: measurement.observation.costs, times: measurement.times })
      }
      const [first, ...rest] = observed
      if (first !== undefined) cell.observations.push([first, ...rest])
    }
  }
}
