/** Why a winner wins: the part of the makespans that explains most of the difference, in a sentence. */

import type { Cell } from '../results/schema.ts'
import { measuredCell, serialArm } from './by-workload.ts'
import type { Arm, SizeResult, WorkloadResult } from './by-workload.ts'
import { formatBytes, formatCount, formatDuration, formatSize } from './quantities.ts'
import type { Sentence } from './sentence.ts'
import { fastest } from './winners.ts'

/** Parts of a makespan; each is the mean over the workers, and together they are the makespan. */
const partNames = ['transfer', 'dispatch', 'cpu', 'runQueue', 'blocked', 'idle', 'imbalance'] as const
type PartName = (typeof partNames)[number]

export interface Cause {
  readonly part: PartName
  /** Of the winner and of the loser. */
  readonly winnerMs: number
  readonly loserMs: number
}

type MeasuredCell = Cell & { readonly medianMs: number }

/** A part that explains less of the difference than this is not why. */
const explainingShare = 0.5

/** What the loser spends more on than the winner, if one part makes up most of the difference; null if none does. */
export function causeOf(winner: MeasuredCell, loser: MeasuredCell): Cause | null {
  const differenceMs = loser.medianMs - winner.medianMs
  if (differenceMs <= 0) return null
  const causes = partNames.flatMap((part): Cause[] => {
    const winnerMs = winner.costsMs[part]
    const loserMs = loser.costsMs[part]
    return winnerMs === undefined || loserMs === undefined ? [] : [{ part, winnerMs, loserMs }]
  })
  const largest = causes.toSorted(
    (one, other) => other.loserMs - other.winnerMs - (one.loserMs - one.winnerMs),
  )[0]
  return largest === undefined || largest.loserMs - largest.winnerMs < explainingShare * differenceMs
    ? null
    : largest
}

const insteadOf = ({ winnerMs, loserMs }: Cause): string =>
  `${formatDuration(winnerMs)} instead of ${formatDuration(loserMs)}`

const workersOf = ({ executor, workers }: Cell): number =>
  executor === 'threads' || executor === 'processes' ? (workers ?? 1) : 1

function transferReason(cause: Cause, winner: Cell, loser: Cell): string {
  const { inBytes, outBytes } = loser.transfer ?? winner.transfer ?? { inBytes: 0, outBytes: 0 }
  const bytes = formatBytes(inBytes + outBytes)
  return winner.transfer === undefined
    ? `${bytes} did not have to cross to workers, which took ${formatDuration(cause.loserMs)}`
    : `${bytes} crossed the boundary in ${insteadOf(cause)}`
}

function cpuReason(cause: Cause, winner: Cell, loser: Cell): string {
  return workersOf(winner) > workersOf(loser)
    ? `${formatCount(workersOf(winner), 'worker')} shared the work: each was on the CPU for ${insteadOf(cause)}`
    : `its tasks were on the CPU for ${insteadOf(cause)}`
}

function blockedReason(cause: Cause, winner: Cell, loser: Cell): string {
  const isWider = (winner.workers ?? winner.tasks) > (loser.workers ?? loser.tasks)
  return `its tasks waited ${isWider ? 'beside each other: ' : 'for '}${insteadOf(cause)}`
}

const reasons: Readonly<Record<PartName, (cause: Cause, winner: Cell, loser: Cell) => string>> = {
  transfer: transferReason,
  dispatch: (cause, { tasks }) =>
    `handing ${formatCount(tasks, 'task')} over and taking the results back took ${insteadOf(cause)}`,
  cpu: cpuReason,
  runQueue: (cause) => `it waited for a core for ${insteadOf(cause)}`,
  blocked: blockedReason,
  idle: (cause) => `all its workers had something to do: idle for ${insteadOf(cause)}`,
  imbalance: (cause) =>
    `its workers ended together: those that were done waited for the last for ${insteadOf(cause)}`,
}

/** The next, and serial where that is another. */
function rivals(at: SizeResult, winner: Arm): Arm[] {
  const others = [...at.cells.keys()].filter((arm) => arm !== winner)
  const found = [fastest(at, others)?.arm, serialArm(others)]
  return [...new Set(found.filter((arm) => arm !== undefined))]
}

function causesAt(at: SizeResult, winner: Arm): string[] {
  const best = measuredCell(at, winner)
  if (best === undefined) return []
  return rivals(at, winner).flatMap((rival) => {
    const loser = measuredCell(at, rival)
    const cause = loser === undefined ? null : causeOf(best, loser)
    if (loser === undefined || cause === null) return []
    return [
      `${winner.label} beats ${rival.label} at ${formatSize(at.size)} because ${reasons[cause.part](cause, best, loser)}.`,
    ]
  })
}

/** At the largest size with a winner; nothing where no part of the time explains most of the difference. */
export function describeCauses({ sizes }: WorkloadResult): readonly Sentence[] {
  const at = sizes.findLast(({ verdict }) => verdict?.kind === 'winner')
  const [winner] = at?.leaders ?? []
  if (at === undefined || winner === undefined) return []
  return causesAt(at, winner).map((text) => ({ topic: 'cause', text }))
}
