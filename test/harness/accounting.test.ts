/** Accounting: shares add up, and a spin is told from a sleep. */
import { describe, expect, it } from 'vitest'
import * as fc from 'fast-check'
import { sharesOf, startAccount } from '#dist/harness/accounting.js'

describe('sharesOf', () => {
  it('adds up to one, whatever was counted', () => {
    const ms = fc.double({ min: 0, max: 1e6, noNaN: true })
    fc.assert(
      fc.property(
        ms,
        ms,
        fc.double({ min: 0.001, max: 1e6, noNaN: true }),
        (cpuMs, runQueueMs, makespanMs) => {
          const { cpu, runQueue, blocked } = sharesOf({ cpuMs, runQueueMs }, makespanMs)
          expect(cpu + runQueue + blocked).toBeCloseTo(1, 9)
          for (const share of [cpu, runQueue, blocked]) {
            expect(share).toBeGreaterThanOrEqual(-1e-12)
            expect(share).toBeLessThanOrEqual(1)
          }
        },
      ),
    )
  })
})

describe('startAccount', () => {
  it('counts CPU time of a spin and none of a blocking wait', () => {
    const spun = startAccount()
    const target = process.cpuUsage().user + 30_000
    while (process.cpuUsage().user < target);
    expect(spun().cpuMs).toBeGreaterThanOrEqual(25)

    const waited = startAccount()
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)
    const { cpuMs } = waited()
    // CPU time of this process, not the clock: other threads of the test runner may use some.
    expect(cpuMs).toBeLessThan(200)
  })
})
