/** The lanes of one timeline as a drawing: thick lines for what is seen, one path a state; a rectangle a task for its numbers. */

import { formatDuration } from '../../../analysis/quantities.ts'
import type { Timeline } from '../../../results/schema.ts'
import { lookOf } from '../executor-look.ts'
import { markup } from '../markup.ts'
import type { Markup } from '../markup.ts'
import { lineOf } from '../states.ts'
import type { State } from '../states.ts'
import { lanesOf } from './lanes.ts'
import type { TaskGroup } from './lanes.ts'

/** More lanes than this are left out. */
export const maxLanes = 16
/** How much of each timeline is told one by one; of more, neighbours are taken together. */
export interface Detail {
  /** Tasks that are drawn. */
  readonly drawn: number
  /** Tasks whose numbers are shown. */
  readonly numbered: number
}

/** The whole width; it is stretched to whatever room there is. */
const width = 1000
const laneGap = 2
/** Narrower than this nothing is seen. */
const leastWidth = 2

export interface LaneDrawing {
  readonly content: Markup
  /** In pixels. */
  readonly height: number
  readonly states: ReadonlySet<State>
  readonly omittedLanes: number
}

/** @param longestMs what the whole width stands for. */
export function drawLanes(timeline: Timeline, y: number, longestMs: number, detail: Detail): LaneDrawing {
  const told = withShares(timeline)
  const lanes = lanesOf(told, detail.drawn)
  const shown = lanes.slice(0, maxLanes)
  const laneHeight = heightOf(shown.length)
  const height = shown.length * (laneHeight + laneGap) - laneGap
  const at = (durationMs: number): number => (Math.max(0, durationMs) / longestMs) * width
  const { hasPool } = lookOf(timeline.executor)
  const middleOf = (lane: number): number => lane * (laneHeight + laneGap) + laneHeight / 2
  const paths = new Map<State, string>()
  shown.forEach(({ groups }, lane) => {
    const middle = middleOf(lane)
    for (const group of groups)
      for (const { state, fromMs, toMs } of partsOf(group, hasPool)) {
        const left = Math.round(at(fromMs))
        const wide = Math.round(at(toMs)) - left
        // A gap tells one task from the next.
        if (wide >= leastWidth)
          paths.set(state, `${paths.get(state) ?? ''}M${left} ${middle}h${wide > 4 ? wide - 1 : wide}`)
      }
  })
  const tracks = shown.map((_, lane) => `M0 ${middleOf(lane)}h${width}`).join('')
  const numbers = lanesOf(told, detail.numbered)
    .slice(0, maxLanes)
    .map(({ worker, groups }, lane) =>
      groups.map(
        (group) =>
          markup`<path class="m" d="${`M${Math.round(at(group.startedMs))} ${middleOf(lane)}h${Math.max(1, Math.round(at(group.endedMs) - at(group.startedMs)))}`}"><title>${numbersOf(group, workerName(timeline, worker))}</title></path>`,
      ),
    )
  return {
    height,
    states: new Set(paths.keys()),
    omittedLanes: lanes.length - shown.length,
    content: markup`<svg class="lanes" y="${y}" height="${height}" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" stroke-width="${laneHeight}"><path class="track" d="${tracks}"/>${[...paths].map(([state, path]) => markup`<path class="${lineOf(state)}" ${state === 'way' ? markup`stroke-width="${laneHeight / 3}" ` : null}d="${path}"/>`)}${numbers}</svg>`,
  }
}

function heightOf(lanes: number): number {
  if (lanes <= 2) return 18
  return lanes <= 6 ? 12 : 7
}

/**
 * Of tasks on the main thread the system tells only what all of them spent together: each is then taken to have the
 * shares of the whole.
 */
function withShares(timeline: Timeline): Timeline {
  const { cpu, runQueue = 0, blocked } = timeline.costsMs ?? {}
  if (cpu === undefined || blocked === undefined || cpu + runQueue + blocked === 0) return timeline
  const all = cpu + runQueue + blocked
  return {
    ...timeline,
    tasks: timeline.tasks.map((task) => {
      if (task.cpuMs !== null) return task
      const busyMs = Math.max(0, task.endedMs - task.startedMs)
      return { ...task, cpuMs: (busyMs * cpu) / all, runQueueMs: (busyMs * runQueue) / all }
    }),
  }
}

/** Whether `withShares` has something to say. */
export function isShared({ costsMs, tasks }: Timeline): boolean {
  return (
    costsMs?.cpu !== undefined && costsMs.blocked !== undefined && tasks.some(({ cpuMs }) => cpuMs === null)
  )
}

/** `worker 2 (thread 3)`; empty where there is only one. */
export function workerName({ workers }: Timeline, worker: number): string {
  if (workers.length < 2) return ''
  const { pid, threadId } = workers[worker] ?? { pid: 0, threadId: 0 }
  return `worker ${worker + 1} (${threadId > 0 ? `thread ${threadId}` : `process ${pid}`})`
}

interface Part {
  readonly state: State
  readonly fromMs: number
  readonly toMs: number
}

/** On its way to the worker, at work, on its way back; without a pool there is no way. */
function partsOf(group: TaskGroup, hasPool: boolean): readonly Part[] {
  const { freeMs, startedMs, endedMs, settledMs, busyMs, cpuMs, runQueueMs } = group
  const parts: Part[] = [{ state: 'way', fromMs: freeMs, toMs: startedMs }]
  let fromMs = startedMs
  const add = (state: State, durationMs: number): void => {
    parts.push({ state, fromMs, toMs: fromMs + durationMs })
    fromMs += durationMs
  }
  if (cpuMs === null) add('ran', busyMs)
  else {
    const cpu = Math.min(cpuMs, busyMs)
    const runQueue = Math.min(runQueueMs ?? 0, busyMs - cpu)
    add('cpu', cpu)
    add('runQueue', runQueue)
    add('blocked', busyMs - cpu - runQueue)
  }
  add('way', Math.max(0, endedMs - startedMs - busyMs))
  const all: readonly Part[] = [...parts, { state: 'way', fromMs: endedMs, toMs: settledMs }]
  return hasPool ? all : all.filter(({ state }) => state !== 'way')
}

function numbersOf(group: TaskGroup, worker: string): string {
  const { tasks, firstIndex, startedMs, endedMs, cpuMs, runQueueMs, busyMs } = group
  const which = tasks === 1 ? `task ${firstIndex + 1}` : `${tasks} tasks from ${firstIndex + 1} on`
  const when = `${formatDuration(Math.max(0, startedMs))} to ${formatDuration(Math.max(0, endedMs))}`
  const parts = [
    ...(cpuMs === null ? [] : [['CPU', cpuMs] as const]),
    ...(runQueueMs === null ? [] : [['for a core', runQueueMs] as const]),
    ...(cpuMs === null ? [] : [['blocked', busyMs - cpuMs - (runQueueMs ?? 0)] as const]),
  ]
  // What is less than a hundredth cannot be seen either.
  const told = parts.filter(([, durationMs]) => durationMs > busyMs / 100)
  return [
    ...(worker === '' ? [] : [worker]),
    `${which}, ${when}`,
    ...told.map(([name, durationMs]) => `${name} ${formatDuration(durationMs)}`),
  ].join('; ')
}
