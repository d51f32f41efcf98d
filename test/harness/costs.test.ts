/** The split of a makespan: its parts add up, and each part is what it says. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TaskTrace } from '#dist/executors/executor.js'
import { splitOnThread, splitPooled } from '#dist/harness/costs.js'
import type { MakespanCosts, PooledMakespan } from '#dist/harness/costs.js'

const dispatch = { aloneMs: 1, atOnceMs: 0.5 }
const small = { bytes: 0, copiedBytes: 0 }
const ns = (ms: number): bigint => BigInt(Math.round(ms * 1e6))

interface Span {
  readonly worker: number
  readonly fromMs: number
  readonly toMs: number
  readonly settledMs?: number
  readonly cpuMs?: number | null
  readonly runQueueMs?: number | null
}

function trace(span: Span): TaskTrace {
  const { worker, fromMs, toMs, settledMs = toMs, cpuMs = toMs - fromMs, runQueueMs = 0 } = span
  return {
    worker: { pid: 1, threadId: worker },
    exportName: 'task',
    queuedAtNs: 0n,
    startedAtNs: ns(fromMs),
    endedAtNs: ns(toMs),
    settledAtNs: ns(settledMs),
    cpuNs: cpuMs === null ? null : ns(cpuMs),
    runQueueNs: runQueueMs === null ? null : ns(runQueueMs),
    outcome: 'fulfilled',
  }
}

const split = (spans: readonly Span[], endMs: number, fields: Partial<PooledMakespan> = {}): MakespanCosts =>
  splitPooled({
    traces: spans.map(trace),
    startNs: 0n,
    endNs: ns(endMs),
    workers: 2,
    dispatch,
    inputs: small,
    outputs: small,
    libuvCpuMs: 0,
    ...fields,
  })

const sum = ({ makespanMs: _makespanMs, workers: _workers, ...parts }: MakespanCosts): number =>
  Object.values(parts).reduce<number>((total, part) => total + (part ?? 0), 0)

describe('the parts of a pooled makespan', () => {
  it('add up to it, whatever the traces say', () => {
    const ms = fc.double({ min: 0, max: 100, noNaN: true })
    const span = fc.record({
      worker: fc.nat(4),
      fromMs: ms,
      toMs: ms,
      settledMs: ms,
      cpuMs: ms,
      runQueueMs: fc.option(ms),
    })
    const payload = fc.record({ bytes: fc.nat(1e6), copiedBytes: fc.nat(1e6) })
    const anything = [fc.array(span), fc.nat(6), payload, payload, ms] as const
    fc.assert(
      fc.property(...anything, (spans, workers, inputs, outputs, libuvCpuMs) => {
        const traces = spans.map((one) => ({
          ...one,
          fromMs: Math.min(one.fromMs, one.toMs),
          toMs: Math.max(one.fromMs, one.toMs),
        }))
        const costs = split(traces, 80, { workers: workers + 1, inputs, outputs, libuvCpuMs })
        expect(sum(costs)).toBeCloseTo(80, 6)
        for (const part of Object.values(costs)) expect(part ?? 0).toBeGreaterThanOrEqual(-1e-9)
      }),
    )
  })

  it('are work, waits for a core, waits for other things, and what is between tasks', () => {
    const costs = split(
      [
        { worker: 1, fromMs: 1, toMs: 11, settledMs: 12, cpuMs: 6, runQueueMs: 1 },
        { worker: 1, fromMs: 13, toMs: 20, settledMs: 20 },
        { worker: 2, fromMs: 0, toMs: 20 },
      ],
      20,
    )
    // Of two workers: half of what they did together.
    expect(costs).toMatchObject({ cpuMs: 33 / 2, runQueueMs: 0.5, blockedMs: 1.5, dispatchMs: 1.5 })
    expect(costs).toMatchObject({ transferInMs: 0, transferOutMs: 0, idleMs: 0, imbalanceMs: 0 })
  })

  it('name the worker without a task, and the one that was done early', () => {
    expect(split([{ worker: 1, fromMs: 0, toMs: 20 }], 20)).toMatchObject({ idleMs: 10, imbalanceMs: 0 })
    const long = [
      { worker: 1, fromMs: 0, toMs: 4 },
      { worker: 2, fromMs: 0, toMs: 20 },
    ]
    expect(split(long, 20)).toMatchObject({ idleMs: 0, imbalanceMs: 8, cpuMs: 12 })
  })

  it('call what bytes add transfer, each way for itself, and all else dispatch', () => {
    const spans = [
      { worker: 1, fromMs: 30, toMs: 40, settledMs: 50 },
      { worker: 2, fromMs: 30, toMs: 40, settledMs: 50 },
    ]
    const megabyte = { bytes: 1e6, copiedBytes: 1e6 }
    const both = split(spans, 50, { inputs: megabyte, outputs: megabyte })
    expect(both.dispatchMs).toBeCloseTo(1)
    expect(both.transferInMs + both.transferOutMs).toBeCloseTo(39)
    expect(both.transferInMs / both.transferOutMs).toBeCloseTo(59 / 19)
    const inputsOnly = split(spans, 50, { inputs: megabyte })
    expect(inputsOnly.transferOutMs).toBe(0)
    expect(inputsOnly.transferInMs).toBeCloseTo(39)
    // Shared memory is not copied: the time was lost to something else.
    const shared = split(spans, 50, { inputs: { bytes: 1e6, copiedBytes: 100 } })
    expect(shared.transferInMs).toBeLessThan(0.1)
    expect(shared.dispatchMs).toBeGreaterThan(39)
  })

  it('count the work that tasks in threads have libuv do', () => {
    const waiting = [{ worker: 1, fromMs: 0, toMs: 20, cpuMs: 2 }]
    expect(split(waiting, 20, { workers: 1, libuvCpuMs: 15 })).toMatchObject({ cpuMs: 17, blockedMs: 3 })
  })

  it('do not count twice what overlaps in a worker', () => {
    const overlapping = [
      { worker: 1, fromMs: 0, toMs: 20, cpuMs: 4 },
      { worker: 1, fromMs: 0, toMs: 20, cpuMs: 4 },
    ]
    expect(split(overlapping, 20, { workers: 1 })).toMatchObject({ cpuMs: 4, blockedMs: 16 })
  })

  it('leave open what the system does not tell', () => {
    const unknown = [{ worker: 1, fromMs: 0, toMs: 20, cpuMs: null, runQueueMs: null }]
    expect(split(unknown, 20, { workers: 1 })).toMatchObject({
      cpuMs: null,
      runQueueMs: null,
      blockedMs: null,
    })
    const partly = [{ worker: 1, fromMs: 0, toMs: 20, cpuMs: 15, runQueueMs: null }]
    expect(split(partly, 20, { workers: 1 })).toMatchObject({ cpuMs: 15, runQueueMs: null, blockedMs: 5 })
  })
})

describe('the parts of a makespan on one thread', () => {
  it('add up to it, and take dispatch out of the CPU time', () => {
    const costs = splitOnThread(
      100,
      {
        wallMs: 101,
        cpuMs: 50.5,
        mainCpuMs: 50.5,
        mainRunQueueMs: 10.1,
        v8CpuMs: 0,
        libuvCpuMs: 0,
        otherRunQueueMs: 0,
        childrenCpuMs: 0,
        gcMs: 0,
        loopIdleMs: 0,
      },
      20,
      dispatch,
    )
    expect(sum(costs)).toBeCloseTo(100, 6)
    expect(costs.dispatchMs).toBe(10)
    expect(costs.cpuMs).toBeCloseTo(40)
    expect(costs.runQueueMs).toBeCloseTo(10)
  })
})
