/**
 * What would change advice about a function: another size, another latency, other cores. As the model predicts it, or
 * where the machine was not calibrated, from the function's own times.
 */

import type { Cell } from '../results/schema.ts'
import type { AdviceRequest } from './advice.ts'
import { predictedChanges } from './advice-forecast.ts'
import { isYielding } from './contenders.ts'
import { cpuBoundShare, typicalMovingMs } from './diagnosis.ts'
import { formatBytes, formatCount, formatDuration } from './quantities.ts'

/** A worker is worth its while when a task takes so many times what moving it does. */
const worthwhile = 10
/** From this share of the makespan on, what crosses to the workers matters. */
const notableTransfer = 0.1
/** Calls in flight beyond this are not worth counting. */
const mostInFlight = 10_000

/** By what factor work must exceed waiting, or waiting work, before the other no longer counts. */
const dominance = cpuBoundShare / (1 - cpuBoundShare)

function sizeChange({ diagnosis }: AdviceRequest, executor: string): string {
  const { bound, taskMs = 0, movingMs = typicalMovingMs } = diagnosis
  const moving = formatDuration(movingMs)
  if (bound === 'overhead') {
    const calls = Math.ceil((worthwhile * movingMs) / Math.max(taskMs, 1e-6))
    return `Size: a task of ${formatCount(calls, 'call')} or more together, or a call that takes ${formatDuration(worthwhile * movingMs)}, would be worth a worker.`
  }
  if (executor === 'serial')
    return `Size: moving a call to a worker and back costs ${moving}; a longer call feels it less.`
  return `Size: calls that take less than about ${moving}, which is what moving one to a worker and back costs, are best made one after the other.`
}

function latencyChange({ diagnosis, yieldingShare }: AdviceRequest): string | null {
  const { bound, taskMs = 0, cpuShare, blockedShare } = diagnosis
  const workMs = cpuShare * taskMs
  const waitMs = blockedShare * taskMs
  if (bound === 'overhead') return null
  if (bound === 'cpu')
    return workMs === 0
      ? null
      : `Latency: it hardly waits; a call that waited for ${formatDuration(dominance * workMs)} or more beside this work would be bound by I/O.`
  const times = `a call works for ${formatDuration(workMs)} and waits for ${formatDuration(waitMs)}`
  const inFlight = workMs === 0 ? mostInFlight : Math.min(mostInFlight, Math.floor(1 + waitMs / workMs))
  const room =
    isYielding(diagnosis, yieldingShare) && inFlight > 1
      ? `; so one thread can keep about ${formatCount(inFlight, 'call')} in flight`
      : ''
  return `Latency: ${times}${room}. Were the wait shorter than ${formatDuration(workMs / dominance)}, the CPU would bound it.`
}

function coresChange({ diagnosis, cores }: AdviceRequest, executor: string): string | null {
  const { bound } = diagnosis
  const here = `this was measured with ${formatCount(cores, 'core')}`
  if (bound === 'overhead') return null
  if (executor === 'event-loop' && bound === 'io') return 'Cores: more of them change little, since it waits.'
  if (bound === 'io') return 'Cores: more of them change little, since it waits; more workers do.'
  return cores === 1
    ? 'Cores: with more than one, a pool of workers would be in question.'
    : `Cores: ${here}; with one, workers gain nothing on the CPU, and with more, a pool can use them all.`
}

function dataChange(cell: Cell | undefined): string | null {
  const { transfer, costsMs, tasks, medianMs } = cell ?? {}
  if (transfer === undefined || medianMs === undefined || medianMs === null || tasks === undefined)
    return null
  if ((costsMs?.transfer ?? 0) < notableTransfer * medianMs) return null
  const bytes = (transfer.inBytes + transfer.outBytes) / Math.max(1, tasks)
  return `Data: ${formatBytes(bytes)} cross to a worker and back with each call, which is a part of its time; more would eat the gain.`
}

/** @param cell what the advised executor measured. */
export function changesOf(request: AdviceRequest, executor: string, cell: Cell | undefined): string[] {
  const { forecastable } = request
  const changes =
    forecastable === null
      ? [sizeChange(request, executor), latencyChange(request), coresChange(request, executor)]
      : predictedChanges(forecastable, executor)
  return [...changes, dataChange(cell)].filter((change) => change !== null)
}
