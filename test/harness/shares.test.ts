/** The formula of the account: shares add up, and hidden work is told from waiting. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TimeSpent } from '#dist/harness/accounting.js'
import { sharesOf } from '#dist/harness/shares.js'

const spent = (fields: Partial<TimeSpent>): TimeSpent => ({
  wallMs: 100,
  cpuMs: fields.mainCpuMs ?? 0,
  mainCpuMs: 0,
  mainRunQueueMs: 0,
  v8CpuMs: 0,
  libuvCpuMs: 0,
  otherRunQueueMs: 0,
  childrenCpuMs: 0,
  gcMs: 0,
  loopIdleMs: 0,
  ...fields,
})

describe('the shares', () => {
  it('add up to 1, whatever was counted', () => {
    const ms = fc.double({ min: 0, max: 1e6, noNaN: true })
    const known = fc.option(ms)
    const anything: fc.Arbitrary<TimeSpent> = fc.record({
      wallMs: ms,
      cpuMs: ms,
      mainCpuMs: known,
      mainRunQueueMs: known,
      v8CpuMs: known,
      libuvCpuMs: known,
      otherRunQueueMs: known,
      childrenCpuMs: known,
      childrenRunQueueMs: ms,
      gcMs: ms,
      loopIdleMs: ms,
    })
    fc.assert(
      fc.property(anything, (account) => {
        const { cpu, runQueue, blocked, hidden, libuv, children, gc } = sharesOf(account)
        expect(cpu + (runQueue ?? 0) + blocked).toBeCloseTo(1, 6)
        for (const share of [cpu, runQueue ?? 0, blocked, hidden, libuv, children, gc]) {
          expect(share).toBeGreaterThanOrEqual(0)
          expect(share).toBeLessThanOrEqual(1)
        }
        expect(hidden).toBeLessThanOrEqual(cpu)
        expect(libuv + children).toBeLessThanOrEqual(hidden + 1e-9)
        expect(gc).toBeLessThanOrEqual(cpu + 1e-9)
      }),
    )
  })

  it('count work of other threads and of children while the main thread sleeps', () => {
    expect(sharesOf(spent({ mainCpuMs: 20, cpuMs: 96, libuvCpuMs: 76 }))).toMatchObject({
      cpu: 0.96,
      hidden: 0.76,
      libuv: 0.76,
    })
    expect(sharesOf(spent({ mainCpuMs: 5, cpuMs: 5, childrenCpuMs: 90 }))).toMatchObject({ children: 0.9 })
    // Two threads at once do not make the main thread wait twice.
    expect(sharesOf(spent({ mainCpuMs: 10, cpuMs: 190, libuvCpuMs: 180 }))).toMatchObject({
      cpu: 1,
      libuv: 0.9,
    })
  })

  it('know that a child which waits for a core is no I/O', () => {
    const waited = { mainCpuMs: 5, cpuMs: 5, childrenCpuMs: 20 }
    const busy = sharesOf(spent({ ...waited, childrenRunQueueMs: 70 }))
    expect(busy.cpu).toBeCloseTo(0.25)
    expect(busy.runQueue).toBeCloseTo(0.7)
    expect(busy.blocked).toBeCloseTo(0.05)
    // Several at once do not make the parent wait longer than it did.
    expect(sharesOf(spent({ ...waited, childrenRunQueueMs: 700 })).runQueue).toBeCloseTo(0.75)
    expect(sharesOf(spent(waited)).blocked).toBeCloseTo(0.75)
  })

  it("count V8's threads only while they hold up the main one", () => {
    const collected = spent({ mainCpuMs: 40, cpuMs: 90, v8CpuMs: 50, gcMs: 60 })
    expect(sharesOf(collected)).toMatchObject({ cpu: 0.9, gc: 0.6 })
    const beside = spent({ mainCpuMs: 10, cpuMs: 60, v8CpuMs: 50 })
    expect(sharesOf(beside)).toMatchObject({ cpu: 0.1, blocked: 0.9 })
    // Collections, then an idle event loop: the wait in there was for something else.
    const thenIdle = spent({ mainCpuMs: 40, cpuMs: 90, v8CpuMs: 50, gcMs: 60, loopIdleMs: 60 })
    expect(sharesOf(thenIdle).blocked).toBeCloseTo(0.6)
  })

  it('take a wait for a core for what it is, on whichever thread', () => {
    expect(sharesOf(spent({ mainCpuMs: 30, mainRunQueueMs: 70 }))).toMatchObject({
      runQueue: 0.7,
      blocked: 0,
    })
    const others = spent({ mainCpuMs: 5, cpuMs: 45, libuvCpuMs: 40, otherRunQueueMs: 150 })
    expect(sharesOf(others)).toMatchObject({ runQueue: 0.55, blocked: 0 })
  })

  it('say nothing of the run queue where the system does not', () => {
    const unknown = spent({
      cpuMs: 70,
      mainCpuMs: null,
      mainRunQueueMs: null,
      v8CpuMs: null,
      libuvCpuMs: null,
      otherRunQueueMs: null,
      childrenCpuMs: null,
    })
    expect(sharesOf(unknown)).toMatchObject({
      cpu: 0.7,
      runQueue: null,
      blocked: expect.closeTo(0.3) as number,
    })
  })
})
