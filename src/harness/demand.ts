/** What a serial cell's tasks ask of a machine, as the result file has it: its observations, taken together. */

import type { Demand } from '../results/schema.ts'
import { mean, median } from '../stats/summary.ts'
import type { TimeSpent } from './accounting.ts'
import type { CellRecord } from './cell.ts'
import type { Crossing } from './crossing.ts'
import type { Observation } from './observe.ts'
import { sharesOf } from './shares.ts'

/** One look alone cannot tell a long task from one that was disturbed. */
const leastLooks = 2

/** Each task at its shortest: what is more in another look has been disturbed. */
function longestTaskRatio(observed: readonly Observation[]): number | null {
  const looks = observed.flatMap(({ taskMs }) => (taskMs === undefined ? [] : [taskMs]))
  const [first = []] = looks
  const shortestMs = first.map((_, task) => Math.min(...looks.map((look) => look[task] ?? Infinity)))
  const meanMs = mean(shortestMs)
  return looks.length >= leastLooks && meanMs > 0 ? Math.max(1, Math.max(...shortestMs) / meanMs) : null
}

/** The kernel counts its part in steps of some milliseconds: of less CPU time than some of these it says little. */
const kernelStepsMs = 10

/** The share of CPU time that was spent in the kernel; towards none where little was seen. */
function kernelShare(looks: readonly TimeSpent[]): number {
  const sum = (field: (spent: TimeSpent) => number): number =>
    looks.reduce((total, spent) => total + field(spent), 0)
  return Math.min(1, sum(({ kernelMs = 0 }) => kernelMs) / (sum(({ cpuMs }) => cpuMs) + kernelStepsMs))
}

const totalMs = ({ mainMs, workerMs }: Crossing): number => mainMs + workerMs

/** The one that took least: what is more has been disturbed. */
function cheapest(crossings: readonly (Crossing | null | undefined)[]): Demand['toThreads'] {
  const known = crossings.filter((crossing) => crossing !== null && crossing !== undefined)
  const [first] = known.toSorted((one, other) => totalMs(one) - totalMs(other))
  return first === undefined ? null : { ...first }
}

/** Undefined where nothing was observed. */
export function demandOf(
  { observations }: Pick<CellRecord, 'observations'>,
  medianMs: number | null,
): Demand | undefined {
  const all = observations.flat()
  const unwatched = all.filter(({ loopDelayP99Ms }) => loopDelayP99Ms === null)
  // Where the loop was watched, it was woken for that.
  const observed = unwatched.length === 0 ? all : unwatched
  if (medianMs === null || observed.length === 0) return undefined
  const looks = observed.map(({ spent, loopTurns = 0 }) => ({ spent, loopTurns, shares: sharesOf(spent) }))
  const part = (share: (look: (typeof looks)[number]) => number): number =>
    (medianMs * looks.reduce((total, look) => total + share(look), 0)) / looks.length
  return {
    mainCpuMs: part(({ shares }) => shares.cpu - shares.hidden),
    hiddenCpuMs: part(({ shares }) => shares.hidden),
    libuvCpuMs: part(({ shares }) => shares.libuv),
    kernelShare: kernelShare(looks.map(({ spent }) => spent)),
    runQueueMs: part(({ shares }) => shares.runQueue ?? 0),
    blockedMs: part(({ shares }) => shares.blocked),
    loopIdleMs: part(({ spent }) => Math.min(1, spent.loopIdleMs / spent.wallMs)),
    loopTurns: median(looks.map(({ loopTurns }) => loopTurns)),
    longestTaskRatio: longestTaskRatio(observed),
    toThreads: cheapest(observed.map(({ crossings }) => crossings?.threads)),
    toProcesses: cheapest(observed.map(({ crossings }) => crossings?.processes)),
  }
}
