/** One makespan under each executor, worker by worker, on one clock: who worked at what, and who waited. */

import { formatCount, formatDuration, formatSize } from '../../../analysis/quantities.ts'
import type { Timeline } from '../../../results/schema.ts'
import { byRuntime, lookOf, shortName } from '../executor-look.ts'
import type { Chart } from '../figure.ts'
import { markup } from '../markup.ts'
import type { Markup } from '../markup.ts'
import { linearTicks, roundDuration } from '../scale.ts'
import { stateKey } from '../states.ts'
import { drawLanes, isShared, maxLanes, workerName } from './lane-drawing.ts'
import type { Detail, LaneDrawing } from './lane-drawing.ts'
import { total } from './lanes.ts'

const headHeight = 22
const gap = 14
/** With room below it. */
const axisHeight = 44
/** Rows of its table: the workers of one timeline. */
const maxTabledWorkers = 8

/** Null where there is no timeline. */
export function timelineChart(
  id: string,
  workload: string,
  timelines: readonly Timeline[],
  detail: Detail,
): Chart | null {
  const [first] = timelines
  if (first === undefined) return null
  let y = 0
  const groups = byRuntime(timelines)
  const clocks = groups.map(({ runtime, members }) => {
    const longestMs = longestOf(members)
    const top = y
    const drawn = members.map((timeline) => {
      const lanes = drawLanes(timeline, y + headHeight, longestMs, detail)
      const content = drawTimeline(timeline, lanes, y, longestMs)
      y += headHeight + lanes.height + gap
      return { content, lanes }
    })
    const axis = timeAxis(groups.length > 1 ? runtime : '0', longestMs, top, y - 4)
    y += axisHeight
    return {
      content: markup`${axis}${drawn.map(({ content }) => content)}`,
      lanes: drawn.map(({ lanes }) => lanes),
    }
  })
  const lanes = clocks.flatMap((clock) => clock.lanes)
  return {
    id,
    title: `${workload}: one round, worker by worker`,
    caption: markup`One round, worker by worker <small>${`all tasks of size ${formatSize(first.size)}${clocks.length > 1 ? '; each runtime has a clock of its own' : ', on one clock'}`}</small>`,
    description: timelines
      .map(
        ({ executor, workers, makespanMs, tasks, omittedTasks }) =>
          `${executor}: ${formatCount(tasks.length + omittedTasks, 'task')} on ${formatCount(workers.length, 'worker')} in ${formatDuration(makespanMs)}`,
      )
      .join('; '),
    drawing: {
      width: null,
      height: y - axisHeight + 14,
      content: markup`${clocks.map(({ content }) => content)}`,
    },
    key: stateKey(lanes.flatMap(({ states }) => [...states])),
    table: {
      columns: ['executor and worker', 'tasks', 'on the CPU', 'for a core', 'blocked', 'between tasks'],
      rows: timelines.flatMap(rowsOf),
      note: notesOn(timelines, lanes),
    },
  }
}

function notesOn(timelines: readonly Timeline[], lanes: readonly LaneDrawing[]): string {
  const omittedLanes = lanes.reduce((sum, { omittedLanes: omitted }) => sum + omitted, 0)
  return [
    'Within a task the parts are drawn in a row, whatever their order was.',
    ...(timelines.some(isShared)
      ? ['Tasks on the main thread are drawn with the shares of all of them together.']
      : []),
    ...(omittedLanes === 0
      ? []
      : [`At most ${maxLanes} lanes an executor are drawn: ${formatCount(omittedLanes, 'lane')} are not.`]),
    ...timelines.flatMap(({ executor, omittedTasks }) =>
      omittedTasks === 0 ? [] : [`The file leaves out ${formatCount(omittedTasks, 'task')} of ${executor}.`],
    ),
  ].join(' ')
}

function anchorAt(percent: number): string {
  if (percent < 5) return 'start'
  return percent > 95 ? 'end' : 'middle'
}

function longestOf(timelines: readonly Timeline[]): number {
  const ends = timelines.map(({ makespanMs, tasks }) =>
    tasks.reduce((latest, { settledMs }) => Math.max(latest, settledMs), makespanMs),
  )
  // Nothing took no time; it only has to be divided by.
  return Math.max(...ends) || 1
}

function timeAxis(start: string, longestMs: number, top: number, y: number): Markup {
  return markup`<g class="grid">${linearTicks(longestMs, 5).map((tick) => {
    const x = (tick / longestMs) * 100
    return markup`<line x1="${x}%" x2="${x}%" y1="${top}" y2="${y}"/><text x="${x}%" y="${y + 14}" text-anchor="${anchorAt(x)}">${tick === 0 ? start : roundDuration(tick)}</text>`
  })}</g>`
}

function drawTimeline(timeline: Timeline, lanes: LaneDrawing, y: number, longestMs: number): Markup {
  const { executor, workers, makespanMs } = timeline
  const { className } = lookOf(executor)
  const end = (makespanMs / longestMs) * 100
  const top = y + headHeight
  const name = shortName(executor, `${executor}${workers.length > 1 ? ` ×${workers.length}` : ''}`)
  return markup`<text class="${className} row label" x="0" y="${y + 15}">${name}</text><text class="row end" x="100%" y="${y + 15}">${formatDuration(makespanMs)}</text>${lanes.content}<line class="${className} finish" x1="${end}%" x2="${end}%" y1="${top - 3}" y2="${top + lanes.height + 3}"/>`
}

const shown = (durationMs: number | null): string | null =>
  durationMs === null ? null : formatDuration(Math.max(0, durationMs))

function rowsOf(timeline: Timeline): readonly (readonly (string | null)[])[] {
  return timeline.workers.slice(0, maxTabledWorkers).map((_, worker) => {
    const tasks = timeline.tasks.filter((task) => task.worker === worker)
    const busyMs = tasks.reduce((sum, { startedMs, endedMs }) => sum + Math.max(0, endedMs - startedMs), 0)
    const costs = isShared(timeline) ? timeline.costsMs : undefined
    const cpuMs = costs?.cpu ?? total(tasks.map((task) => task.cpuMs))
    const runQueueMs = costs?.runQueue ?? total(tasks.map((task) => task.runQueueMs))
    return [
      [timeline.executor, workerName(timeline, worker)].join(' ').trim(),
      formatSize(tasks.length),
      shown(cpuMs),
      shown(runQueueMs),
      shown(costs?.blocked ?? (cpuMs === null ? null : busyMs - cpuMs - (runQueueMs ?? 0))),
      shown(timeline.makespanMs - busyMs),
    ]
  })
}
