/** From which size on another executor is the faster one, in words. */

import type { Crossover } from '../results/schema.ts'
import { isSerial, measuredCell } from './by-workload.ts'
import type { Arm, WorkloadResult } from './by-workload.ts'
import { formatPercent, formatSize } from './quantities.ts'
import type { Sentence } from './sentence.ts'

/** A crossover of which there is something to say. */
export interface ToldCrossover {
  readonly crossover: Crossover
  readonly from: Arm
  readonly to: Arm
  readonly text: string
}

export function describeCrossovers(
  workload: WorkloadResult,
  crossovers: readonly Crossover[],
  margin: number,
): readonly Sentence[] {
  return toldCrossovers(workload, crossovers, margin).map(({ text }) => ({ topic: 'crossover', text }))
}

/**
 * The crossovers that a reader needs: those that were found between arms that lead at some size, and that of serial
 * with the best of the others of which there is something to say.
 */
export function toldCrossovers(
  workload: WorkloadResult,
  crossovers: readonly Crossover[],
  margin: number,
): readonly ToldCrossover[] {
  const leaders = new Set(workload.sizes.flatMap((at) => at.leaders))
  const told = crossovers
    .filter(({ workload: name, runtime = null }) => name === workload.name && runtime === workload.runtime)
    .flatMap((crossover) => {
      const from = armOf(workload, crossover.from, crossover.workers?.[0])
      const to = armOf(workload, crossover.to, crossover.workers?.[1])
      if (from === undefined || to === undefined) return []
      const text = describe(workload, crossover, from, to, margin)
      return text === null ? [] : [{ crossover, from, to, text }]
    })
  const headline = rivalsOfSerial(workload).find((rival) =>
    told.some(({ from, to }) => isWithSerial([from, to], rival)),
  )
  return told.filter(
    ({ crossover: { answer = 'found' }, from, to }) =>
      (answer === 'found' && [from, to].every((arm) => leaders.has(arm) || isSerial(arm.executor))) ||
      isWithSerial([from, to], headline),
  )
}

function isWithSerial(arms: readonly Arm[], rival: Arm | undefined): boolean {
  return arms.some(({ executor }) => isSerial(executor)) && arms.some((arm) => arm === rival)
}

/** All arms but serial, the fastest at the largest size first. */
function rivalsOfSerial({ sizes }: WorkloadResult): Arm[] {
  const largest = sizes.at(-1)
  if (largest === undefined) return []
  return [...largest.cells.keys()]
    .filter(({ executor }) => !isSerial(executor))
    .flatMap((arm) => {
      const cell = measuredCell(largest, arm)
      return cell === undefined ? [] : [{ arm, medianMs: cell.medianMs }]
    })
    .toSorted((one, other) => one.medianMs - other.medianMs)
    .map(({ arm }) => arm)
}

function armOf(
  { arms }: WorkloadResult,
  executor: string,
  workers: number | null | undefined,
): Arm | undefined {
  const candidates = arms.filter((arm) => arm.executor === executor)
  return candidates.find(({ label }) => label.endsWith(`×${workers}`)) ?? candidates[0]
}

function describe(
  workload: WorkloadResult,
  { answer, size, interval, bracket }: Crossover,
  { label: from }: Arm,
  { label: to }: Arm,
  margin: number,
): string | null {
  if (answer === 'none in range')
    return isAlwaysTheSame(workload) ? null : noneInRange(workload, from, to, margin)
  const [sureFrom, sureTo] = (bracket ?? [null, null]).map((end) => (end === null ? null : formatSize(end)))
  if (size !== null) {
    const where = describeEstimate(size, interval)
    if (answer !== 'unbounded') {
      const sure =
        sureFrom && sureTo ? `; sure is that ${from} is faster at ${sureFrom}, and ${to} at ${sureTo}` : ''
      return `${to} overtakes ${from} ${where}${sure}.`
    }
    // What nothing is sure of, not even that it is among the sizes measured, is noise.
    if (!sureFrom && !sureTo && (interval === null || interval.includes(null))) return null
    const faster = sureTo ? `${to} is faster at ${sureTo}` : `${from} is faster at ${sureFrom}`
    const sure = sureFrom || sureTo ? `sure is only that ${faster}` : 'neither is surely faster at any size'
    return `${to} seems to overtake ${from} ${where}; ${sure}.`
  }
  if (sureTo) return `${to} is surely faster than ${from} from ${sureTo} on; below that it is undecided.`
  if (sureFrom)
    return `${from} is surely faster than ${to} up to ${sureFrom}; whether ${to} overtakes above that is undecided.`
  // What is undecided throughout has been said of each size.
  return null
}

/** The same winner at every size has been named. */
function isAlwaysTheSame({ sizes }: WorkloadResult): boolean {
  const winners = sizes.map(({ verdict, leaders }) => (verdict?.kind === 'winner' ? leaders[0] : undefined))
  return winners[0] !== undefined && winners.every((winner) => winner === winners[0])
}

function noneInRange(workload: WorkloadResult, from: string, to: string, margin: number): string {
  const [smallest, largest] = [workload.sizes[0], workload.sizes.at(-1)]
  const range =
    smallest === undefined || largest === undefined
      ? ''
      : ` from ${formatSize(smallest.size)} to ${formatSize(largest.size)}`
  return `${to} and ${from} do not change places${range}: none is faster by more than ${formatPercent(margin)} at one size and slower at another.`
}

/** An estimate has no more than three digits to it. */
function shownSize(size: number): string {
  return formatSize(Number(size.toPrecision(size < 1000 ? 2 : 3)))
}

/** `at about 41,000 (30,000 to 52,000)`. */
export function describeEstimate(size: number, interval: Crossover['interval']): string {
  return `at about ${shownSize(size)}${describeInterval(interval)}`
}

function describeInterval(interval: Crossover['interval']): string {
  if (interval === null) return ''
  const [low, high] = interval.map((end) => (end === null ? null : shownSize(end)))
  if (low && high) return ` (${low} to ${high})`
  if (high) return ` (at most ${high})`
  return low ? ` (at least ${low})` : ''
}
