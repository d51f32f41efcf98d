/** Sizes between those listed, where the lead changes: measured so that the crossover is known more closely. */

import { leadCrossing } from '../analysis/crossover.ts'
import type { SizeRace } from '../analysis/pair-crossover.ts'
import { minLaunches } from '../analysis/verdict.ts'
import { median } from '../stats/summary.ts'
import type { CellRecord } from './cell.ts'
import { emptyCell } from './cell.ts'
import { bySize } from './race.ts'

/** Sizes that a workload gets at most; the error of the run is shared out with them in mind. */
export const mostAdded = 2
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

/** A workload whose sizes can be added to; `WorkloadRace` is one. */
export interface Refinable {
  readonly cells: readonly CellRecord[]
  readonly races: readonly SizeRace[]
  readonly typicalLaunchMs: number
  goBetween(size: number, deadlineMs: number, mostLaunches: number): Promise<boolean>
}

/** Cells for a size between others: the arms of the next larger size, those that failed there excepted. */
export function cellsBetween(size: number, cells: readonly CellRecord[]): CellRecord[] {
  const larger = bySize(cells).find((group) => group.size > size)
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
  const measured = cells.filter(({ launches }) => launches.length > 0)
  const spentMs = measured.map(
    (cell) => medianMs(cell) * (1 + cell.launches.flat().length / cell.launches.length),
  )
  const larger = measured.find((cell) => cell.size > size)?.size
  const leastMs = measured.filter((cell) => cell.size === larger).map((cell) => 2 * medianMs(cell))
  return Math.max(0, typicalLaunchMs - total(spentMs)) + total(leastMs)
}

interface RefineOptions {
  readonly margin: number
  readonly now: () => number
  readonly signal: AbortSignal
}

async function refine(
  workload: Refinable,
  deadlineMs: number,
  { margin, now, signal }: RefineOptions,
): Promise<void> {
  let added: number | null = null
  for (let turn = 1; turn <= mostAdded; turn++) {
    const { races } = workload
    const serial = bySize(workload.cells)[0]?.cells.findIndex(({ arm }) => arm.executor === 'serial') ?? -1
    const estimate = leadCrossing(races, serial, margin)
    const sizes = races.map(({ size }) => size)
    const size: number | null = estimate === null ? null : nextSize(estimate, sizes, added)
    if (size === null || signal.aborted) return
    const leftMs = deadlineMs - now()
    const neededMs = launchMs(workload, size) * minLaunches
    if (neededMs > leftMs) return
    const turnMs = Math.max(neededMs, leftMs / (mostAdded - turn + 1))
    if (!(await workload.goBetween(size, now() + turnMs, addedLaunches))) return
    added = size
  }
}

/**
 * Adds sizes to the workloads whose lead changes: one at the estimate, one beside it, so that the estimate lies
 * between two sizes that are close. Takes a quarter of the budget at most, shared out evenly.
 */
export async function refineCrossovers(
  workloads: readonly Refinable[],
  { budgetMs, endMs, ...options }: RefineOptions & { readonly budgetMs: number; readonly endMs: number },
): Promise<void> {
  const { now, margin } = options
  const deadlineMs = Math.min(endMs, now() + budgetMs * budgetShare)
  const changing = workloads.filter(({ cells, races }) => {
    const serial = bySize(cells)[0]?.cells.findIndex(({ arm }) => arm.executor === 'serial') ?? -1
    return leadCrossing(races, serial, margin) !== null
  })
  for (const [index, workload] of changing.entries()) {
    if (options.signal.aborted) return
    await refine(workload, now() + (deadlineMs - now()) / (changing.length - index), options)
  }
}
