/** Which executors are in question for a task, given what bounds it under the serial one. */

import type { Result } from '../results/schema.ts'
import type { TaskDiagnosis } from './diagnosis.ts'

/** From this share of the waiting on, a task that waits lets others run: the event loop can help. */
const yieldingEnough = 0.5
/** From this share of the time on, work elsewhere can overlap on one thread too. */
const notableShare = 0.2
/** Threads of libuv's pool by default: with more cores than that, other processes have more of them. */
const libuvThreads = 4

/** With so many calls of which each waits for half of its time, the event loop takes less than two thirds of it. */
const tellingCalls = { least: 4, blockedShare: 0.5, together: 0.8 }

/** Workers that wait cost little but their start. */
const leastWaiting = 8

/** Whether the main thread is free while a task waits for something. */
export function isYielding({ blockedShare, hiddenShare = 0 }: TaskDiagnosis, yieldingShare: number): boolean {
  return yieldingShare >= yieldingEnough * (blockedShare + hiddenShare)
}

/**
 * Whether calls that let others run while they wait took as long together on the event loop as one after the other:
 * then they wait for one another, as for a lock.
 */
export function waitForOneAnother(
  diagnosis: TaskDiagnosis,
  yieldingShare: number,
  result: Pick<Result, 'cells'> | null,
): boolean {
  const cellOf = (id: string) =>
    result?.cells.find(({ executor, error }) => executor === id && error === null)
  const [serial, together] = [cellOf('serial'), cellOf('event-loop')]
  if (typeof serial?.medianMs !== 'number' || typeof together?.medianMs !== 'number') return false
  return (
    together.tasks >= tellingCalls.least &&
    diagnosis.blockedShare >= tellingCalls.blockedShare &&
    isYielding(diagnosis, yieldingShare) &&
    together.medianMs >= tellingCalls.together * serial.medianMs
  )
}

/**
 * The executors worth racing, serial first. The rest is out of the question: processes for a task that waits, which
 * threads do at less cost; the event loop for one that never lets go of its thread; and any pool but the cheapest for
 * a task that is too small.
 * @param yieldingShare of the time in which the event loop was idle.
 */
export function contendersFor(diagnosis: TaskDiagnosis, yieldingShare: number, cores: number): string[] {
  const { bound, hiddenShare = 0 } = diagnosis
  if (bound === 'overhead') return ['serial', 'threads']
  const yields = isYielding(diagnosis, yieldingShare)
  if (bound !== 'cpu') return yields ? ['serial', 'event-loop', 'threads'] : ['serial', 'threads']
  if (hiddenShare < notableShare || !yields) return ['serial', 'threads', 'processes']
  return ['serial', 'event-loop', 'threads', ...(cores > libuvThreads ? ['processes'] : [])]
}

/** Workers for a task that waits, as many as there are tasks for; null where a pilot has to choose. */
export function workersToWait({ bound }: TaskDiagnosis, tasks: number, cores: number): number[] | null {
  return bound === 'io' ? [Math.min(tasks, Math.max(leastWaiting, 4 * cores))] : null
}
