/** A worker's time: without a gap, and together exactly what the harness says that the makespan went into. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { workerTimes } from '#dist/analysis/worker-time.js'
import type { TimePart } from '#dist/analysis/worker-time.js'
import type { TaskTrace } from '#dist/executors/executor.js'
import { costsIn } from '#dist/harness/cell-costs.js'
import { splitPooled } from '#dist/harness/costs.js'
import { mostTimelineTasks, taskTimesOf } from '#dist/harness/timeline.js'
import type { Timeline } from '../../src/results/schema.ts'

const startNs = 10n ** 12n
const us = (microseconds: number): bigint => BigInt(Math.round(microseconds * 1000))

interface Drawn {
  readonly worker: number
  readonly idle: number
  readonly took: number
  readonly result: number
  readonly cpuShare: number
  readonly runQueueShare: number
}

/** Tasks of each worker one after the other; those of an overlapping worker begin before the last one ended. */
function timelineOf(drawn: readonly Drawn[], workers: number, overlap: number, libuvCpuMs: number): Timeline {
  const freeUs = Array.from({ length: workers }, () => 0)
  let endUs = 1
  const traces = drawn.map(({ worker, idle, took, result, cpuShare, runQueueShare }): TaskTrace => {
    const startedUs = (freeUs[worker] ?? 0) + idle
    freeUs[worker] = startedUs + took * (1 - overlap)
    endUs = Math.max(endUs, startedUs + took + result)
    return {
      worker: { pid: 1, threadId: worker + 1 },
      exportName: 'task',
      queuedAtNs: startNs,
      startedAtNs: startNs + us(startedUs),
      endedAtNs: startNs + us(startedUs + took),
      settledAtNs: startNs + us(startedUs + took + result),
      cpuNs: us(took * cpuShare),
      runQueueNs: us(took * runQueueShare),
      outcome: 'fulfilled',
    }
  })
  const endNs = startNs + us(endUs)
  const costs = splitPooled({
    traces,
    startNs,
    endNs,
    workers,
    dispatch: { aloneMs: 0.02, atOnceMs: 0.01 },
    inputs: { bytes: 1000, copiedBytes: 1000 },
    outputs: { bytes: 1000, copiedBytes: 1000 },
    libuvCpuMs,
  })
  const all = Array.from({ length: workers }, (_, worker) => ({ pid: 1, threadId: worker + 1 }))
  return {
    workload: 'w',
    size: 1,
    executor: 'threads',
    makespanMs: costs.makespanMs,
    costsMs: costsIn(costs),
    ...taskTimesOf({ traces, taskCount: traces.length, startNs, endNs, workers: all }),
  }
}

function expectWhole(timeline: Timeline): void {
  const { makespanMs, workers, costsMs = {} } = timeline
  const times = workerTimes(timeline)
  const sums = new Map<TimePart, number>()
  for (const stretches of times) {
    let atMs = 0
    for (const { part, startMs, endMs } of stretches) {
      expect(startMs).toBeCloseTo(atMs, 5)
      expect(endMs).toBeGreaterThan(startMs)
      atMs = endMs
      sums.set(part, (sums.get(part) ?? 0) + (endMs - startMs) / workers.length)
    }
    expect(atMs).toBeCloseTo(makespanMs, 6)
  }
  for (const [part, ms] of Object.entries(costsMs))
    expect({
      part,
      off: Math.abs((sums.get(part as TimePart) ?? 0) - Number(ms)) / makespanMs > 0.01,
    }).toEqual({
      part,
      off: false,
    })
}

const share = fc.double({ min: 0, max: 1, noNaN: true })
const tasks = (workers: number, maxLength: number): fc.Arbitrary<Drawn[]> =>
  fc.array(
    fc.record({
      worker: fc.nat({ max: workers - 1 }),
      idle: fc.integer({ min: 0, max: 500 }),
      took: fc.integer({ min: 10, max: 5000 }),
      result: fc.integer({ min: 0, max: 500 }),
      cpuShare: fc.double({ min: 0, max: 1.3, noNaN: true }),
      runQueueShare: share,
    }),
    { minLength: 1, maxLength },
  )

/** Two tasks of a worker end at the same moment, and the result of one arrives later. */
const endingTogether: Drawn[] = [
  { worker: 1, idle: 0, took: 1345, result: 0, cpuShare: 0, runQueueShare: 0 },
  { worker: 1, idle: 245, took: 562, result: 57, cpuShare: 0, runQueueShare: 0 },
  { worker: 0, idle: 0, took: 10, result: 0, cpuShare: 0, runQueueShare: 0 },
]

describe("the workers' time", () => {
  it('of a pool is whole, and adds up to the costs of the makespan', () => {
    fc.assert(
      fc.property(tasks(3, 30), fc.constantFrom(0, 0, 0.6), share, (drawn, overlap, libuvMs) =>
        expectWhole(timelineOf(drawn, 4, overlap, libuvMs)),
      ),
      { examples: [[endingTogether, 0.6, 0]] },
    )
  })

  it('adds up also where tasks are left out', () => {
    fc.assert(
      fc.property(fc.infiniteStream(tasks(2, 1).map(([task]) => task as Drawn)), (stream) => {
        const drawn = [...stream.take(mostTimelineTasks + 100)]
        const timeline = timelineOf(drawn, 2, 0, 0)
        expect(timeline.omittedTasks).toBe(100)
        expectWhole(timeline)
        expect(
          workerTimes(timeline)
            .flat()
            .some(({ isOmitted }) => isOmitted),
        ).toBe(true)
      }),
      { numRuns: 20 },
    )
  })

  const task = {
    worker: 0,
    queuedMs: 0,
    startedMs: 1,
    endedMs: 4,
    settledMs: 5,
    cpuMs: null,
    runQueueMs: null,
  }
  const own: Timeline = {
    workload: 'w',
    size: 1,
    executor: 'serial',
    makespanMs: 10,
    workers: [{ pid: 1, threadId: 0 }],
    tasks: [task, { ...task, startedMs: 6, endedMs: 9, settledMs: 9 }],
    omittedTasks: 0,
  }

  it('of the main thread is split as its account is, task by task', () => {
    const costsMs = { dispatch: 1, transfer: 0, cpu: 5, runQueue: 1, blocked: 3, idle: 0, imbalance: 0 }
    const timeline = { ...own, costsMs }
    expectWhole(timeline)
    const stretches = workerTimes(timeline)[0]
    expect(stretches?.filter(({ part }) => part === 'cpu')).toHaveLength(2)
  })

  it('says only that tasks ran where the system tells no more', () => {
    const parts = workerTimes(own)[0]?.map(({ part, startMs, endMs }) => [part, startMs, endMs])
    expect(parts).toEqual([
      ['dispatch', 0, 1],
      ['ran', 1, 4],
      ['dispatch', 4, 6],
      ['ran', 6, 9],
      ['imbalance', 9, 10],
    ])
  })

  it('of any file, however wrong, has no gap and no end before its start', () => {
    const ms = fc.double({ min: -1e3, max: 1e3, noNaN: true })
    const known = fc.option(fc.double({ min: 0, max: 1e3, noNaN: true }))
    const anyTask = fc.record({
      worker: fc.nat({ max: 3 }),
      queuedMs: ms,
      startedMs: ms,
      endedMs: ms,
      settledMs: ms,
      cpuMs: known,
      runQueueMs: known,
    })
    const costs = fc.record(
      { cpu: share, runQueue: share, blocked: share, dispatch: share },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(
        fc.array(anyTask, { maxLength: 20 }),
        fc.option(costs),
        fc.nat({ max: 1 }),
        (anyTasks, costsMs, omittedTasks) => {
          const timeline = { ...own, tasks: anyTasks, omittedTasks, ...(costsMs === null ? {} : { costsMs }) }
          let atMs = 0
          for (const { startMs, endMs } of workerTimes(timeline)[0] ?? []) {
            expect(startMs).toBeCloseTo(atMs, 5)
            expect(endMs).toBeGreaterThanOrEqual(startMs)
            atMs = endMs
          }
          // A task may begin half a nanosecond after it ends: clocks are read one after the other.
          expect(atMs).toBeCloseTo(10, 5)
        },
      ),
    )
  })
})
