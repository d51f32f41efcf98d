/** What bounds a task: from the shares of its time under the serial executor to a word and the reason for it. */

import type { Diagnosis } from '../results/schema.ts'
import { formatDuration, formatList, formatPercent } from './quantities.ts'

/** Of the time that went by: on the CPU, waiting for a core, and the rest, blocked. They add up to 1. */
export interface Shares {
  /** On the CPU, whoever did the work: the main thread, or others for which it waited. */
  readonly cpu: number
  /** Waiting for a core; null where the system does not tell, and then a part of `blocked`. */
  readonly runQueue: number | null
  readonly blocked: number
  /** The part of `cpu` in which the main thread waited for others that were at work. */
  readonly hidden: number
  /** The parts of `hidden` that are libuv's threads', and child processes'. */
  readonly libuv: number
  readonly children: number
  /** In which the garbage collector had stopped the main thread; a part of `cpu`. */
  readonly gc: number
}

/** What is known of a task under the serial executor. */
export interface TaskProfile {
  /** Of several measurements, one each; at least one. */
  readonly shares: readonly [Shares, ...Shares[]]
  readonly taskMs: number
  /** What handing one task to a worker and taking its result back costs; undefined if it was not measured. */
  readonly movingMs: number | undefined
}

/** From this share of CPU work on, in the time that it did not wait for a core, a task is bound by the CPU. */
export const cpuBoundShare = 0.8
/** Up to this one it is bound by I/O. In between it is mixed. */
export const ioBoundShare = 0.2
/** What moving a task to a worker thread and back costs where nobody has measured it (60 µs, Node 20, Linux). */
export const typicalMovingMs = 0.06

/** What takes less is not worth a part of the sentence. */
const notableShare = 0.05

/** The share of CPU work in what the task did: waiting for a core is the machine's doing, not the task's. */
function workShare({ cpu, blocked }: Shares): number {
  return cpu + blocked === 0 ? 1 : cpu / (cpu + blocked)
}

/** Measurements this close say the same. */
const agreement = 0.1

/** Of the measurements that agree with the one in the middle, the one that waited least for a core. */
function typical(shares: TaskProfile['shares']): Shares {
  const sorted = shares.toSorted((one, other) => workShare(one) - workShare(other))
  const middle = sorted[Math.floor((sorted.length - 1) / 2)] ?? shares[0]
  return sorted
    .filter((candidate) => Math.abs(workShare(candidate) - workShare(middle)) <= agreement)
    .reduce(
      (best, candidate) => ((candidate.runQueue ?? 0) < (best.runQueue ?? 0) ? candidate : best),
      middle,
    )
}

function onCpu({ cpu, hidden, libuv, children }: Shares): string {
  const total = `on the CPU for ${formatPercent(cpu)} of the time`
  if (hidden < notableShare) return total
  const others = Math.max(0, hidden - libuv - children)
  const parts = [`${formatPercent(cpu - hidden)} on the main thread`]
  if (libuv >= notableShare)
    parts.push(
      `${formatPercent(libuv)} in libuv's threads (cached file reads, compression and cryptography are CPU work)`,
    )
  if (children >= notableShare) parts.push(`${formatPercent(children)} in child processes`)
  if (others >= notableShare) parts.push(`${formatPercent(others)} in other threads`)
  return `${total}: ${formatList(parts)}`
}

function boundOf(shares: Shares, { taskMs, movingMs = typicalMovingMs }: TaskProfile): Diagnosis['bound'] {
  if (taskMs < movingMs) return 'overhead'
  const share = workShare(shares)
  if (share >= cpuBoundShare) return 'cpu'
  return share <= ioBoundShare ? 'io' : 'mixed'
}

function reasonFor(bound: Diagnosis['bound'], shares: Shares, profile: TaskProfile): string {
  const { runQueue, blocked, gc } = shares
  const { taskMs, movingMs } = profile
  const parts: string[] = []
  if (bound === 'overhead') {
    const moving = `${formatDuration(movingMs ?? typicalMovingMs)} that moving it to a worker and back ${movingMs === undefined ? 'typically ' : ''}takes`
    parts.push(`a task takes ${formatDuration(taskMs)}, less than the ${moving}`)
  }
  const waits = `blocked for ${formatPercent(blocked)}`
  if (bound === 'cpu') parts.push(onCpu(shares))
  else if (bound === 'io')
    parts.push(`${waits} of the time: it waits for something other than a core of this machine`)
  else if (bound === 'mixed') parts.push(`${onCpu(shares)}; ${waits}`)
  if (gc >= notableShare) parts.push(`the garbage collector stopped it for ${formatPercent(gc)}`)
  if (runQueue === null && bound !== 'overhead')
    parts.push('this system does not tell blocked from waiting for a core')
  else if (runQueue !== null && runQueue >= notableShare)
    parts.push(
      `it was short of a core for ${formatPercent(runQueue)}, which is the machine's load and says nothing of the task`,
    )
  return parts.join('; ')
}

/** A diagnosis, whatever it is of. */
export type TaskDiagnosis = Pick<
  Diagnosis,
  | 'bound'
  | 'cpuShare'
  | 'runQueueShare'
  | 'blockedShare'
  | 'hiddenShare'
  | 'libuvShare'
  | 'childrenShare'
  | 'gcShare'
  | 'taskMs'
  | 'movingMs'
  | 'reason'
>

/** Names what bounds a task. Of several measurements the one in the middle decides: one may have been disturbed. */
export function diagnose(profile: TaskProfile): TaskDiagnosis {
  const shares = typical(profile.shares)
  const bound = boundOf(shares, profile)
  const { taskMs, movingMs } = profile
  return {
    bound,
    cpuShare: shares.cpu,
    runQueueShare: shares.runQueue,
    blockedShare: shares.blocked,
    hiddenShare: shares.hidden,
    libuvShare: shares.libuv,
    childrenShare: shares.children,
    gcShare: shares.gc,
    taskMs,
    ...(movingMs === undefined ? {} : { movingMs }),
    reason: reasonFor(bound, shares, profile),
  }
}
