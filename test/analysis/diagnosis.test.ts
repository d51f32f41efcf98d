/** From shares to a bound and its reason. */
import { describe, expect, it } from 'vitest'
import { diagnose } from '#dist/analysis/diagnosis.js'
import type { Shares, TaskDiagnosis } from '#dist/analysis/diagnosis.js'

function shares(fields: Partial<Shares>): Shares {
  const { cpu = 0, runQueue = 0 } = fields
  const blocked = 1 - cpu - (runQueue ?? 0)
  return { cpu, runQueue, blocked, hidden: 0, libuv: 0, children: 0, gc: 0, ...fields }
}

const of = (fields: Partial<Shares>, taskMs = 10, movingMs?: number): TaskDiagnosis =>
  diagnose({ shares: [shares(fields)], taskMs, movingMs })

describe('the bound', () => {
  it('is cpu from four fifths on, io up to one fifth, mixed in between', () => {
    expect([1, 0.8, 0.79, 0.5, 0.21, 0.2, 0].map((cpu) => of({ cpu }).bound)).toEqual([
      'cpu',
      'cpu',
      'mixed',
      'mixed',
      'mixed',
      'io',
      'io',
    ])
  })

  it('is not moved by waiting for a core', () => {
    expect(of({ cpu: 0.29, runQueue: 0.7 }).bound).toBe('cpu')
    expect(of({ cpu: 0.05, runQueue: 0.5 }).bound).toBe('io')
    expect(of({ cpu: 0, runQueue: 1 }).bound).toBe('cpu')
  })

  it('is overhead for a task that takes less than moving it', () => {
    expect(of({ cpu: 1 }, 0.059).bound).toBe('overhead')
    expect(of({ cpu: 1 }, 0.061).bound).toBe('cpu')
    expect(of({ cpu: 1 }, 0.059, 0.05).bound).toBe('cpu')
    expect(of({ cpu: 1 }, 4, 5).bound).toBe('overhead')
  })

  it('comes from the measurement in the middle, of those that agree the least disturbed', () => {
    const disturbed = shares({ cpu: 0.1 })
    const starved = shares({ cpu: 0.2, runQueue: 0.8 })
    const calm = shares({ cpu: 0.98 })
    const diagnosis = diagnose({
      shares: [starved, disturbed, starved, calm, starved],
      taskMs: 10,
      movingMs: 1,
    })
    expect(diagnosis).toMatchObject({ bound: 'cpu', cpuShare: 0.98, runQueueShare: 0 })
  })
})

describe('the reason', () => {
  it('says where the CPU work was', () => {
    const { reason } = of({ cpu: 0.97, hidden: 0.76, libuv: 0.76 })
    expect(reason).toBe(
      "on the CPU for 97 % of the time: 21 % on the main thread and 76 % in libuv's threads (cached file reads, compression and cryptography are CPU work)",
    )
    expect(of({ cpu: 0.9, hidden: 0.8, children: 0.5 }).reason).toContain(
      'in child processes and 30 % in other threads',
    )
    expect(of({ cpu: 0.9 }).reason).toBe('on the CPU for 90 % of the time')
  })

  it('says that a starved task is not blocked, and what is not known', () => {
    expect(of({ cpu: 0.3, runQueue: 0.7 }).reason).toContain('short of a core for 70 %')
    expect(of({ cpu: 0.3, runQueue: null }).reason).toContain('does not tell blocked from waiting')
    expect(of({ cpu: 0.9, gc: 0.3 }).reason).toContain('garbage collector stopped it for 30 %')
    expect(of({ cpu: 0.1 }).reason).toContain('blocked for 90 % of the time')
    expect(of({ cpu: 0.5 }).reason).toBe('on the CPU for 50 % of the time; blocked for 50 %')
  })

  it('compares a small task with what moving it takes, and says who measured that', () => {
    expect(of({ cpu: 1 }, 0.01).reason).toBe(
      'a task takes 10.0 µs, less than the 60.0 µs that moving it to a worker and back typically takes',
    )
    expect(of({ cpu: 1 }, 0.01, 0.03).reason).toContain('30.0 µs that moving it to a worker and back takes')
  })
})
