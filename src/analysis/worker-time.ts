/** A worker's time in a timeline, from the first submit to the last result: what it went into, stretch after stretch. */

import type { Timeline } from '../results/schema.ts'

type Task = Timeline['tasks'][number]

/** As in the costs of a makespan; `ran`: within tasks, where the system does not tell more. */
export type TimePart = 'dispatch' | 'transfer' | 'cpu' | 'runQueue' | 'blocked' | 'ran' | 'idle' | 'imbalance'

export interface Stretch {
  readonly part: TimePart
  readonly startMs: number
  readonly endMs: number
  /** Indices of the tasks that it belongs to; empty between tasks. */
  readonly tasks: readonly number[]
  /** Whether it stands for tasks that the timeline leaves out. */
  readonly isOmitted: boolean
}

type Parts = Partial<Record<TimePart, number>>

/** A stretch of a worker's time before it is split into its parts, which follow each other in the order they have. */
interface Piece {
  readonly kind: 'between' | 'busy' | 'rest' | 'omitted'
  readonly startMs: number
  readonly endMs: number
  readonly tasks: readonly number[]
  parts: Parts
}

const lengthOf = ({ startMs, endMs }: Piece): number => endMs - startMs
const sumOf = (pieces: readonly Piece[], part: TimePart): number =>
  pieces.reduce((sum, { parts }) => sum + (parts[part] ?? 0), 0)

/**
 * The time of each worker without a gap. The stretches of a part, all workers together, are that part of the
 * makespan's costs times the workers, as the harness has split them: what it knows only of the whole (the main
 * thread's account, threads that served all tasks) is shared out evenly. Within a task the parts follow each other,
 * whatever their order was.
 * @returns one list for each worker.
 */
export function workerTimes(timeline: Timeline): readonly (readonly Stretch[])[] {
  const { costsMs, tasks, omittedTasks } = timeline
  const isKnownAsWhole = costsMs?.cpu !== undefined && tasks.every(({ cpuMs }) => cpuMs === null)
  const byWorker = timeline.workers.map((_, worker) => {
    const pieces = piecesOf(timeline, worker)
    return isKnownAsWhole ? tasksOnly(pieces, timeline.makespanMs) : pieces
  })
  const pieces = byWorker.flat()
  if (isKnownAsWhole) for (const piece of pieces) piece.parts = scaled(wholeCosts(timeline), lengthOf(piece))
  else {
    splitBetween(timeline, pieces)
    for (const piece of pieces) if (piece.kind === 'busy') piece.parts = busyParts(piece, tasks)
    if (costsMs !== undefined && omittedTasks === 0) meetTotals(timeline, pieces)
    if (omittedTasks > 0) splitOmitted(timeline, pieces)
  }
  return byWorker.map((own) => own.flatMap(stretchesOf))
}

/** Tasks that overlap are one piece: what each of them cost is not known. */
function piecesOf({ tasks, makespanMs, omittedTasks }: Timeline, worker: number): Piece[] {
  const within = (ms: number, leastMs: number): number => Math.min(makespanMs, Math.max(leastMs, ms))
  const own = tasks
    .map((task, index) => ({ task, index }))
    .filter(({ task }) => task.worker === worker)
    .toSorted((one, other) => one.task.startedMs - other.task.startedMs)
  const pieces: Piece[] = []
  let [atMs, settledMs] = [0, 0]
  const add = (kind: Piece['kind'], endMs: number, indices: readonly number[] = []): void => {
    if (endMs > atMs) pieces.push({ kind, startMs: atMs, endMs, tasks: indices, parts: {} })
    atMs = Math.max(atMs, endMs)
  }
  for (let first = 0; first < own.length;) {
    const startMs = within(own[first]?.task.startedMs ?? 0, atMs)
    add('between', startMs)
    let next = first
    let endMs = startMs
    do {
      const task = own[next]?.task
      if (task !== undefined && task.endedMs >= endMs) settledMs = task.settledMs
      endMs = within(task?.endedMs ?? 0, endMs)
      next++
    } while (next < own.length && (own[next]?.task.startedMs ?? 0) < endMs)
    add(
      'busy',
      endMs,
      own.slice(first, next).map(({ index }) => index),
    )
    first = next
  }
  if (omittedTasks > 0) add('omitted', makespanMs)
  else {
    if (own.length > 0) add('between', within(settledMs, atMs))
    add('rest', makespanMs)
  }
  for (const piece of pieces)
    if (piece.kind === 'rest') piece.parts = { [own.length === 0 ? 'idle' : 'imbalance']: lengthOf(piece) }
  return pieces
}

/** The time before a task belongs to it, and the time after the last one to that. */
function tasksOnly(pieces: readonly Piece[], makespanMs: number): Piece[] {
  const own = pieces.filter(({ kind }) => kind === 'busy' || kind === 'omitted')
  if (own.length === 0) return [{ kind: 'busy', startMs: 0, endMs: makespanMs, tasks: [], parts: {} }]
  return own.map((piece, index) => ({
    ...piece,
    startMs: own[index - 1]?.endMs ?? 0,
    endMs: index === own.length - 1 ? makespanMs : piece.endMs,
  }))
}

function wholeCosts({ costsMs = {} }: Timeline): Parts {
  const { dispatch = 0, transfer = 0, cpu = 0, runQueue = 0, blocked = 0, idle = 0, imbalance = 0 } = costsMs
  return { dispatch, transfer, cpu, runQueue, blocked, idle, imbalance }
}

/** The same shares of another length. */
function scaled(parts: Parts, length: number): Parts {
  const total = Object.values(parts).reduce((sum, ms) => sum + ms, 0)
  if (total === 0) return { ran: length }
  return Object.fromEntries(Object.entries(parts).map(([part, ms]) => [part, (ms / total) * length]))
}

function splitBetween({ costsMs }: Timeline, pieces: readonly Piece[]): void {
  const { dispatch = 1, transfer = 0 } = costsMs ?? {}
  for (const piece of pieces)
    if (piece.kind === 'between')
      piece.parts = scaled(
        dispatch + transfer === 0 ? { dispatch: 1 } : { dispatch, transfer },
        lengthOf(piece),
      )
}

function busyParts(piece: Piece, tasks: readonly Task[]): Parts {
  const own = piece.tasks.flatMap((index) => tasks[index] ?? [])
  const length = lengthOf(piece)
  const elapsedMs = own.reduce((sum, { startedMs, endedMs }) => sum + Math.max(0, endedMs - startedMs), 0)
  const sum = (field: 'cpuMs' | 'runQueueMs'): number | null =>
    own.reduce<number | null>((total, task) => {
      const ms = task[field]
      return total === null || ms === null ? null : total + ms
    }, 0)
  const cpuMs = sum('cpuMs')
  if (cpuMs === null || elapsedMs === 0) return { ran: length }
  const runQueue = Math.min(length, ((sum('runQueueMs') ?? 0) * length) / elapsedMs)
  const cpu = Math.min(length - runQueue, (cpuMs * length) / elapsedMs)
  return { cpu, runQueue, blocked: length - cpu - runQueue }
}

/**
 * Where the tasks' own accounts say more of a part than the costs (a kernel's counts lag, so that a task can seem to
 * have had more CPU time than time), each piece gives up its share of that for the parts that have less: what other
 * threads did for the tasks of all workers is in the costs, but in no task's account.
 */
function meetTotals({ costsMs = {}, workers }: Timeline, pieces: readonly Piece[]): void {
  if (costsMs.cpu === undefined) return
  const busy = pieces.filter(({ kind }) => kind === 'busy')
  const differences = (['cpu', 'runQueue', 'blocked'] as const).map((part) => {
    const saidMs = sumOf(busy, part)
    return { part, saidMs, moreMs: saidMs - (costsMs[part] ?? 0) * workers.length }
  })
  const missingMs = differences.reduce((sum, { moreMs }) => sum + Math.max(0, -moreMs), 0)
  if (missingMs === 0) return
  for (const piece of busy) {
    const given = differences.map(({ part, saidMs, moreMs }) =>
      moreMs <= 0 ? 0 : (piece.parts[part] ?? 0) * (moreMs / saidMs),
    )
    const givenMs = given.reduce((sum, ms) => sum + ms, 0)
    const met = Object.fromEntries(
      differences.map(({ part, moreMs }, index) => [
        part,
        (piece.parts[part] ?? 0) - (given[index] ?? 0) + givenMs * (Math.max(0, -moreMs) / missingMs),
      ]),
    )
    piece.parts = { ...piece.parts, ...met }
  }
}

/** What the costs hold beyond the tasks that are kept. */
function splitOmitted(timeline: Timeline, pieces: readonly Piece[]): void {
  const left = Object.entries(wholeCosts(timeline)).map(([part, ms]): [string, number] => [
    part,
    Math.max(0, ms * timeline.workers.length - sumOf(pieces, part as TimePart)),
  ])
  for (const piece of pieces)
    if (piece.kind === 'omitted') piece.parts = scaled(Object.fromEntries(left), lengthOf(piece))
}

const order: readonly TimePart[] = [
  'dispatch',
  'transfer',
  'cpu',
  'ran',
  'runQueue',
  'blocked',
  'idle',
  'imbalance',
]

/** A thousandth of a nanosecond: what is shorter is only the rounding of floating point. */
const shortestMs = 1e-9

function stretchesOf({ kind, startMs, tasks, parts }: Piece): Stretch[] {
  let atMs = startMs
  return order.flatMap((part) => {
    const ms = parts[part] ?? 0
    if (ms <= shortestMs) return []
    const stretch = { part, startMs: atMs, endMs: atMs + ms, tasks, isOmitted: kind === 'omitted' }
    atMs += ms
    return [stretch]
  })
}
