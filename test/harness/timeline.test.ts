/** Timelines: which tasks they keep, on which worker, and which makespan stands for a cell. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emptyCell } from '#dist/harness/cell.js'
import type { CellRecord } from '#dist/harness/cell.js'
import { mostTimelineTasks, taskTimesOf, timelinesOf } from '#dist/harness/timeline.js'
import type { TaskTrace } from '#dist/executors/executor.js'

const startNs = 10n ** 12n
const worker = (threadId: number): TaskTrace['worker'] => ({ pid: 7, threadId })

const at = (ms: number): bigint => startNs + BigInt(Math.round(ms * 1e6))

function trace(startedMs: number, change: Partial<TaskTrace> = {}): TaskTrace {
  return {
    worker: worker(1),
    exportName: 'task',
    queuedAtNs: at(0.1),
    startedAtNs: at(startedMs),
    endedAtNs: at(startedMs + 1),
    settledAtNs: at(startedMs + 1.2),
    cpuNs: 400_000n,
    runQueueNs: null,
    outcome: 'fulfilled',
    ...change,
  }
}

const timesOf = (traces: readonly TaskTrace[], workers = [worker(1), worker(2)], taskCount = traces.length) =>
  taskTimesOf({ traces, taskCount, startNs, endNs: startNs + 10_000_000n, workers })

describe('the times of tasks', () => {
  it('are in milliseconds since the first submit, in the order of their start', () => {
    const times = timesOf([trace(3, { worker: worker(2) }), trace(1)])
    expect(times).toEqual({
      workers: [
        { pid: 7, threadId: 1 },
        { pid: 7, threadId: 2 },
      ],
      tasks: [
        { worker: 0, queuedMs: 0.1, startedMs: 1, endedMs: 2, settledMs: 2.2, cpuMs: 0.4, runQueueMs: null },
        { worker: 1, queuedMs: 0.1, startedMs: 3, endedMs: 4, settledMs: 4.2, cpuMs: 0.4, runQueueMs: null },
      ],
      omittedTasks: 0,
    })
  })

  it('name workers that had no task, and those that have left', () => {
    const { workers, tasks } = timesOf([trace(1, { worker: worker(9) })])
    expect(workers.map(({ threadId }) => threadId)).toEqual([9, 1, 2])
    expect(tasks[0]?.worker).toBe(0)
  })

  it('are bounded, and say what they leave out', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -5, max: 20, noNaN: true }), { maxLength: 2 * mostTimelineTasks }),
        fc.nat({ max: 1000 }),
        (starts, untold) => {
          const taskCount = starts.length + untold
          const { tasks, omittedTasks } = timesOf(
            starts.map((ms) => trace(ms)),
            [],
            taskCount,
          )
          expect(tasks.length).toBe(Math.min(starts.length, mostTimelineTasks))
          expect(tasks.length + omittedTasks).toBe(taskCount)
          for (const [index, { startedMs, settledMs }] of tasks.entries()) {
            expect(startedMs).toBeGreaterThanOrEqual(tasks[index - 1]?.startedMs ?? 0)
            expect(settledMs).toBeLessThanOrEqual(10)
          }
        },
      ),
    )
  })
})

const watched = (makespanMs: number): CellRecord['watched'][number] => ({
  costs: {
    makespanMs,
    workers: null,
    dispatchMs: 1,
    transferInMs: 0.25,
    transferOutMs: 0.5,
    cpuMs: 2,
    runQueueMs: null,
    blockedMs: makespanMs - 3.75,
    idleMs: 0,
    imbalanceMs: 0,
  },
  times: timesOf([trace(1)]),
})

const cellOf = (size: number, executor: string, change: Partial<CellRecord> = {}): CellRecord => ({
  ...emptyCell(size, { executor, workers: 2 }, 'rule'),
  launches: [[10], [11], [12]],
  watched: [watched(30), watched(11.5), watched(9)],
  ...change,
})

describe('the timelines of a workload', () => {
  it('are of the largest size that the author listed and that could be measured', () => {
    const failed = { error: { name: 'Error', message: 'no' } }
    const cells = [
      cellOf(10, 'serial'),
      cellOf(10, 'threads'),
      cellOf(100, 'serial'),
      cellOf(100, 'threads', failed),
      cellOf(120, 'serial', { refines: true }),
      cellOf(1000, 'serial', failed),
      cellOf(1000, 'threads', { watched: [] }),
    ]
    expect(timelinesOf('w', cells).map(({ size, executor }) => [size, executor])).toEqual([[100, 'serial']])
    expect(timelinesOf('w', [])).toEqual([])
  })

  it('show the makespan nearest to the median, with what it went into', () => {
    const [timeline] = timelinesOf('w', [cellOf(100, 'threads')])
    expect(timeline).toMatchObject({ workload: 'w', maxWorkers: 2, makespanMs: 11.5, omittedTasks: 0 })
    expect(timeline?.costsMs).toEqual({
      dispatch: 1,
      transfer: 0.75,
      cpu: 2,
      blocked: 7.75,
      idle: 0,
      imbalance: 0,
    })
  })
})
