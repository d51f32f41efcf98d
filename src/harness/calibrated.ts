/** What the makespans of known tasks tell of an executor and its machine: pure, but for bytes that it writes itself. */

import { emptyMakespanMs } from '../analysis/model/machine.ts'
import type { ExecutorCalibration } from '../results/schema.ts'
import { mean, median } from '../stats/summary.ts'
import { executorTraits } from '../executors/registry.ts'
import type { CellRecord } from './cell.ts'
import { crossingsOf } from './crossing.ts'
import type { Crossing } from './crossing.ts'
import type { Arm } from './events.ts'
import {
  callersPerWorker,
  longSpinMs,
  manyParcels,
  manyPayloads,
  parcelBytes,
  payloadBytes,
  shortSpinMs,
  shortSpinsPerWorker,
  knownTasks,
  sizeOf,
} from './known-tasks.ts'

const emptyCounts = [1, 10, 100, 1000] as const

/** Powers of two up to the number of workers, and that number. */
export function workerCounts(workers: number): number[] {
  const powers = Array.from({ length: Math.ceil(Math.log2(workers)) }, (_, exponent) => 2 ** exponent)
  return [...new Set([...powers, workers])]
}

/** Of tasks that call libuv's threads: one, and enough for each of so many workers to go from one to the next. */
export const callerCounts = (workers: number): number[] => [1, callersPerWorker * workers]

export function isPool(executor: string): boolean {
  return executorTraits(executor).maxWorkersCounts === 'workers'
}

/** Of each of an arm's sizes the median over its launches, as the median of a cell is: what is predicted is one. */
type Makespans = ReadonlyMap<number, number>

/** Tasks that do nothing take longer the more there are, and each of them no longer: what says more was disturbed. */
function emptyOf(makespansMs: Makespans): ExecutorCalibration['empty'] {
  const measured = emptyCounts.flatMap((tasks) => {
    const makespanMs = makespansMs.get(sizeOf.empty(tasks))
    return makespanMs === undefined ? [] : [{ tasks, makespanMs }]
  })
  return measured.map(({ tasks }, index) => ({
    tasks,
    makespanMs: Math.min(
      ...measured.map((other, place) => other.makespanMs * (place < index ? tasks / other.tasks : 1)),
    ),
  }))
}

/** No machine is so bad at doing two things at once. */
const leastCores = 0.5

/** What several workers get done at once, of tasks that each keeps one busy; empty where a makespan is missing. */
function coresOf(makespansMs: Makespans, workers: number): { workers: number; cores: number }[] {
  const handingOverMs = makespansMs.get(sizeOf.empty(1)) ?? 0
  const aloneMs = makespansMs.get(sizeOf.long(1))
  return workerCounts(workers).flatMap((count) => {
    const togetherMs = makespansMs.get(sizeOf.long(count))
    if (aloneMs === undefined || togetherMs === undefined) return []
    const cores = (count * (aloneMs - handingOverMs)) / Math.max(togetherMs - handingOverMs, Number.MIN_VALUE)
    return [{ workers: count, cores: Math.min(count, Math.max(leastCores, cores)) }]
  })
}

/** Between two short tasks of a worker, all of them being busy; the long task tells how fast they spin side by side. */
function gapOf(makespansMs: Makespans, workers: number): Pick<ExecutorCalibration, 'gapMs'> {
  const shortMs = makespansMs.get(sizeOf.short(workers))
  const longMs = makespansMs.get(sizeOf.long(workers))
  if (shortMs === undefined || longMs === undefined) return {}
  return { gapMs: Math.max(0, shortMs / shortSpinsPerWorker - (longMs * shortSpinMs) / longSpinMs) }
}

/** Of tasks that call libuv's threads. */
function callingOf(makespansMs: Makespans): Pick<ExecutorCalibration, 'calling'> {
  const calling = [...makespansMs].flatMap(([size, makespanMs]) => {
    const { tasks, calls } = knownTasks(size)
    return calls === 0 ? [] : [{ tasks, calls, makespanMs }]
  })
  return calling.length === 0 ? {} : { calling }
}

/** Writing and reading a payload here: what is told of each value by itself, and is not the way's. */
function crossPayload(): Crossing {
  const looks = Array.from(
    { length: 5 },
    () => crossingsOf([Buffer.alloc(payloadBytes, 'x').toString('latin1')], [], 'clone').processes,
  )
  const known = looks.filter((look) => look !== null)
  return {
    copiedBytes: payloadBytes,
    mainMs: Math.min(...known.map(({ mainMs }) => mainMs)),
    workerMs: Math.min(...known.map(({ workerMs }) => workerMs)),
  }
}

const perByte = (ms: number): number => Math.max(0, ms) / payloadBytes

/** What the way adds to writing and reading bytes: for one task, for each of many, and for each message. */
function transportOf(
  makespansMs: Makespans,
  empty: ExecutorCalibration['empty'],
): Pick<ExecutorCalibration, 'transportMsPerByte' | 'feedMsPerByte' | 'messageMs'> {
  const [oneMs, manyMs] = [1, manyPayloads].map((tasks) => makespansMs.get(sizeOf.payload(tasks)))
  const noneMs = makespansMs.get(sizeOf.empty(1))
  if (oneMs === undefined || noneMs === undefined) return {}
  const { mainMs, workerMs } = crossPayload()
  const transportMsPerByte = perByte(oneMs - noneMs - mainMs - workerMs)
  if (manyMs === undefined) return { transportMsPerByte }
  // The first one has to arrive before all are on their way.
  const nextMs = (manyMs - oneMs) / (manyPayloads - 1)
  const parcelsMs = makespansMs.get(sizeOf.parcel(manyParcels))
  const parcelMs =
    parcelsMs === undefined ? 0 : (parcelsMs - emptyMakespanMs({ empty }, manyParcels)) / manyParcels
  return {
    transportMsPerByte,
    feedMsPerByte: perByte(nextMs - mainMs),
    messageMs: Math.max(0, parcelMs - (nextMs * parcelBytes) / payloadBytes),
  }
}

/** Nothing for an arm that has run no task. */
export function calibrationOf(arm: Arm, cells: readonly CellRecord[]): ExecutorCalibration[] {
  const measured = cells.filter(({ error, launches }) => error === null && launches.length > 0)
  const makespansMs = new Map(
    measured.map(({ size, launches }) => [size, median(launches.map((launch) => median(launch)))]),
  )
  const empty = emptyOf(makespansMs)
  if (empty.length === 0) return []
  const startupMs = measured[0]?.startupsMs[0] ?? 0
  const { executor, workers } = arm
  if (!isPool(executor) || workers === null)
    return [{ executor, workers: null, startupMs, empty, ...callingOf(makespansMs) }]
  const cores = coresOf(makespansMs, workers)
  return [
    {
      executor,
      workers,
      startupMs,
      empty,
      ...(cores.at(-1)?.workers === workers ? { cores } : {}),
      ...gapOf(makespansMs, workers),
      ...callingOf(makespansMs),
      ...transportOf(makespansMs, empty),
    },
  ]
}

/** The cores are the machine's: what one pool and another find of them differs by chance, so each has the mean. */
export function withCommonCores(executors: readonly ExecutorCalibration[]): ExecutorCalibration[] {
  const found = executors.flatMap(({ cores = [] }) => cores)
  return executors.map(({ cores, ...rest }) => ({
    ...rest,
    ...(cores === undefined
      ? {}
      : {
          cores: cores.map(({ workers }) => ({
            workers,
            cores: mean(found.filter((other) => other.workers === workers).map((other) => other.cores)),
          })),
        }),
  }))
}
