/** What disturbs a run while it goes on: the system's counters before and after it, and nothing in between. */

import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import type { ReadText } from '../executors/parallelism.ts'
import { cpuGroups, readText } from '../executors/parallelism.ts'
import type { Disturbance } from '../results/schema.ts'

/** Clock ticks in `/proc` are hundredths of a second (USER_HZ) on every architecture that Node runs on. */
const tickMs = 10

/** Counters of the system; undefined where they cannot be read. */
interface Counters {
  /** CPU time of all cores together since the start of the machine, in ticks. */
  readonly machine: { readonly total: number; readonly busy: number; readonly stolen: number } | undefined
  /** CPU time of this process and of its children that have ended, in ticks. */
  readonly ownTicks: number | undefined
  /** How long some task of the machine has waited for a core. */
  readonly pressureMs: number | undefined
  readonly quota:
    { readonly periods: number; readonly throttled: number; readonly throttledMs: number } | undefined
}

/** The numbers of a line, or undefined if there are fewer than `least` or one is none. */
function numbers(words: readonly string[], least: number): number[] | undefined {
  const values = words.map(Number)
  return values.length >= least && values.every((value) => value >= 0) ? values : undefined
}

/** See proc_stat(5): user, nice, system, idle, iowait, irq, softirq, steal; guests are part of user. */
function readMachine(read: ReadText): Counters['machine'] {
  const line = /^cpu +([\d ]+)$/mu.exec(read('/proc/stat') ?? '')?.[1]
  const [user, nice, system, idle, iowait, irq, softirq, stolen] =
    numbers(line?.trim().split(' ') ?? [], 8) ?? []
  if (user === undefined || nice === undefined || system === undefined || idle === undefined) return undefined
  if (iowait === undefined || irq === undefined || softirq === undefined || stolen === undefined)
    return undefined
  const busy = user + nice + system + irq + softirq
  return { total: busy + idle + iowait + stolen, busy, stolen }
}

/** See proc_pid_stat(5): utime, stime, cutime, cstime are fields 14 to 17; the name before may hold anything. */
function readOwnTicks(read: ReadText): number | undefined {
  const text = read('/proc/self/stat')
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ')
  return numbers(fields?.slice(11, 15) ?? [], 4)?.reduce((sum, ticks) => sum + ticks, 0)
}

function readPressureMs(read: ReadText): number | undefined {
  const total = /^some .*total=(\d+)/mu.exec(read('/proc/pressure/cpu') ?? '')?.[1]
  return total === undefined ? undefined : Number(total) / 1000
}

/** Of the group whose quota has stopped us most often. */
function readQuota(read: ReadText): Counters['quota'] {
  return cpuGroups(read)
    .flatMap(({ version, folder }) => {
      const text = read(join(folder, 'cpu.stat')) ?? ''
      const valueOf = (name: string): number => Number(new RegExp(`^${name} (\\d+)$`, 'mu').exec(text)?.[1])
      const [periods, throttled] = [valueOf('nr_periods'), valueOf('nr_throttled')]
      const throttledMs = version === 2 ? valueOf('throttled_usec') / 1e3 : valueOf('throttled_time') / 1e6
      return [periods, throttled, throttledMs].every(Number.isFinite)
        ? [{ periods, throttled, throttledMs }]
        : []
    })
    .toSorted((a, b) => b.throttled - a.throttled || b.periods - a.periods)[0]
}

function readCounters(read: ReadText): Counters {
  return {
    machine: readMachine(read),
    ownTicks: readOwnTicks(read),
    pressureMs: readPressureMs(read),
    quota: readQuota(read),
  }
}

const asShare = (value: number): number => Math.min(1, Math.max(0, value))

/**
 * What happened between two readings. Children count as ours once they have ended and been waited for, which those
 * of a run have at its end.
 */
function difference(before: Counters, after: Counters, durationMs: number): Disturbance {
  const { machine, ownTicks, pressureMs, quota } = after
  const totalTicks = machine && before.machine && machine.total - before.machine.total
  // Less than a tick tells nothing.
  const isLong = totalTicks !== undefined && totalTicks > 0 && durationMs >= tickMs
  return {
    durationMs,
    ...(isLong && machine && before.machine && ownTicks !== undefined && before.ownTicks !== undefined
      ? {
          otherCpuShare: asShare(
            (machine.busy - before.machine.busy - (ownTicks - before.ownTicks)) / totalTicks,
          ),
        }
      : {}),
    ...(isLong && machine && before.machine
      ? { stealShare: asShare((machine.stolen - before.machine.stolen) / totalTicks) }
      : {}),
    ...(isLong && pressureMs !== undefined && before.pressureMs !== undefined
      ? { cpuPressureShare: asShare((pressureMs - before.pressureMs) / durationMs) }
      : {}),
    ...(quota && before.quota && quota.periods > before.quota.periods
      ? {
          quotaPeriods: quota.periods - before.quota.periods,
          throttledPeriods: Math.max(0, quota.throttled - before.quota.throttled),
          throttledMs: Math.max(0, quota.throttledMs - before.quota.throttledMs),
        }
      : {}),
  }
}

/**
 * Reads the counters; the function returned reads them again and says what happened in between.
 * @param read gives the text of a file of the system; a test brings its own, and its own clock in ms.
 */
export function watchDisturbance(
  read: ReadText = readText,
  now: () => number = () => performance.now(),
): () => Disturbance {
  const before = readCounters(read)
  const startMs = now()
  return () => difference(before, readCounters(read), now() - startMs)
}
