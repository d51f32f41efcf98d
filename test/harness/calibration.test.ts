/** The calibration of a run: what it concludes from known makespans, what it leaves out, and a real one. */
import { describe, expect, it } from 'vitest'
import { calibrate, Calibrator, knownHosts } from '#dist/harness/calibration.js'
import type { CalibrationRequest, KnownHosts } from '#dist/harness/calibration.js'
import {
  callersPerWorker,
  callsPerTask,
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
import type { FakeArms } from './fake-arms.ts'

const executors = ['serial', 'event-loop', 'threads', 'processes']

/**
 * Pools on a machine where two threads get 1.5 cores' worth done and two processes 1.7, and wait 0.1 ms between two
 * tasks.
 */
function makespanMs(
  { executor, workers }: { executor: string; workers: number | null },
  size: number,
): number {
  const { tasks, spinMs, bytes, calls } = knownTasks(size)
  if (executor === 'serial' || executor === 'event-loop') return 0.01 + tasks * (0.001 + calls * 0.03)
  const atOnce = Math.min(tasks, workers ?? 1)
  const stretch = atOnce === 1 ? 1 : atOnce / (executor === 'threads' ? 1.5 : 1.7)
  const gapMs = tasks > atOnce ? (tasks / atOnce) * 0.1 : 0
  // A second one is on its way while the first one is read.
  const onTheWayMs = bytes === 0 ? 0 : tasks * 0.02 + ((tasks + 1) / 2) * bytes * 1e-5
  return 0.05 + (tasks / atOnce) * (spinMs * stretch + calls * 0.05) + gapMs + onTheWayMs
}

function requestOf(
  changes: Partial<CalibrationRequest> = {},
  { openArm, now } = fakeArms({ makespanMs, startupMs: 7 }),
): CalibrationRequest {
  return {
    executors,
    cores: 2,
    budgetMs: 60_000,
    openHosts: () => ({ openArm, measureWake: () => Promise.resolve(0.2) }),
    random: seededRandom(1),
    now,
    signal: new AbortController().signal,
    ...changes,
  }
}

const calibrated = (
  changes: Partial<CalibrationRequest> = {},
  arms?: FakeArms,
): Promise<Calibration | undefined> => calibrate(requestOf(changes, arms))

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
    const [serial, eventLoop, threads, processes] = found
    expect(serial?.calling?.map(({ tasks }) => tasks)).toEqual([1, 2 * callersPerWorker])
    expect(serial?.calling?.[0]?.makespanMs).toBeCloseTo(0.011 + callsPerTask * 0.03)
    expect(threads?.calling?.[1]).toMatchObject({ tasks: 2 * callersPerWorker, calls: callsPerTask })
    expect(eventLoop).not.toHaveProperty('calling')
    expect(serial?.empty[3]?.makespanMs).toBeCloseTo(1.01)
    expect(serial).not.toHaveProperty('cores')
    expect(threads?.cores?.[0]).toEqual({ workers: 1, cores: 1 })
    // The cores are the machine's: the mean of what both pools find.
    expect(threads?.cores?.[1]?.cores).toBeCloseTo(1.6, 3)
    expect(processes?.cores).toEqual(threads?.cores)
    expect(processes?.gapMs).toBeCloseTo(0.1, 2)
    // 10 ns a byte, less what writing and reading them takes here; threads get them where they were written.
    expect(processes?.transportMsPerByte).toBeGreaterThan(0)
    expect(processes?.transportMsPerByte).toBeLessThanOrEqual(1.01e-5)
    expect(processes?.feedMsPerByte).toBeGreaterThan(0)
    expect(processes?.feedMsPerByte).toBeLessThanOrEqual(0.53e-5)
    expect(processes?.messageMs).toBeGreaterThan(0)
    expect(threads).not.toHaveProperty('transportMsPerByte')
    expect(threads).not.toHaveProperty('feedMsPerByte')
  })

  it('is left out of a run that is too short for it, or interrupted', async () => {
    expect(await calibrated({ budgetMs: 9999 })).toBeUndefined()
    expect(await calibrated({ signal: AbortSignal.abort() })).toBeUndefined()
  })

  it('keeps what was measured before it was interrupted, and knows no cores then', async () => {
    const cut = new AbortController()
    const arms = fakeArms({
      makespanMs: (arm, size) => {
        if (size === sizeOf.long(2)) cut.abort()
        return makespanMs(arm, size)
      },
    })
    const calibrator = new Calibrator(requestOf({ signal: cut.signal }, arms))
    await calibrator.launch()
    expect(calibrator.hasTime).toBe(false)
    const threads = calibrator.found?.executors.find(({ executor }) => executor === 'threads')
    expect(threads?.empty.map(({ tasks }) => tasks)).toEqual([1, 10, 100, 1000])
    expect(threads).not.toHaveProperty('gapMs')
    expect(threads).not.toHaveProperty('cores')
  })

  it('keeps to some seconds where makespans are long', async () => {
    const slow = fakeArms({ makespanMs: (arm, size) => 5 * makespanMs(arm, size) })
    const calibration = await calibrated({}, slow)
    expect(calibration?.executors).toHaveLength(4)
    expect(calibration?.durationMs).toBeLessThan(7000)
  })

  it('goes by the median of its launches', async () => {
    const undisturbed = await calibrated()
    const disturbed = fakeArms({
      makespanMs: (arm, size, launch) => (launch === 1 ? 3 : 1) * makespanMs(arm, size),
      startupMs: 7,
    })
    const found = await calibrated({}, disturbed)
    expect(found?.executors.map(({ empty }) => empty)).toEqual(
      undisturbed?.executors.map(({ empty }) => empty),
    )
  })

  it('takes many tasks that do nothing to take as long as few would have to', async () => {
    const disturbed = fakeArms({
      makespanMs: (arm, size) => (size === sizeOf.empty(100) ? 50 : makespanMs(arm, size)),
    })
    const calibration = await calibrated({}, disturbed)
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
    const { openArm } = broken
    const openHosts = (): KnownHosts => ({ openArm, measureWake: () => Promise.resolve(undefined) })
    const calibration = await calibrated({ openHosts }, broken)
    expect(calibration).not.toHaveProperty('wakeMs')
    expect(calibration?.executors.map(({ executor }) => executor)).toEqual([
      'serial',
      'event-loop',
      'processes',
    ])
    expect(calibration?.executors[2]).not.toHaveProperty('transportMsPerByte')
    expect(calibration?.executors[2]).toHaveProperty('gapMs')
  })

  it('is spread over the run', async () => {
    const arms = fakeArms({ makespanMs, startupMs: 200 })
    let elsewhereMs = 0
    const calibrator = new Calibrator(requestOf({ now: () => arms.now() + elsewhereMs }, arms))
    const due = (): boolean[] =>
      Array.from({ length: 60 }, () => {
        elsewhereMs += 1000
        return calibrator.isDue
      })
    expect(calibrator.isDue).toBe(true)
    await calibrator.launch()
    expect(calibrator.isDue).toBe(false)
    const first = due().indexOf(true)
    // Some launches fit into a twelfth of a minute: the second one comes well after the first, and before the middle.
    expect(first).toBeGreaterThan(5)
    expect(first).toBeLessThan(30)
  })

  it('measures real executors', async () => {
    await using hosts = await knownHosts()
    const calibrator = new Calibrator({
      executors: ['serial', 'threads'],
      cores: 2,
      // However busy this machine is.
      budgetMs: 150_000.5,
      openHosts: hosts.openHosts,
      random: seededRandom(1),
      now: () => performance.now(),
      signal: new AbortController().signal,
    })
    await calibrator.launch()
    const calibration = calibrator.found
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
    expect(knownTasks(sizeOf.empty(100))).toEqual({ tasks: 100, spinMs: 0, bytes: 0, calls: 0 })
    expect(knownTasks(sizeOf.long(8))).toMatchObject({ tasks: 8, bytes: 0 })
    expect(knownTasks(sizeOf.short(8)).tasks).toBe(8 * shortSpinsPerWorker)
    expect(knownTasks(sizeOf.payload(16))).toMatchObject({ tasks: 16, spinMs: 0, bytes: payloadBytes })
    expect(knownTasks(sizeOf.calling(48))).toEqual({ tasks: 48, spinMs: 0, bytes: 0, calls: callsPerTask })
    expect(knownTasks(sizeOf.parcel(64))).toMatchObject({ tasks: 64, bytes: parcelBytes })
  })
})
