/** One makespan under each executor, worker by worker, on one clock: who worked at what, and who waited. */

import { formatCount, formatDuration, formatSize } from '../../../analysis/quantities.ts'
import type { Timeline } from '../../../results/schema.ts'
import { lookOf } from '../executor-look.ts'
import { mark } from '../figure.ts'
import type { Chart } from '../figure.ts'
import { markup } from '../markup.ts'
import type { Markup } from '../markup.ts'
import { linearTicks } from '../scale.ts'
import { fillOf, stateKey } from '../states.ts'
import type { State } from '../states.ts'
import { lanesOf, total } from './lanes.ts'
import type { Lane, TaskGroup } from './lanes.ts'

/** More lanes than this are left out. */
const maxLanes = 16
const headHeight = 22
const gap = 12
/** Narrower than this, in percent of the width, nothing is seen. */
const leastPercent = 0.12

/** Null where there is no timeline. @param marks that each timeline may draw, about. */
export function timelineChart(
  id: string,
  workload: string,
  timelines: readonly Timeline[],
  marks: number,
): Chart | null {
  const [first] = timelines
  const longestMs = Math.max(
    0,
    ...timelines.map(({ makespanMs, tasks }) =>
      Math.max(makespanMs, ...tasks.map(({ settledMs }) => settledMs)),
    ),
  )
  if (first === undefined || longestMs === 0) return null
  const states = new Set<State>()
  let y = 0
  const drawn = timelines.map((timeline) => {
    const lanes = lanesOf(timeline, marks)
    const { content, height } = drawTimeline(timeline, lanes, y, longestMs, states)
    y += height + gap
    return { content, omittedLanes: Math.max(0, lanes.length - maxLanes) }
  })
  const omittedLanes = drawn.reduce((sum, { omittedLanes: omitted }) => sum + omitted, 0)
  return {
    id,
    title: `${workload}: one round, worker by worker`,
    caption: markup`One round, worker by worker <small>${`all tasks of size ${formatSize(first.size)}, on one clock`}</small>`,
    description: timelines
      .map(
        ({ executor, workers, makespanMs, tasks, omittedTasks }) =>
          `${executor}: ${formatCount(tasks.length + omittedTasks, 'task')} on ${formatCount(workers.length, 'worker')} in ${formatDuration(makespanMs)}`,
      )
      .join('; '),
    drawing: {
      width: null,
      height: y + 18,
      content: markup`${timeAxis(longestMs, y)}${drawn.map(({ content }) => content)}`,
    },
    key: stateKey(states),
    table: {
      columns: ['executor and worker', 'tasks', 'on the CPU', 'for a core', 'blocked', 'between tasks'],
      rows: timelines.flatMap(rowsOf),
      note: [
        'Within a task the parts are drawn in a row, whatever their order was.',
        ...(omittedLanes === 0
          ? []
          : [`${formatCount(omittedLanes, 'lane')} of tasks in flight are not drawn.`]),
        ...timelines.flatMap(({ executor, omittedTasks }) =>
          omittedTasks === 0
            ? []
            : [`The file leaves out ${formatCount(omittedTasks, 'task')} of ${executor}.`],
        ),
      ].join(' '),
    },
  }
}

function timeAxis(longestMs: number, y: number): Markup {
  return markup`<g class="grid">${linearTicks(longestMs, 5).map((tick) => {
    const x = (tick / longestMs) * 100
    return markup`<line x1="${x}%" x2="${x}%" y1="0" y2="${y}"/><text x="${x}%" y="${y + 13}" text-anchor="${x < 5 ? 'start' : x > 95 ? 'end' : 'middle'}">${tick === 0 ? '0' : formatDuration(tick).replace(/\.?0+(?= )/u, '')}</text>`
  })}</g>`
}

function laneHeight(lanes: number): number {
  if (lanes <= 2) return 18
  return lanes <= 6 ? 12 : 7
}

function drawTimeline(
  timeline: Timeline,
  lanes: readonly Lane[],
  y: number,
  longestMs: number,
  states: Set<State>,
): { content: Markup; height: number } {
  const shown = lanes.slice(0, maxLanes)
  const each = laneHeight(shown.length)
  const top = y + headHeight
  const { className } = lookOf(timeline.executor)
  const height = headHeight + shown.length * (each + 2)
  const end = (timeline.makespanMs / longestMs) * 100
  const workers = timeline.workers.length
  const tracks = shown.map(
    (_, lane) =>
      markup`<rect class="track" x="0" y="${top + lane * (each + 2)}" width="100%" height="${each}"/>`,
  )
  const tasks = shown.map(({ worker, groups }, lane) =>
    groups.map((group) =>
      drawGroup(
        group,
        nameOfWorker(timeline, worker),
        { y: top + lane * (each + 2), height: each },
        longestMs,
        states,
      ),
    ),
  )
  return {
    height,
    content: markup`<text class="${className} row label" x="0" y="${y + 15}">${`${timeline.executor}${workers > 1 ? ` ×${workers}` : ''}`}</text><text class="row" x="100%" y="${y + 15}" text-anchor="end">${formatDuration(timeline.makespanMs)}</text>${tracks}${tasks}<line class="${className} end" x1="${end}%" x2="${end}%" y1="${top - 3}" y2="${top + shown.length * (each + 2) + 1}"/>`,
  }
}

function nameOfWorker({ executor, workers }: Timeline, worker: number): string {
  const { pid, threadId } = workers[worker] ?? { pid: 0, threadId: 0 }
  const which = threadId > 0 ? `thread ${threadId}` : pid > 0 ? `process ${pid}` : 'main thread'
  return workers.length > 1 ? `${executor}, worker ${worker + 1} (${which})` : executor
}

function drawGroup(
  group: TaskGroup,
  worker: string,
  lane: { y: number; height: number },
  longestMs: number,
  states: Set<State>,
): Markup {
  const percent = (durationMs: number): number => (durationMs / longestMs) * 100
  const bar = (state: State, fromMs: number, durationMs: number, isThin = false): Markup | null => {
    if (percent(durationMs) < leastPercent) return null
    states.add(state)
    const height = isThin ? Math.max(2, lane.height / 3) : lane.height
    return markup`<rect class="${fillOf(state)}" x="${percent(fromMs)}%" y="${lane.y + (lane.height - height) / 2}" width="${percent(durationMs)}%" height="${height}"/>`
  }
  let fromMs = group.startedMs
  const parts = partsOf(group).map(({ state, durationMs }) => {
    const drawn = bar(state, fromMs, durationMs, state === 'transfer')
    fromMs += durationMs
    return drawn
  })
  return mark(
    numbersOf(group, worker),
    markup`${bar('transfer', group.freeMs, group.startedMs - group.freeMs, true)}${bar('transfer', group.endedMs, group.settledMs - group.endedMs, true)}${parts}<rect class="task" x="${percent(group.startedMs)}%" y="${lane.y}" width="${Math.max(percent(group.endedMs - group.startedMs), leastPercent)}%" height="${lane.height}"/>`,
  )
}

function partsOf(group: TaskGroup): readonly { readonly state: State; readonly durationMs: number }[] {
  const { busyMs, cpuMs, runQueueMs } = group
  const betweenMs = Math.max(0, group.endedMs - group.startedMs - busyMs)
  const between = { state: 'transfer', durationMs: betweenMs } as const
  if (cpuMs === null) return [{ state: 'ran', durationMs: busyMs }, between]
  const cpu = Math.min(cpuMs, busyMs)
  const runQueue = Math.min(runQueueMs ?? 0, busyMs - cpu)
  return [
    { state: 'cpu', durationMs: cpu },
    { state: 'runQueue', durationMs: runQueue },
    { state: 'blocked', durationMs: busyMs - cpu - runQueue },
    between,
  ]
}

function numbersOf(group: TaskGroup, worker: string): string {
  const which =
    group.tasks === 1
      ? `task ${group.firstIndex + 1}`
      : `${group.tasks} tasks from number ${group.firstIndex + 1} on`
  const { cpuMs, runQueueMs, busyMs } = group
  const parts =
    cpuMs === null
      ? ''
      : `; on the CPU ${formatDuration(cpuMs)}${runQueueMs === null ? '' : `, waiting for a core ${formatDuration(runQueueMs)}`}, blocked ${formatDuration(Math.max(0, busyMs - cpuMs - (runQueueMs ?? 0)))}`
  return `${worker}, ${which}: ${formatDuration(Math.max(0, group.startedMs))} to ${formatDuration(Math.max(0, group.endedMs))}${parts}`
}

const shown = (durationMs: number | null): string | null =>
  durationMs === null ? null : formatDuration(Math.max(0, durationMs))

function rowsOf(timeline: Timeline): readonly (readonly (string | null)[])[] {
  return timeline.workers.slice(0, maxLanes).map((_, worker) => {
    const tasks = timeline.tasks.filter((task) => task.worker === worker)
    const busyMs = tasks.reduce((sum, { startedMs, endedMs }) => sum + Math.max(0, endedMs - startedMs), 0)
    const cpuMs = total(tasks.map((task) => task.cpuMs))
    const runQueueMs = total(tasks.map((task) => task.runQueueMs))
    return [
      nameOfWorker(timeline, worker),
      formatSize(tasks.length),
      shown(cpuMs),
      shown(runQueueMs),
      cpuMs === null ? null : shown(busyMs - cpuMs - (runQueueMs ?? 0)),
      shown(timeline.makespanMs - busyMs),
    ]
  })
}
