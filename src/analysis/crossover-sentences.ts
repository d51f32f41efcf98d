/** From which size on another executor is the faster one, in words. */

import type { Crossover } from '../results/schema.ts'
import { serialArm } from './by-workload.ts'
import type { Arm, WorkloadResult } from './by-workload.ts'
import { formatPercent, formatSize } from './quantities.ts'
import type { Sentence } from './sentence.ts'
import { fastest } from './winners.ts'

/**
 * The crossovers that a reader needs: that of serial and the best of the others, and those that were found between
 * arms that lead at some size.
 */
export function describeCrossovers(
  workload: WorkloadResult,
  crossovers: readonly Crossover[],
  margin: number,
): readonly Sentence[] {
  const leaders = new Set(workload.sizes.flatMap((at) => at.leaders))
  const headline = bestAgainstSerial(workload)
  const mayLead = (arm: Arm): boolean => leaders.has(arm) || arm.executor === 'serial'
  return crossovers
    .filter((crossover) => crossover.workload === workload.name)
    .flatMap((crossover) => {
      const from = armOf(workload, crossover.from, crossover.workers?.[0])
      const to = armOf(workload, crossover.to, crossover.workers?.[1])
      if (from === undefined || to === undefined) return []
      const isHeadline = [from, to].every((arm) => arm === headline || arm.executor === 'serial')
      const isFound = (crossover.answer ?? 'found') === 'found' && mayLead(from) && mayLead(to)
      const text = isHeadline || isFound ? describe(workload, crossover, from, to, margin) : null
      return text === null ? [] : [{ topic: 'crossover', text }]
    })
}

/** The best arm at the largest size, serial excepted. */
function bestAgainstSerial({ sizes }: WorkloadResult): Arm | undefined {
  const largest = sizes.at(-1)
  if (largest === undefined) return undefined
  const serial = serialArm(largest.cells.keys())
  return fastest(
    largest,
    [...largest.cells.keys()].filter((arm) => arm !== serial),
  )?.arm
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
    const where = `at about ${shownSize(size)}${describeInterval(interval)}`
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

function describeInterval(interval: Crossover['interval']): string {
  if (interval === null) return ''
  const [low, high] = interval.map((end) => (end === null ? null : shownSize(end)))
  if (low && high) return ` (${low} to ${high})`
  if (high) return ` (at most ${high})`
  return low ? ` (at least ${low})` : ''
}
