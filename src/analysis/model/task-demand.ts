/** What one task asks of a machine, concluded from the serial run alone. */

import type { Demand } from '../../results/schema.ts'

/** What the serial cell of a size tells. */
export interface SerialRun {
  readonly tasks: number
  readonly medianMs: number
  readonly intervalMs: readonly [number, number] | null
  readonly demand: Demand
}

/** One task, in milliseconds; the serial executor's own share is taken out. */
export interface TaskDemand {
  /** From its start to its end, alone. */
  readonly wallMs: number
  /** The longest task is so many times as long as the mean. */
  readonly longestRatio: number
  /** The main thread on a core. */
  readonly mainMs: number
  /** Other threads or children on a core, the main thread waiting for them. */
  readonly hiddenMs: number
  /** The share of both that is spent in the kernel. */
  readonly kernelShare: number
  /** Waiting for something other than a core. */
  readonly blockedMs: number
  /** The share of `hiddenMs` and `blockedMs` in which the event loop was free for others. */
  readonly asyncShare: number
  /** Whether libuv's threads do the work, or the waiting. */
  readonly usesLibuv: boolean
  /** How often the event loop sleeps, and for how long on average. */
  readonly sleeps: number
  readonly sleepMs: number
  /** What a millisecond on a core took in the serial run: more than 1 where it had to wait for the core. */
  readonly stretch: number
}

/** CPU time of libuv's threads that a task needs to be taken for a user of them: a few calls' worth. */
const libuvCallMs = 0.005

/** @param emptyMs what the serial executor takes for as many tasks that do nothing. */
export function taskDemand({ tasks, medianMs, demand }: SerialRun, emptyMs: number): TaskDemand {
  const { mainCpuMs, hiddenCpuMs, runQueueMs, blockedMs, loopIdleMs, loopTurns } = demand
  const onCpuMs = mainCpuMs + hiddenCpuMs
  // Ready, but without a core: the machine's doing. Whoever computes then elsewhere has to wait as long.
  const stretch = onCpuMs === 0 ? 1 : (onCpuMs + runQueueMs) / onCpuMs
  const ownMs = Math.min(emptyMs, mainCpuMs * stretch)
  const asideMs = hiddenCpuMs * stretch + blockedMs
  const wallMs = Math.max(0, medianMs - ownMs) / tasks
  const asyncShare = asideMs === 0 ? 0 : Math.min(1, loopIdleMs / asideMs)
  return {
    wallMs,
    longestRatio: demand.longestTaskRatio ?? 1,
    mainMs: Math.max(0, mainCpuMs * stretch - ownMs) / tasks,
    hiddenMs: (hiddenCpuMs * stretch) / tasks,
    kernelShare: demand.kernelShare ?? 0,
    blockedMs: blockedMs / tasks,
    asyncShare,
    usesLibuv: demand.libuvCpuMs / tasks >= libuvCallMs,
    sleeps: loopTurns / tasks,
    sleepMs: loopTurns === 0 ? 0 : loopIdleMs / loopTurns,
    stretch,
  }
}
