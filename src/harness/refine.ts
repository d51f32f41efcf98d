/** Sizes between those listed, where the lead changes: measured so that the crossover is known more closely. */

import { bySize } from '../analysis/contest.ts'
import { leadCrossing } from '../analysis/crossover.ts'
import type { SizeRace } from '../analysis/pair-crossover.ts'
import { minLaunches } from '../analysis/race.ts'
import { median } from '../stats/summary.ts'
import type { CellRecord } from './cell.ts'
import { emptyCell } from './cell.ts'
import { cellsIn } from './race.ts'

/** Sizes that a workload gets at most; the error of the run is shared out with them in mind. */
const mostAdded = 2
/** Of the budget at most: the listed sizes come first. */
const budgetShare = 1 / 4
/** Launches of an added size: more than a verdict needs, since near a crossover nothing is clear. */
const addedLaunches = 6
/** Sizes no further apart are close enough to draw a straight line between them. */
const closeRatio = 1.3
/** How far the second size is from the first one at the least: rounded, still less than `closeRatio`. */
const stepRatio = 1.25
/** How far beyond a new estimate it is: that one leans on a listed size far away, and may be off. */
const beyondRatio = 1.1
/** Further from the first one it would not help: the straight line between them would be too long. */
const farRatio = 1.5

/** Races that may be added to workloads of such sizes: one size has no crossover. */
export function mostRacesAdded(workloads: readonly { readonly sizes: readonly number[] }[]): number {
  return mostAdded * workloads.filter(({ sizes }) => sizes.length > 1).length
}

/** A workload whose sizes can be added to; `WorkloadRace` is one. */
export interface Refinable {
  readonly cells: readonly CellRecord[]
  readonly races: readonly SizeRace[]
  readonly typicalLaunchMs: number
  goBetween(size: number, deadlineMs: number, mostLaunches: number): Promise<boolean>
}

/** Cells for a size between others: Node's arms of the next larger size, those that failed there excepted. */
export function cellsBetween(size: number, cells: readonly CellRecord[]): CellRecord[] {
  const larger = bySize(cellsIn(null, cells)).find((group) => group.size > size)
  return (larger?.cells ?? []).map((cell) => {
    const added = emptyCell(size, cell.arm, cell.chosenBy, cell.serialMs, true)
    if (cell.error !== null || cell.skipped !== null)
      added.skipped = `not tried: nor was size ${cell.size} measured`
    return added
  })
}

const hasFailed = ({ error }: CellRecord): boolean => error !== null

/** Added sizes without measurements, or with an arm that failed: the author never said that they work. */
export function unmeasured(cells: readonly CellRecord[]): { size: number; reason: string | null }[] {
  return bySize(cells.filter(({ refines }) => refines))
    .filter(
      ({ cells: added }) => added.some(hasFailed) || added.every(({ launches }) => launches.length === 0),
    )
    .map(({ size, cells: added }) => {
      const failed = added.find(hasFailed)
      const reason =
        failed &&
        `it is none of the workload's sizes, only tried to place a crossover, and failed under ${failed.arm.executor}: ${failed.error?.message}`
      return { size, reason: reason ?? null }
    })
}

/**
 * The size to measure next for a crossover that is estimated at `estimate`: the estimate itself, and once that was
 * measured (`added`) a size on the other side of a new estimate. Two significant digits, whole if all sizes are.
 * @param sizes measured so far, ascending.
 * @returns null if the estimate's neighbours are close already, or leave no such size between them.
 */
export function nextSize(estimate: number, sizes: readonly number[], added: number | null): number | null {
  const above = sizes.find((size) => size >= estimate)
  const below = sizes.findLast((size) => size < estimate)
  if (above === undefined || below === undefined || above / below <= closeRatio) return null
  let wanted = estimate
  if (added !== null) {
    const away = Math.max(added / estimate, estimate / added)
    const step = Math.max(stepRatio, beyondRatio * away)
    if (step <= farRatio) wanted = estimate <= added ? added / step : added * step
  }
  const isWhole = sizes.every(Number.isInteger)
  const size = isWhole && wanted < 10 ? Math.round(wanted) : Number(wanted.toPrecision(2))
  return size > below && size < above ? size : null
}

const medianMs = ({ launches }: CellRecord): number => median(launches.flat())
const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)

/**
 * What a launch of the size alone takes at the least: what surrounds the measurements in a launch of all sizes, and
 * for each arm one warm-up and one round of the next larger size.
 */
function launchMs({ cells, typicalLaunchMs }: Refinable, size: number): number {
  const measured = cellsIn(null, cells).filter(({ launches }) => launches.length > 0)
  const spentMs = measured.map(
    (cell) => medianMs(cell) * (1 + cell.launches.flat().length / cell.launches.length),
  )
  const larger = measured.find((cell) => cell.size > size)?.size
  const leastMs = measured.filter((cell) => cell.size === larger).map((cell) => 2 * medianMs(cell))
  return Math.max(0, typicalLaunchMs - total(spentMs)) + total(leastMs)
}

export interface RefinementOptions {
  /** Of the whole run. */
  readonly budgetMs: number
  /** When the run ends, on the clock of `now`. */
  readonly endMs: number
  readonly margin: number
  readonly now: () => number
  readonly signal: AbortSignal
}

function leadCrossingOf({ cells, races }: Refinable, margin: number): number | null {
  const serial =
    bySize(cellsIn(null, cells))[0]?.cells.findIndex(({ arm }) => arm.executor === 'serial') ?? -1
  return leadCrossing(races, serial, margin)
}

/** The search for crossovers of a run: asked again when more is known, it goes on with what it may still spend. */
export class Refinement {
  readonly #options: RefinementOptions
  readonly #tried = new Set<Refinable>()
  #leftMs: number

  constructor(options: RefinementOptions) {
    this.#options = options
    this.#leftMs = options.budgetMs * budgetShare
  }

  /**
   * Adds sizes to the workloads whose lead changes, once each: one at the estimate, one beside it, so that the
   * estimate lies between two sizes that are close. What time there is they share evenly.
   */
  async go(workloads: readonly Refinable[]): Promise<void> {
    const { now, endMs, margin, signal } = this.#options
    const changing = workloads.filter(
      (workload) => !this.#tried.has(workload) && leadCrossingOf(workload, margin) !== null,
    )
    for (const [index, workload] of changing.entries()) {
      if (signal.aborted) return
      const startMs = now()
      const spendMs = Math.min(this.#leftMs, endMs - startMs)
      await this.#refine(workload, startMs + spendMs / (changing.length - index))
      this.#leftMs -= now() - startMs
    }
  }

  async #refine(workload: Refinable, deadlineMs: number): Promise<void> {
    const { now, margin, signal } = this.#options
    const known = bySize(workload.cells.filter(({ refines }) => refines))
    // Another process may have been ended in the middle of one.
    for (const { size, cells } of known)
      if (!signal.aborted && cells.every(({ launches }) => launches.length < addedLaunches))
        await workload.goBetween(size, now() + (deadlineMs - now()) / 2, addedLaunches)
    let added = known.at(-1)?.size ?? null
    for (let turn = 1 + known.length; turn <= mostAdded; turn++) {
      const estimate = leadCrossingOf(workload, margin)
      const sizes = workload.races.map(({ size }) => size)
      const size: number | null = estimate === null ? null : nextSize(estimate, sizes, added)
      if (size === null || signal.aborted) return
      const leftMs = deadlineMs - now()
      const neededMs = launchMs(workload, size) * minLaunches
      if (neededMs > leftMs) return
      this.#tried.add(workload)
      const turnMs = Math.max(neededMs, leftMs / (mostAdded - turn + 1))
      if (!(await workload.goBetween(size, now() + turnMs, addedLaunches))) return
      added = size
    }
  }
}
