/** Accounting: what the kernel counts, and which thread is which. */
import { platform } from 'node:os'
import { describe, expect, it } from 'vitest'
import { startAccount, sumOf } from '#dist/harness/accounting.js'
import type { TimeSpent } from '#dist/harness/accounting.js'
import { recognizeThreads } from '#dist/harness/threads.js'

const named = (...names: string[]): { tid: string; name: string }[] =>
  names.map((name, index) => ({ tid: String(index), name }))
const kinds = (...names: string[]): string => [...recognizeThreads(named(...names), 4).values()].join(' ')

describe('threads', () => {
  const byOrder = 'main v8 v8 v8 v8 v8'

  it('are recognized by name where they have one, and by when they began where not', () => {
    const node = Array.from({ length: 11 }, () => 'node')
    expect(kinds(...node)).toBe(`${byOrder} libuv libuv libuv libuv libuv`)
    const libuv = ['libuv-worker', 'libuv-worker']
    expect(kinds('node', 'DelayedTaskSche', 'node', 'node', 'node', 'node', 'node', ...libuv)).toBe(
      `${byOrder} libuv libuv libuv`,
    )
    const v8 = ['V8Worker', 'V8Worker']
    expect(kinds('MainThread', 'DelayedTaskSche', ...v8, 'SignalInspector', ...libuv, 'WorkerThread')).toBe(
      'main v8 v8 v8 other libuv libuv other',
    )
    expect(kinds('node-MainThread', 'node-V8Worker', 'libuv-worker')).toBe('main v8 libuv')
  })
})

describe('startAccount', () => {
  it('counts CPU time of a spin and none of a blocking wait', async () => {
    const spun = startAccount()
    const target = process.cpuUsage().user + 30_000
    while (process.cpuUsage().user < target);
    const spin = await spun()
    expect(spin.cpuMs).toBeGreaterThanOrEqual(25)
    expect(spin.wallMs).toBeGreaterThanOrEqual(25)
    if (platform() === 'linux') expect(spin.mainCpuMs).toBeGreaterThanOrEqual(25)

    const waited = startAccount()
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)
    const { cpuMs, wallMs } = await waited()
    expect(wallMs).toBeGreaterThanOrEqual(299)
    // CPU time of this process, not the clock: other threads of the test runner may use some.
    expect(cpuMs).toBeLessThan(200)
  })

  it('counts the pauses of the garbage collector', async () => {
    const end = startAccount()
    let kept: unknown[] = []
    for (let turn = 0; turn < 3e6; turn++) {
      if (turn % 1000 === 0) kept = []
      kept.push({ turn })
    }
    expect((await end()).gcMs).toBeGreaterThan(0)
  })
})

describe('sumOf', () => {
  it('adds up, and keeps what is unknown unknown', () => {
    const one: TimeSpent = {
      wallMs: 1,
      cpuMs: 2,
      mainCpuMs: 3,
      mainRunQueueMs: 4,
      v8CpuMs: 5,
      libuvCpuMs: 6,
      otherRunQueueMs: 7,
      childrenCpuMs: null,
      gcMs: 8,
      loopIdleMs: 9,
    }
    expect(sumOf([one, { ...one, v8CpuMs: null }])).toEqual({
      wallMs: 2,
      cpuMs: 4,
      mainCpuMs: 6,
      mainRunQueueMs: 8,
      v8CpuMs: null,
      libuvCpuMs: 12,
      otherRunQueueMs: 14,
      childrenCpuMs: null,
      gcMs: 16,
      loopIdleMs: 18,
    })
  })
})
