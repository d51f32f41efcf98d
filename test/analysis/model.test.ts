/** Predictions against cases that can be worked out by hand, and laws that must hold whatever the numbers. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { predictMakespan } from '#dist/analysis/model.js'
import type { Forecast } from '#dist/analysis/model.js'
import type { SerialRun } from '#dist/analysis/model/task-demand.js'
import type { Calibration, ExecutorCalibration } from '#dist/results/schema.js'
import { idealCalibration, runOf } from './model/run-of.ts'

function forecast(
  run: SerialRun,
  executor: string,
  workers: number | null,
  calibration: Calibration = idealCalibration(2),
  machineCores: number | null = null,
): Forecast {
  const found = predictMakespan(run, { executor, workers }, { calibration, machineCores })
  if (found === null) throw new Error(`no forecast for ${executor}`)
  return found
}

const ms = (...args: Parameters<typeof forecast>): number => forecast(...args).predictedMs

describe('tasks that keep the CPU busy', () => {
  const run = runOf(64, { mainMs: 10 })

  it('take as long on the event loop, and half as long on two cores', () => {
    expect(ms(run, 'event-loop', 16)).toBeCloseTo(640)
    expect(ms(run, 'threads', 2)).toBeCloseTo(320)
    expect(ms(run, 'processes', 2)).toBeCloseTo(320)
  })

  it('gain nothing from more workers than cores', () => {
    expect(ms(run, 'threads', 8)).toBeCloseTo(320)
    expect(ms(run, 'threads', 8, idealCalibration(8))).toBeCloseTo(80)
  })

  it('leave workers without a task', () => {
    const few = runOf(3, { mainMs: 10 })
    expect(ms(few, 'threads', 2)).toBeCloseTo(20)
    expect(ms(few, 'threads', 8, idealCalibration(8))).toBeCloseTo(10)
  })

  it('wait for a core elsewhere too, if they had to in the serial run', () => {
    const starved = runOf(64, { mainMs: 10, runQueueMs: 10 })
    expect(ms(starved, 'threads', 2)).toBeCloseTo(640)
    expect(forecast(starved, 'threads', 2).terms).toMatchObject({ cpu: 320, runQueue: 320 })
  })

  it('get from cores what the calibration got', () => {
    const shared = idealCalibration(2, {
      threads: {
        cores: [
          { workers: 1, cores: 1 },
          { workers: 2, cores: 1.6 },
        ],
      },
    })
    expect(ms(run, 'threads', 2, shared)).toBeCloseTo(400)
  })

  it('are less certain where they keep the kernel busy', () => {
    const half = runOf(64, { mainMs: 10 }, { kernelShare: 0.5 })
    expect(ms(half, 'processes', 2)).toBeCloseTo(320)
    expect(forecast(half, 'processes', 2).intervalMs[1]).toBeGreaterThan(
      forecast(run, 'processes', 2).intervalMs[1],
    )
  })

  it('are as long as the longest of them at least', () => {
    const uneven = runOf(4, { mainMs: 10 }, { longestTaskRatio: 3 })
    expect(ms(uneven, 'threads', 4, idealCalibration(4))).toBeCloseTo(10 + 20 * 0.75)
  })
})

describe('tasks that wait', () => {
  it('overlap on the event loop, as many as are in flight', () => {
    const run = runOf(100, { asyncWaitMs: 20 })
    expect(ms(run, 'event-loop', null)).toBeCloseTo(20)
    expect(ms(run, 'event-loop', 10)).toBeCloseTo(200)
    expect(ms(run, 'threads', 10)).toBeCloseTo(200)
  })

  it('do not overlap there if they block the thread', () => {
    const run = runOf(10, { blockingMs: 20 })
    expect(ms(run, 'event-loop', null)).toBeCloseTo(200)
    expect(ms(run, 'threads', 10)).toBeCloseTo(20)
  })

  it('take turns with what CPU work they have', () => {
    const run = runOf(10, { mainMs: 2, asyncWaitMs: 20 })
    expect(ms(run, 'event-loop', null)).toBeCloseTo(22 + 9 * 2)
    expect(ms(run, 'threads', 10)).toBeCloseTo(20 + 10)
  })

  it('cost on the event loop what tasks that do nothing do, but no more than the serial run shows', () => {
    const cold = idealCalibration(2, {
      serial: { empty: [{ tasks: 100, makespanMs: 4 }] },
      'event-loop': { empty: [{ tasks: 100, makespanMs: 6 }] },
    })
    expect(ms(runOf(100, { mainMs: 0.02 }), 'event-loop', null, cold)).toBeCloseTo(3)
  })

  it('wake the event loop less often together than one by one', () => {
    const waking = idealCalibration(2, {}, 0.5)
    const run = runOf(10, { mainMs: 1, asyncWaitMs: 19 }, { loopIdleMs: 190, loopTurns: 10 })
    expect(ms(run, 'event-loop', null, waking)).toBeCloseTo(20 + 9 * (1 - 0.5 * 0.9))
  })
})

/** What one task that calls libuv's threads four times took, and what 48 did. */
const calling = (aloneMs: number, manyMs: number): Partial<ExecutorCalibration> => ({
  calling: [
    { tasks: 1, calls: 4, makespanMs: aloneMs },
    { tasks: 48, calls: 4, makespanMs: manyMs },
  ],
})
/** Tasks that call libuv's threads three times each. */
const callers = (tasks: number): SerialRun => runOf(tasks, { libuvMs: 3 }, { loopTurns: 3 * tasks })

describe('asynchronous work of libuv', () => {
  it('costs a worker more for each call what it cost one that was calibrated: alone, and busy beside others', () => {
    // A call takes 0.1 ms here; 0.3 ms alone in a worker, and 0.6 ms beside another one.
    const calibration = idealCalibration(2, {
      serial: calling(0.4, 48 * 0.4),
      processes: calling(1.2, 24 * 2.4),
    })
    expect(ms(callers(64), 'processes', 2, calibration)).toBeCloseTo(32 * (3 + 3 * 0.5))
    expect(ms(callers(1), 'processes', 2, calibration)).toBeCloseTo(3 + 3 * 0.2)
    // Who calls nothing, and who was not calibrated.
    expect(ms(runOf(64, { mainMs: 3 }, { loopTurns: 192 }), 'processes', 2, calibration)).toBeCloseTo(96)
    expect(ms(callers(64), 'threads', 2, calibration)).toBeCloseTo(96)
  })

  it('has four threads on the event loop, and so many cores', () => {
    const run = runOf(64, { libuvMs: 10 })
    expect(ms(run, 'event-loop', null, idealCalibration(8))).toBeCloseTo(10 + (63 * 10) / 4)
    expect(ms(run, 'event-loop', null, idealCalibration(2))).toBeCloseTo(10 + (63 * 10) / 2)
  })

  it('has them once for all threads, and again in each process', () => {
    const run = runOf(64, { libuvMs: 10 })
    expect(ms(run, 'threads', 8, idealCalibration(8))).toBeCloseTo(160)
    expect(ms(run, 'processes', 8, idealCalibration(8))).toBeCloseTo(80)
  })
})

const sending = (copiedBytes: number) =>
  runOf(64, { mainMs: 1 }, { toProcesses: { copiedBytes, mainMs: 0, workerMs: 0 } })

describe('what a pool costs', () => {
  const costs = idealCalibration(2, {
    threads: {
      empty: [
        { tasks: 1, makespanMs: 0.1 },
        { tasks: 100, makespanMs: 4 },
      ],
      gapMs: 0.08,
    },
    processes: { transportMsPerByte: 1e-6 },
  })

  it('is all there is for tasks that do nothing', () => {
    const run = runOf(100, { mainMs: 1e-6 })
    expect(ms(run, 'threads', 2, costs)).toBeCloseTo(4, 3)
  })

  it('comes once for each turn of a worker', () => {
    const run = runOf(100, { mainMs: 0.2 })
    // 0.1 → 4 over two decades: two tasks take 0.1 · 40^(log 2 / log 100).
    const first = 0.1 * 40 ** (Math.log(2) / Math.log(100))
    expect(ms(run, 'threads', 2, costs)).toBeCloseTo(first + 10 + 49 * 0.08, 6)
    // What is not sent ahead waits for the way there and back.
    expect(ms(runOf(100, { mainMs: 1 }), 'threads', 2, costs)).toBeCloseTo(first + 50 + 49 * 0.1, 6)
  })

  it('grows with what has to cross', () => {
    const crossing = { copiedBytes: 64e6, mainMs: 6.4, workerMs: 3.2 }
    const run = runOf(64, { mainMs: 1 }, { toThreads: crossing, toProcesses: crossing })
    expect(ms(run, 'threads', 2)).toBeCloseTo(32 * (1 + 0.1 + 0.05))
    // 1 ms a megabyte on the way, all of it through one thread, and as much for those who read it.
    expect(ms(run, 'processes', 2, costs)).toBeCloseTo((64 * (1 + 0.1 + 0.05 + 2)) / 2)
  })

  it('grows with each message that needs to go by itself', () => {
    const own = idealCalibration(2, { processes: { messageMs: 0.5 } })
    const run = (copiedBytes: number) => forecast(sending(copiedBytes), 'processes', 2, own).predictedMs
    // Both ends of the pipe are busy with it, and there are no cores beside those of the workers.
    expect(run(64 * 1e5)).toBeCloseTo((64 * (1 + 2 * 0.5)) / 2)
    expect(run(64 * 4096)).toBeCloseTo((64 * (1 + 2 * 0.25)) / 2)
  })

  it('cannot be told where nobody knows the cores', () => {
    const { executors } = costs
    const calibration = { ...costs, executors: executors.map(({ cores: _cores, ...own }) => own) }
    const run = runOf(4, { mainMs: 1 })
    expect(predictMakespan(run, { executor: 'threads', workers: 2 }, { calibration })).toBeNull()
    expect(predictMakespan(run, { executor: 'event-loop', workers: 2 }, { calibration })).not.toBeNull()
  })

  it('cannot be told for what cannot be sent', () => {
    const run = runOf(4, { mainMs: 1 }, { toProcesses: null })
    const options = { calibration: costs }
    expect(predictMakespan(run, { executor: 'processes', workers: 2 }, options)).toBeNull()
    expect(predictMakespan(run, { executor: 'python-threads', workers: 2 }, options)).toBeNull()
  })
})

const duration = fc.double({ min: 0.001, max: 100, noNaN: true })
const task = fc.record({
  mainMs: duration,
  libuvMs: fc.oneof(fc.constant(0), duration),
  asyncWaitMs: fc.oneof(fc.constant(0), duration),
  blockingMs: fc.oneof(fc.constant(0), duration),
  runQueueMs: fc.oneof(fc.constant(0), duration),
})
const executor = fc.constantFrom('event-loop', 'threads', 'processes')
const tasks = fc.integer({ min: 1, max: 500 })
const rounding = 1 + 1e-9

describe('laws', () => {
  it('more workers are never slower where handing over is free', () => {
    fc.assert(
      fc.property(tasks, task, executor, fc.integer({ min: 1, max: 16 }), (count, each, id, workers) => {
        const run = runOf(count, each)
        const machine = idealCalibration(8)
        expect(ms(run, id, workers + 1, machine)).toBeLessThanOrEqual(
          ms(run, id, workers, machine) * rounding,
        )
      }),
    )
  })

  it('more cores are never slower', () => {
    fc.assert(
      fc.property(tasks, task, executor, fc.integer({ min: 1, max: 16 }), (count, each, id, cores) => {
        const run = runOf(count, each)
        const on = (machineCores: number): number => ms(run, id, 8, idealCalibration(2), machineCores)
        expect(on(cores + 1)).toBeLessThanOrEqual(on(cores) * rounding)
      }),
    )
  })

  it('more tasks never take less, and twice as many no more than twice as long', () => {
    fc.assert(
      fc.property(tasks, task, executor, (count, each, id) => {
        const [once, oneMore, twice] = [count, count + 1, 2 * count].map((n) => ms(runOf(n, each), id, 4))
        expect(oneMore).toBeGreaterThanOrEqual((once ?? 0) / rounding)
        expect(twice).toBeLessThanOrEqual(2 * (once ?? 0) * rounding)
      }),
    )
  })

  it('no executor beats one task, nor all cores', () => {
    fc.assert(
      fc.property(tasks, task, executor, fc.integer({ min: 1, max: 16 }), (count, each, id, workers) => {
        const run = runOf(count, each)
        const predicted = ms(run, id, workers)
        const cpuMs = count * (each.mainMs + each.libuvMs)
        expect(predicted * rounding).toBeGreaterThanOrEqual(run.medianMs / count)
        expect(predicted * rounding).toBeGreaterThanOrEqual(cpuMs / 2)
      }),
    )
  })

  it('an interval holds its prediction, and its terms add up to no more than that', () => {
    fc.assert(
      fc.property(tasks, task, executor, (count, each, id) => {
        const { predictedMs, intervalMs, terms } = forecast(runOf(count, each), id, 4)
        expect(intervalMs[0]).toBeLessThan(predictedMs)
        expect(intervalMs[1]).toBeGreaterThan(predictedMs)
        for (const part of Object.values(terms)) expect(part).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})
