/**
 * The timelines in the Trace Event Format of Chrome, which ui.perfetto.dev and chrome://tracing open: a process for
 * each executor of a workload; in it, one after the other, the submits, two kinds of thread for each worker (where its
 * time went, and its tasks, with a thread for each slot where tasks overlap), and the results.
 *
 * The slices of "its time" are the costs of the makespan: those of one name, added up over the workers and divided by
 * their number. Slices of one thread never overlap, which the format does not support.
 */

import { formatCount, formatDuration, formatSize } from '../analysis/quantities.ts'
import { workerTimes } from '../analysis/worker-time.ts'
import type { TimePart } from '../analysis/worker-time.ts'
import type { Result, Timeline } from '../results/schema.ts'
import { escapeJson, escapeStrings } from './escape.ts'
import { lanesOf } from './html/charts/lanes.ts'
import type { Reporter } from './reporter.ts'
import { SliceThread } from './trace-slices.ts'
import type { Flow, TraceEvent } from './trace-slices.ts'

/** Of all timelines together: some 15 MB, which a browser still opens at once. */
const mostTasks = 10_000

export const traceReporter: Reporter = {
  summary: 'timelines of the tasks, for ui.perfetto.dev',
  render(result) {
    const {
      environment,
      startedAt,
      timelines = [],
    } = escapeStrings<Pick<Result, 'environment' | 'startedAt' | 'timelines'>>({
      environment: result.environment,
      startedAt: result.startedAt,
      timelines: result.timelines,
    })
    const tasksEach = Math.max(1, Math.floor(mostTasks / Math.max(1, timelines.length)))
    const events =
      timelines.length === 0
        ? [emptyNote]
        : timelines.flatMap((timeline, index) => processOf(shortened(timeline, tasksEach), index + 1))
    const otherData = {
      boundby: environment.boundby,
      node: environment.node,
      cpu: environment.cpuModel,
      ...(startedAt === undefined ? {} : { startedAt }),
    }
    const head = `{"displayTimeUnit":"ms","otherData":${JSON.stringify(otherData)},"traceEvents":[\n`
    return escapeJson(`${head}${events.map((event) => JSON.stringify(event)).join(',\n')}\n]}\n`)
  },
}

const emptyNote: TraceEvent = {
  ph: 'I',
  s: 'g',
  name: 'This result holds no timelines: measure again with boundby run.',
  cat: 'note',
  pid: 1,
  tid: 1,
  ts: 0,
}

/** Tasks of a worker that is none of the timeline's, which only a broken file has, are left out too. */
function shortened(timeline: Timeline, most: number): Timeline {
  const { workers, tasks, omittedTasks } = timeline
  const kept = tasks
    .filter(({ worker }) => worker < workers.length)
    .toSorted((one, other) => one.startedMs - other.startedMs)
    .slice(0, most)
  return { ...timeline, tasks: kept, omittedTasks: omittedTasks + tasks.length - kept.length }
}

const partNames: Readonly<Record<TimePart, string>> = {
  dispatch: 'dispatch',
  transfer: 'transfer',
  cpu: 'on CPU',
  ran: 'running',
  runQueue: 'run queue',
  blocked: 'blocked',
  idle: 'idle',
  imbalance: 'imbalance',
}

function processOf(timeline: Timeline, pid: number): TraceEvent[] {
  const { workload, size, executor, maxWorkers, workers, makespanMs, tasks, omittedTasks } = timeline
  const times = workerTimes(timeline)
  const lanes = lanesOf(timeline, tasks.length)
  let tid = 0
  const thread = (name: string): SliceThread => new SliceThread(pid, ++tid, name)
  const submitted = thread('submitted')
  const ofWorkers = workers.flatMap((_, worker) => {
    const name = workerName(timeline, worker)
    const ofTime = thread(`${name}: its time`)
    for (const { part, startMs, endMs, tasks: indices, isOmitted } of times[worker] ?? [])
      ofTime.slice('time', partNames[part], startMs, endMs, {
        part,
        ...(indices.length === 0 ? {} : { tasks: tasksText(indices) }),
        ...(isOmitted ? { of: 'tasks that the timeline leaves out' } : {}),
      })
    const own = lanes.filter((lane) => lane.worker === worker)
    const slots = own.map((lane, slot) => {
      const ofSlot = thread(`${name}: ${own.length === 1 ? 'tasks' : `slot ${slot + 1}`}`)
      for (const { firstIndex } of lane.groups) addTask(ofSlot, tasks[firstIndex], firstIndex)
      return ofSlot
    })
    return [ofTime, ...slots]
  })
  const results = thread('results')
  submitted.moments(
    'submit',
    tasks.map(({ queuedMs }, index) => ({
      name: `submit ${index + 1}`,
      ms: queuedMs,
      flow: flow(pid, index, 's'),
    })),
  )
  results.moments(
    'result',
    tasks.map(({ settledMs }, index) => ({
      name: `result ${index + 1}`,
      ms: settledMs,
      flow: flow(pid, index, 'f'),
    })),
  )
  const label = [
    formatDuration(makespanMs),
    ...(omittedTasks === 0 ? [] : [`${formatCount(omittedTasks, 'task')} left out`]),
  ].join(', ')
  const several =
    maxWorkers === null || maxWorkers === undefined || executor === 'serial' ? '' : ` ×${maxWorkers}`
  return [
    metadata(pid, 'process_name', { name: `${workload} ${formatSize(size)}: ${executor}${several}` }),
    metadata(pid, 'process_labels', { labels: label }),
    metadata(pid, 'process_sort_index', { sort_index: pid }),
    ...[submitted, ...ofWorkers, results].flatMap((each) => each.events()),
  ]
}

function metadata(pid: number, name: string, args: Readonly<Record<string, string | number>>): TraceEvent {
  return { ph: 'M', pid, tid: 0, ts: 0, name, cat: '__metadata', args }
}

/** Tasks that overlap can be many. */
function tasksText(indices: readonly number[]): string {
  const shown = indices.slice(0, 10).map((index) => index + 1)
  return `${shown.join(', ')}${indices.length > shown.length ? ` and ${indices.length - shown.length} more` : ''}`
}

/** One arrow a task; its id is its own in the whole trace. */
function flow(pid: number, index: number, ph: Flow['ph']): Flow {
  return { ph, id: pid * mostTasks + index }
}

function workerName({ workers }: Timeline, worker: number): string {
  const { pid = 0, threadId = 0 } = workers[worker] ?? {}
  const which = threadId > 0 ? `thread ${threadId}` : `process ${pid}`
  return workers.length === 1 && threadId === 0
    ? `main thread of ${which}`
    : `worker ${worker + 1} (${which})`
}

function addTask(thread: SliceThread, task: Timeline['tasks'][number] | undefined, index: number): void {
  if (task === undefined) return
  const { queuedMs, startedMs, endedMs, settledMs, cpuMs, runQueueMs } = task
  const elapsedMs = Math.max(0, endedMs - startedMs)
  thread.slice(
    'task',
    `task ${index + 1}`,
    startedMs,
    endedMs,
    {
      queuedMs: Math.max(0, startedMs - queuedMs),
      ...(cpuMs === null ? {} : { cpuMs }),
      ...(runQueueMs === null ? {} : { runQueueMs }),
      ...(cpuMs === null ? {} : { blockedMs: Math.max(0, elapsedMs - cpuMs - (runQueueMs ?? 0)) }),
      resultMs: Math.max(0, settledMs - endedMs),
    },
    flow(thread.pid, index, 't'),
  )
}
