/** The calibration of a run: what it concludes from known makespans, what it leaves out, and a real one. */
import { describe, expect, it } from 'vitest'
import { calibrate, calibrateInHosts } from '#dist/harness/calibration.js'
import type { CalibrationRequest } from '#dist/harness/calibration.js'
import {
  knownTasks,
  parcelBytes,
  payloadBytes,
  shortSpinsPerWorker,
  sizeOf,
} from '#dist/harness/known-tasks.js'
import type { Calibration } from '#dist/results/schema.js'
import { calibrationSchema } from '#dist/results/schema/calibration.js'
import { seededRandom } from '#dist/stats/random.js'
import { failure, fakeArms } from './fake-arms.ts'

const executors = ['serial', 'event-loop', 'threads', 'processes']

/**
 * Pools on a machine where two workers get 1.6 cores' worth done, or 1.2 in the kernel, and wait 0.1 ms between two
 * tasks.
 */
function makespanMs(
  { executor, workers }: { executor: string; workers: number | null },
  size: number,
): number {
  const { tasks, spinMs, bytes, reads } = knownTasks(size)
  if (executor === 'serial' || executor === 'event-loop') return 0.01 + tasks * 0.001
  const atOnce = Math.min(tasks, workers ?? 1)
  const stretch = atOnce === 1 ? 1 : atOnce / (reads > 0 ? 1.2 : 1.6)
  const gapMs = tasks > atOnce ? (tasks / atOnce) * 0.1 : 0
  // A second one is on its way while the first one is read.
  const onTheWayMs = bytes === 0 ? 0 : tasks * 0.02 + ((tasks + 1) / 2) * bytes * 1e-5
  return 0.05 + (tasks / atOnce) * (spinMs + reads * 0.1) * stretch + gapMs + onTheWayMs
}

function calibrated(changes: Partial<CalibrationRequest> = {}): Promise<Calibration | undefined> {
  const { openArm, now } = fakeArms({ makespanMs, startupMs: 7 })
  return calibrate({
    executors,
    cores: 2,
    budgetMs: 60_000,
    openArm,
    measureWake: () => Promise.resolve(0.2),
    random: seededRandom(1),
    now,
    signal: new AbortController().signal,
    ...changes,
  })
}

describe('the calibration of a run', () => {
  it('tells what the executors cost', async () => {
    const { wakeMs, executors: found } = (await calibrated()) ?? { executors: [] }
    expect(wakeMs).toBe(0.2)
    expect(found.map(({ executor, workers, startupMs }) => ({ executor, workers, startupMs }))).toEqual([
      { executor: 'serial', workers: null, startupMs: 7 },
      { executor: 'event-loop', workers: null, startupMs: 7 },
      { executor: 'threads', workers: 2, startupMs: 7 },
      { executor: 'processes', workers: 2, startupMs: 7 },
    ])
    for (const { empty } of found) expect(empty.map(({ tasks }) => tasks)).toEqual([1, 10, 100, 1000])
    const [serial, , threads] = found
    expect(serial?.empty[3]?.makespanMs).toBeCloseTo(1.01)
    expect(serial).not.toHaveProperty('cores')
    expect(threads?.cores?.[0]).toEqual({ workers: 1, cores: 1 })
    expect(threads?.cores?.[1]?.cores).toBeCloseTo(1.6, 3)
    expect(threads?.kernelCores?.[1]?.cores).toBeCloseTo(1.2, 3)
    expect(threads?.gapMs).toBeCloseTo(0.1, 2)
    // 10 ns a byte, less what writing and reading them takes here.
    expect(threads?.transportMsPerByte).toBeGreaterThan(0)
    expect(threads?.transportMsPerByte).toBeLessThanOrEqual(1.01e-5)
    expect(threads?.feedMsPerByte).toBeGreaterThan(0)
    expect(threads?.feedMsPerByte).toBeLessThanOrEqual(0.51e-5)
    expect(threads?.messageMs).toBeGreaterThan(0)
  })

  it('is left out of a run that is too short for it, or interrupted', async () => {
    expect(await calibrated({ budgetMs: 9999 })).toBeUndefined()
    expect(await calibrated({ signal: AbortSignal.abort() })).toBeUndefined()
  })

  it('keeps what was measured before it was cut off, and predicts no pool of unknown cores', async () => {
    const cut = new AbortController()
    const arms = fakeArms({
      makespanMs: (arm, size) => {
        if (size === sizeOf.long(2)) cut.abort()
        return makespanMs(arm, size)
      },
    })
    const { openArm, now } = arms
    const calibration = await calibrated({ openArm, now, cutOff: cut.signal })
    const threads = calibration?.executors.find(({ executor }) => executor === 'threads')
    expect(threads?.empty.map(({ tasks }) => tasks)).toEqual([1, 10])
    expect(threads).not.toHaveProperty('gapMs')
    expect(threads).not.toHaveProperty('cores')
  })

  it('keeps to some seconds where makespans are long', async () => {
    const slow = fakeArms({ makespanMs: (arm, size) => 5 * makespanMs(arm, size) })
    const calibration = await calibrated({ openArm: slow.openArm, now: slow.now })
    expect(calibration?.executors).toHaveLength(4)
    expect(calibration?.durationMs).toBeLessThan(7000)
  })

  it('goes by the launch that was disturbed less', async () => {
    const undisturbed = await calibrated()
    const disturbed = fakeArms({
      makespanMs: (arm, size, launch) => (launch === 1 ? 3 : 1) * makespanMs(arm, size),
      startupMs: 7,
    })
    const found = await calibrated({ openArm: disturbed.openArm, now: disturbed.now })
    expect(found?.executors.map(({ empty }) => empty)).toEqual(
      undisturbed?.executors.map(({ empty }) => empty),
    )
  })

  it('takes many tasks that do nothing to take as long as few would have to', async () => {
    const disturbed = fakeArms({
      makespanMs: (arm, size) => (size === sizeOf.empty(100) ? 50 : makespanMs(arm, size)),
    })
    const calibration = await calibrated({ openArm: disturbed.openArm, now: disturbed.now })
    const [serial] = calibration?.executors ?? []
    // Ten times what ten took, or what a thousand did.
    expect(serial?.empty[2]?.makespanMs).toBeCloseTo(0.2)
  })

  it('leaves out what fails, and what it does not know', async () => {
    const broken = fakeArms({
      makespanMs: (arm, size) => {
        if (arm.executor === 'threads' || size === sizeOf.payload(1)) throw failure('no such thing')
        return makespanMs(arm, size)
      },
    })
    const calibration = await calibrated({
      openArm: broken.openArm,
      now: broken.now,
      measureWake: () => Promise.resolve(undefined),
    })
    expect(calibration).not.toHaveProperty('wakeMs')
    expect(calibration?.executors.map(({ executor }) => executor)).toEqual([
      'serial',
      'event-loop',
      'processes',
    ])
    expect(calibration?.executors[2]).not.toHaveProperty('transportMsPerByte')
    expect(calibration?.executors[2]).toHaveProperty('gapMs')
  })

  it('takes a budget that is no whole number of milliseconds, as what is left of one', async () => {
    const request = { executors: ['serial'], cores: 2, budgetMs: 1234.5678, random: seededRandom(1) }
    const signal = new AbortController().signal
    expect(await calibrateInHosts({ ...request, now: () => performance.now(), signal })).toBeUndefined()
  })

  it('measures real executors', async () => {
    const calibration = await calibrateInHosts({
      executors: ['serial', 'threads'],
      cores: 2,
      budgetMs: 10_000,
      random: seededRandom(1),
      now: () => performance.now(),
      signal: new AbortController().signal,
      // However busy this machine is.
      cutOff: new AbortController().signal,
    })
    expect(calibrationSchema.safeParse(calibration).error).toBeUndefined()
    expect(calibration?.wakeMs).toBeGreaterThanOrEqual(0)
    const [serial, threads] = calibration?.executors ?? []
    expect(serial?.empty[0]?.makespanMs).toBeGreaterThan(0)
    expect(threads?.startupMs).toBeGreaterThan(0)
    expect(threads?.cores?.map(({ workers }) => workers)).toEqual([1, 2])
    for (const { workers, cores } of threads?.cores ?? []) expect(cores).toBeLessThanOrEqual(workers)
  }, 60_000)
})

describe('known tasks', () => {
  it('are told by a size', () => {
    expect(knownTasks(sizeOf.empty(100))).toEqual({ tasks: 100, spinMs: 0, bytes: 0, reads: 0 })
    expect(knownTasks(sizeOf.long(8))).toMatchObject({ tasks: 8, bytes: 0 })
    expect(knownTasks(sizeOf.short(8)).tasks).toBe(8 * shortSpinsPerWorker)
    expect(knownTasks(sizeOf.payload(16))).toMatchObject({ tasks: 16, spinMs: 0, bytes: payloadBytes })
    expect(knownTasks(sizeOf.parcel(64))).toMatchObject({ tasks: 64, bytes: parcelBytes })
    expect(knownTasks(sizeOf.kernel(2))).toMatchObject({ tasks: 2, spinMs: 0, bytes: 0 })
    expect(knownTasks(sizeOf.kernel(2)).reads).toBeGreaterThan(0)
  })
})
