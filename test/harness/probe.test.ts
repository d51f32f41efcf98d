/** The probe of a function: how many calls it takes for a makespan, and what it concludes from them. */
import { assert, integer, double, property } from 'fast-check'
import { budgetForRace } from '#dist/harness/diagnose.js'
import { describe, expect, it } from 'vitest'
import { probe, tasksFor } from '#dist/harness/probe.js'
import { fakeArms } from './fake-arms.ts'

describe('tasksFor', () => {
  it('fits, weighs all inputs the same, and keeps all workers busy to the end', () => {
    const cores = integer({ min: 1, max: 64 })
    const inputs = integer({ min: 1, max: 20 })
    const taskMs = double({ min: 1e-4, max: 1e4, noNaN: true })
    assert(
      property(taskMs, cores, inputs, (ms, coreCount, inputCount) => {
        const longestMakespanMs = 250
        const tasks = tasksFor(ms, { cores: coreCount, inputs: inputCount, longestMakespanMs })
        expect(tasks % inputCount).toBe(0)
        expect(tasks).toBeGreaterThanOrEqual(inputCount)
        expect(tasks).toBeLessThanOrEqual(1000)
        if (tasks > inputCount) expect(tasks * ms).toBeLessThanOrEqual(longestMakespanMs * (1 + 1e-9))
        if (tasks > coreCount * inputCount) expect(tasks % coreCount).toBe(0)
      }),
    )
  })

  it('has some for each core, and enough to take a while', () => {
    const machine = { cores: 2, inputs: 1, longestMakespanMs: 250 }
    expect([10, 20, 200, 2000, 0.06, 0.001].map((ms) => tasksFor(ms, machine))).toEqual([
      8, 8, 1, 1, 1000, 1000,
    ])
  })
})

describe('probe', () => {
  it('looks more than once, at a number of tasks that follows from compiled code', async () => {
    const { openArm, now, log } = fakeArms({ makespanMs: (_arm, size) => 2 * size, cpuShare: 0.25 })
    const host = await openArm({ executor: 'serial', workers: 1 })
    const found = await probe({ host, elapsedMs: 90, cores: 2, inputs: 1, longestMakespanMs: 250, now })
    expect(found).toMatchObject({ tasks: 30, taskMs: expect.closeTo(2, 5) as number, yieldingShare: 0 })
    expect(found.shares.length).toBeGreaterThan(1)
    for (const { cpu, blocked } of found.shares) expect([cpu, blocked]).toEqual([0.25, 0.75])
    expect(log.filter((entry) => entry.startsWith('measure'))).toEqual([])
  })
})

describe('the budget that a race would need', () => {
  it('leaves time for the calibration as well, and is more than what did not do', () => {
    expect(budgetForRace(50, 1, 1000)).toBeCloseTo((40 * 2 * 50) / 0.7)
    expect(budgetForRace(50, 3, 1000)).toBeCloseTo((40 * 3 * 50) / 0.7)
    expect(budgetForRace(50, 1, 6000)).toBe(9000)
  })
})
