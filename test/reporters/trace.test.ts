/** Traces for Perfetto: in the format, without slices that overlap, and with the costs of each makespan in them. */
import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { reporters } from '#dist/reporters/index.js'
import type { Result, Timeline } from '../../src/results/schema.ts'
import { resultOf } from '../results/fixture.ts'
import { lanesOf, parseTrace, slicesOf } from './trace-events.ts'
import type { Trace } from './trace-events.ts'

function traceOf(result: Result): Trace {
  const text = reporters['trace']?.render(result, { color: false, width: 80 })
  if (text === undefined) throw new Error('there is no trace reporter')
  return parseTrace(text)
}

/** Of a run on a busy machine: one with more tasks than a timeline keeps, and some whose counts do not add up. */
const measured = async (): Promise<Result> =>
  JSON.parse(await readFile(new URL('../fixtures/results/timelines.json', import.meta.url), 'utf8')) as Result

const named = (trace: Trace, kind: string, pid: number): unknown[] =>
  trace.traceEvents.flatMap((event) =>
    event.ph === 'M' && event.name === kind && event.pid === pid ? Object.values(event.args ?? {}) : [],
  )

const task = { worker: 0, queuedMs: 0, startedMs: 1, endedMs: 4, settledMs: 5, cpuMs: 2, runQueueMs: 0.5 }
const timeline: Timeline = {
  workload: 'w',
  size: 100,
  executor: 'threads',
  maxWorkers: 2,
  makespanMs: 10,
  workers: [
    { pid: 1, threadId: 3 },
    { pid: 1, threadId: 4 },
  ],
  tasks: [
    task,
    { ...task, startedMs: 2, endedMs: 6, settledMs: 7 },
    { ...task, startedMs: 8, endedMs: 9, settledMs: 10 },
  ],
  omittedTasks: 0,
}

describe('a trace', () => {
  test('has no slices that overlap on a thread, not by the least', async () => {
    for (const lane of lanesOf(traceOf(await measured())))
      for (const [index, { ts }] of lane.entries()) {
        const before = lane[index - 1]
        expect(before === undefined || before.ts + before.dur <= ts).toBe(true)
      }
  })

  test('holds the costs of each makespan, to within 1 %', async () => {
    const result = await measured()
    const slices = slicesOf(traceOf(result)).filter(({ cat }) => cat === 'time')
    for (const [index, { workload, executor, workers, makespanMs, costsMs = {} }] of (
      result.timelines ?? []
    ).entries()) {
      const own = slices.filter(({ pid }) => pid === index + 1)
      const sumMs = (part: string): number =>
        own.filter(({ args }) => args?.['part'] === part).reduce((sum, { dur }) => sum + dur / 1000, 0)
      for (const [part, ms] of Object.entries(costsMs)) {
        const off = Math.abs(sumMs(part) / workers.length - Number(ms)) / makespanMs
        expect({ workload, executor, part, isClose: off < 0.01 }).toEqual({
          workload,
          executor,
          part,
          isClose: true,
        })
      }
    }
  })

  test('names a process for each executor, and threads for submits, workers, slots and results', async () => {
    const trace = traceOf(
      await resultOf({ timelines: [timeline, { ...timeline, executor: 'serial', omittedTasks: 7 }] }),
    )
    expect([1, 2].flatMap((pid) => named(trace, 'process_name', pid))).toEqual([
      'w 100: threads ×2',
      'w 100: serial',
    ])
    expect(named(trace, 'process_labels', 2)).toEqual(['10.0 ms, 7 tasks left out'])
    expect(named(trace, 'thread_name', 1)).toEqual([
      'submitted',
      'worker 1 (thread 3): its time',
      'worker 1 (thread 3): slot 1',
      'worker 1 (thread 3): slot 2',
      'worker 2 (thread 4): its time',
      'results',
    ])
  })

  test('says of a task how long it waited, what it did, and how long its result took', async () => {
    const trace = traceOf(await resultOf({ timelines: [timeline] }))
    const first = slicesOf(trace).find(({ name }) => name === 'task 1')
    expect(first).toMatchObject({ ts: 1000, dur: 3000 })
    expect(first?.args).toEqual({ queuedMs: 1, cpuMs: 2, runQueueMs: 0.5, blockedMs: 0.5, resultMs: 1 })
    expect(trace.traceEvents.filter(({ ph }) => ph === 's')).toHaveLength(3)
  })

  test('says so if there is nothing to draw', async () => {
    const { traceEvents } = traceOf(await resultOf({}))
    expect(traceEvents).toMatchObject([{ ph: 'I', name: expect.stringContaining('no timelines') as string }])
  })

  test('of a file that makes no sense is still a trace', async () => {
    const wrong = [
      { ...timeline, makespanMs: 0 },
      { ...timeline, makespanMs: 1e308, tasks: [{ ...task, endedMs: 1e308, settledMs: 1e300 }, task] },
      { ...timeline, workers: [] },
      {
        ...timeline,
        tasks: [{ ...task, worker: 9, startedMs: -5, endedMs: -9, queuedMs: -1, settledMs: -3 }],
      },
      { ...timeline, tasks: Array.from({ length: 300 }, () => task), omittedTasks: 1e9 },
    ]
    for (const each of wrong) expect(slicesOf(traceOf(await resultOf({ timelines: [each] })))).toBeDefined()
  })

  test('of very many tasks draws the first of each timeline, and says how many it leaves out', async () => {
    const tasks = Array.from({ length: 500 }, (_, index) => ({
      ...task,
      startedMs: index,
      endedMs: index + 1,
    }))
    const timelines = Array.from({ length: 400 }, () => ({ ...timeline, makespanMs: 500, tasks }))
    const text = reporters['trace']?.render(await resultOf({ timelines }), { color: false, width: 80 }) ?? ''
    expect(text.match(/"cat":"task"/gu)).toHaveLength(10_000)
    expect(text.match(/"500 ms, 475 tasks left out"/gu)).toHaveLength(400)
  })
})
