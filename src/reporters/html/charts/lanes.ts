/** The lanes of a timeline: a worker has as many as it had tasks at once, and crowded ones are drawn in groups. */

import type { Timeline } from '../../../results/schema.ts'

type Task = Timeline['tasks'][number]

/** Tasks that follow each other in a lane and are drawn as one: mostly a single task. */
export interface TaskGroup {
  readonly tasks: number
  /** Of the first of them, counted from 0 over the whole timeline. */
  readonly firstIndex: number
  /** Since when the lane had nothing else to do, or the task was not yet submitted. */
  readonly freeMs: number
  readonly startedMs: number
  readonly endedMs: number
  readonly settledMs: number
  /** Within tasks; null where the system does not tell. */
  readonly cpuMs: number | null
  readonly runQueueMs: number | null
  /** The durations of the tasks together: the rest until `endedMs` is between them. */
  readonly busyMs: number
}

export interface Lane {
  /** Index of the worker. */
  readonly worker: number
  readonly groups: readonly TaskGroup[]
}

/** @param most groups to draw, about. */
export function lanesOf({ tasks }: Timeline, most: number): readonly Lane[] {
  const lanes: { readonly worker: number; endMs: number; readonly tasks: { task: Task; index: number }[] }[] =
    []
  const byStart = tasks
    .map((task, index) => ({ task, index }))
    .toSorted((a, b) => a.task.startedMs - b.task.startedMs)
  for (const { task, index } of byStart) {
    let lane = lanes.find(({ worker, endMs }) => worker === task.worker && endMs <= task.startedMs)
    if (lane === undefined) {
      lane = { worker: task.worker, endMs: 0, tasks: [] }
      lanes.push(lane)
    }
    lane.tasks.push({ task, index })
    lane.endMs = Math.max(task.endedMs, task.startedMs)
  }
  const perGroup = Math.max(1, Math.ceil(tasks.length / most))
  return lanes
    .toSorted((a, b) => a.worker - b.worker)
    .map(({ worker, tasks: ofLane }) => ({ worker, groups: groupsOf(ofLane, perGroup) }))
}

function groupsOf(
  tasks: readonly { readonly task: Task; readonly index: number }[],
  perGroup: number,
): readonly TaskGroup[] {
  let freeMs = 0
  return Array.from({ length: Math.ceil(tasks.length / perGroup) }, (_, group) => {
    const members = tasks.slice(group * perGroup, (group + 1) * perGroup)
    const own = members.map(({ task }) => task)
    const startedMs = own[0]?.startedMs ?? 0
    const endedMs = Math.max(startedMs, ...own.map((task) => task.endedMs))
    const since = Math.min(startedMs, Math.max(freeMs, own[0]?.queuedMs ?? 0))
    freeMs = endedMs
    return {
      tasks: own.length,
      firstIndex: members[0]?.index ?? 0,
      freeMs: since,
      startedMs,
      endedMs,
      settledMs: Math.max(endedMs, own.at(-1)?.settledMs ?? 0),
      cpuMs: total(own.map(({ cpuMs }) => cpuMs)),
      runQueueMs: total(own.map(({ runQueueMs }) => runQueueMs)),
      busyMs: own.reduce((sum, task) => sum + Math.max(0, task.endedMs - task.startedMs), 0),
    }
  })
}

/** Null if one of them is not known. */
export function total(durations: readonly (number | null)[]): number | null {
  let sum = 0
  for (const durationMs of durations) {
    if (durationMs === null) return null
    sum += durationMs
  }
  return sum
}
