/** Arms on a fake clock: every makespan is exactly what a test says, and nothing waits. */
import type { ArmHost, OpenArm } from '#dist/harness/arm-host.js'
import { CellFailure } from '#dist/harness/cell-error.js'
import type { Arm } from '#dist/harness/events.js'
import type { TimedMeasurement } from '#dist/harness/commands.js'
import type { Observation } from '#dist/harness/observe.js'

export interface FakeArmsOptions {
  /** The makespan of the nth measurement (0-based, over all arms) of an arm and size, in ms; may throw. */
  readonly makespanMs: (arm: Arm, size: number, launch: number) => number
  readonly checksum?: (arm: Arm, size: number) => string
  readonly cpuShare?: number
  readonly tasks?: number
  readonly startupMs?: number
}

export interface FakeArms {
  readonly openArm: OpenArm
  readonly now: () => number
  /** What happened, in order: `open serial`, `warmUp serial 10`, `measure serial 10`, `close serial`. */
  readonly log: string[]
}

export const failure = (message: string, hostLost = false, name = 'Error'): CellFailure =>
  new CellFailure({ name, message }, hostLost)

function observationFor(makespanMs: number, cpuShare: number): Observation {
  const cpuMs = makespanMs * cpuShare
  return {
    spent: {
      wallMs: makespanMs,
      cpuMs,
      mainCpuMs: cpuMs,
      mainRunQueueMs: 0,
      v8CpuMs: 0,
      libuvCpuMs: 0,
      otherRunQueueMs: 0,
      childrenCpuMs: 0,
      gcMs: 0,
      loopIdleMs: 0,
    },
    costs: {
      makespanMs,
      workers: null,
      dispatchMs: 0,
      transferInMs: 0,
      transferOutMs: 0,
      cpuMs,
      runQueueMs: 0,
      blockedMs: makespanMs - cpuMs,
      idleMs: 0,
      imbalanceMs: 0,
    },
    dispatch: { aloneMs: 0.05, atOnceMs: 0.02 },
    inputs: null,
    outputs: null,
    workerProcesses: null,
    cpuMs,
    peakRssBytes: 5e7,
    loopDelayP99Ms: 1,
  }
}

export function fakeArms(options: FakeArmsOptions): FakeArms {
  const { makespanMs, checksum = () => 'same', cpuShare = 1, tasks = 64, startupMs = 5 } = options
  const log: string[] = []
  const opened = new Map<string, number>()
  let clockMs = 0
  const openArm: OpenArm = (arm) => {
    const name = arm.name === undefined ? '' : ` ${arm.name}`
    const label = `${arm.executor}${arm.workers === null ? '' : `×${arm.workers}`}${name}`
    const launch = (opened.get(label) ?? 0) + 1
    opened.set(label, launch)
    log.push(`open ${label}`)
    let size = 0
    const take = (what: string): Promise<TimedMeasurement> => {
      log.push(`${what} ${label} ${size}`)
      try {
        const ms = makespanMs(arm, size, launch)
        clockMs += ms
        return Promise.resolve({
          makespanMs: ms,
          checksum: checksum(arm, size),
          yardstickMs: 1 + (log.length % 7) / 10,
        })
      } catch (error) {
        return Promise.reject(error instanceof Error ? error : new Error(String(error)))
      }
    }
    const host: ArmHost = {
      start: () => {
        clockMs += startupMs
        return Promise.resolve(startupMs)
      },
      prepare: (next) => {
        size = next
        return Promise.resolve(tasks)
      },
      warmUp: () => take('warmUp'),
      observe: async () => {
        const measurement = await take('observe')
        const observation = observationFor(measurement.makespanMs, cpuShare)
        const times = { workers: [{ pid: 1, threadId: 0 }], tasks: [], omittedTasks: tasks }
        return { ...measurement, observation, times }
      },
      measure: () => take('measure'),
      close: () => {
        log.push(`close ${label}`)
        return Promise.resolve()
      },
    }
    return Promise.resolve(host)
  }
  return { openArm, now: () => clockMs, log }
}
