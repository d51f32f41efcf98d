/** What a cell cost, as the result file has it: its observations, taken together. */

import type { Cell } from '../results/schema.ts'
import { median } from '../stats/summary.ts'
import type { CellRecord } from './cell.ts'
import type { MakespanCosts } from './costs.ts'

type CellCosts = Pick<
  Cell,
  | 'costsMs'
  | 'transfer'
  | 'emptyTaskMs'
  | 'cpuSeconds'
  | 'workerProcesses'
  | 'peakRssBytes'
  | 'loopDelayP99Ms'
>

const known = (values: readonly (number | null)[]): number[] => values.filter((value) => value !== null)

/**
 * The parts of the median makespan: it is split as the observed makespans were, on the mean, so that the parts add up
 * to it. Left out: what no observation could tell.
 */
export function cellCosts({ observations, startupsMs }: CellRecord, medianMs: number | null): CellCosts {
  const startup = startupsMs.length === 0 ? {} : { startup: median(startupsMs) }
  const observed = observations.flat()
  if (medianMs === null || observed.length === 0) return { costsMs: startup }
  const part = (field: Exclude<keyof MakespanCosts, 'workers'>): number | null => {
    const shares = known(observed.map(({ costs }) => ratio(costs[field], costs.makespanMs)))
    if (shares.length < observed.length) return null
    return (medianMs * shares.reduce((total, share) => total + share, 0)) / shares.length
  }
  const inMs = part('transferInMs') ?? 0
  const outMs = part('transferOutMs') ?? 0
  const sometimes = { cpu: part('cpuMs'), runQueue: part('runQueueMs'), blocked: part('blockedMs') }
  const cpuMs = known(observed.map((observation) => observation.cpuMs))
  const delaysMs = known(observed.map(({ loopDelayP99Ms }) => loopDelayP99Ms))
  const peaksBytes = known(observed.map(({ peakRssBytes }) => peakRssBytes))
  const processes = known(observed.map(({ workerProcesses }) => workerProcesses))
  const { inputs, outputs } = observed[0] ?? { inputs: null, outputs: null }
  return {
    costsMs: {
      ...startup,
      dispatch: part('dispatchMs') ?? 0,
      transfer: inMs + outMs,
      ...Object.fromEntries(Object.entries(sometimes).filter(([, value]) => value !== null)),
      idle: part('idleMs') ?? 0,
      imbalance: part('imbalanceMs') ?? 0,
    },
    ...(inputs === null || outputs === null
      ? {}
      : {
          transfer: {
            inBytes: inputs.bytes,
            outBytes: outputs.bytes,
            copiedBytes: inputs.copiedBytes + outputs.copiedBytes,
            inMs,
            outMs,
          },
        }),
    emptyTaskMs: {
      alone: median(observed.map(({ dispatch }) => dispatch.aloneMs)),
      atOnce: median(observed.map(({ dispatch }) => dispatch.atOnceMs)),
    },
    ...(cpuMs.length === 0 ? {} : { cpuSeconds: median(cpuMs) / 1000 }),
    ...(processes.length === 0 ? {} : { workerProcesses: Math.max(...processes) }),
    ...(peaksBytes.length === 0 ? {} : { peakRssBytes: Math.max(...peaksBytes) }),
    ...(delaysMs.length === 0 ? {} : { loopDelayP99Ms: median(delaysMs) }),
  }
}

/** The parts of one makespan. */
export function costsIn(costs: MakespanCosts): Cell['costsMs'] {
  const sometimes = { cpu: costs.cpuMs, runQueue: costs.runQueueMs, blocked: costs.blockedMs }
  return {
    dispatch: costs.dispatchMs,
    transfer: costs.transferInMs + costs.transferOutMs,
    ...Object.fromEntries(Object.entries(sometimes).filter(([, value]) => value !== null)),
    idle: costs.idleMs,
    imbalance: costs.imbalanceMs,
  }
}

const ratio = (part: number | null, whole: number): number | null => (part === null ? null : part / whole)
