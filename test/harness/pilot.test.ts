/** The pilot on fake arms: which sizes fit, which worker counts are tried, which are chosen. */
import { describe, expect, it } from 'vitest'
import type { PilotReport } from '#dist/harness/pilot.js'
import { runPilot } from '#dist/harness/pilot.js'
import {
  armsAsked,
  comparedRounds,
  plannedSizes,
  planWorkloads,
  racedRounds,
  workerLadder,
} from '#dist/harness/plan.js'
import { failure, fakeArms } from './fake-arms.js'
import type { FakeArmsOptions } from './fake-arms.js'

async function pilot(
  fakes: FakeArmsOptions,
  overrides: Partial<Parameters<typeof runPilot>[0]> = {},
): Promise<PilotReport & { log: string[] }> {
  const { openArm, log } = fakeArms(fakes)
  const report = await runPilot({
    workload: 'w',
    sizes: [1, 10, 100],
    executors: ['serial', 'event-loop', 'threads', 'processes'],
    serial: { executor: 'serial', workers: 1 },
    maxWorkers: null,
    cores: 2,
    openArm,
    longestMakespanMs: 1000,
    signal: new AbortController().signal,
    ...overrides,
  })
  return { ...report, log }
}

const workersOf = (report: PilotReport, executor: string): (number | null)[] =>
  report.arms.filter(({ arm }) => arm.executor === executor).map(({ arm }) => arm.workers)

describe('the pilot', () => {
  it('gives CPU work as many workers as cores, without trying more', async () => {
    const report = await pilot({ makespanMs: (_arm, size) => size, cpuShare: 1 })
    expect(workersOf(report, 'threads')).toEqual([2])
    expect(workersOf(report, 'processes')).toEqual([2])
    expect(report.log.filter((line) => line.startsWith('open threads'))).toEqual([])
  })

  it('gives work that waits more workers for as long as they help', async () => {
    const waiting: FakeArmsOptions = {
      makespanMs: ({ workers }, size) => Math.max((10 * size) / (workers ?? 1), 20),
      cpuShare: 0.05,
      tasks: 100,
    }
    const report = await pilot(waiting)
    expect(report.log.filter((line) => line.startsWith('open threads'))).toEqual([
      'open threads×2',
      'open threads×8',
      'open threads×32',
    ])
    expect(workersOf(report, 'threads')).toEqual([32])
    expect(report.pilots.filter(({ executor, chosen }) => executor === 'threads' && chosen)).toHaveLength(1)
  })

  it('tries a clear gain under one executor only, and tells the twin of it', async () => {
    const waiting: FakeArmsOptions = {
      makespanMs: ({ workers }, size) => (10 * size) / (workers ?? 1),
      cpuShare: 0.05,
      tasks: 100,
    }
    const report = await pilot(waiting)
    expect(workersOf(report, 'threads')).toEqual([32])
    expect(workersOf(report, 'processes')).toEqual([32])
    expect(report.arms.find(({ arm }) => arm.executor === 'processes')?.chosenBy).toBe('pilot')
    expect(report.log.filter((line) => line.startsWith('open processes'))).toEqual([])
    const twin = await pilot(waiting, {
      executors: ['python-serial', 'python-threads'],
      serial: { executor: 'python-serial', workers: 1, runtime: 'cpython 3.14.0' },
      ofNode: report,
    })
    expect(workersOf(twin, 'python-threads')).toEqual([32])
    expect(twin.log.filter((line) => line.startsWith('open python-threads'))).toEqual([])
  })

  it('lets each executor try where the gain is less than clear', async () => {
    const limited: FakeArmsOptions = {
      makespanMs: ({ workers }) => ((workers ?? 1) >= 32 ? 60 : 100),
      cpuShare: 0.05,
      tasks: 100,
    }
    const report = await pilot(limited)
    expect(report.clearChoice).toBeNull()
    expect(report.log.filter((line) => line.startsWith('open processes')).length).toBeGreaterThan(0)
  })

  it('prefers fewer workers when more bring nothing', async () => {
    const report = await pilot({ makespanMs: () => 50, cpuShare: 0.05 })
    expect(workersOf(report, 'threads')).toEqual([2])
    expect(report.log).not.toContain('warmUp threads×32 100')
    expect(report.log.filter((line) => line.startsWith('open'))).toHaveLength(
      report.log.filter((line) => line.startsWith('close')).length,
    )
  })

  it('leaves the choice to the call where it names worker counts, the event loop apart', async () => {
    const report = await pilot({ makespanMs: (_arm, size) => size }, { maxWorkers: [2, 8] })
    expect(workersOf(report, 'threads')).toEqual([2, 8])
    expect(workersOf(report, 'event-loop')).toEqual([16])
    expect(report.arms.find(({ arm }) => arm.executor === 'threads')?.chosenBy).toBe('option')
    expect(report.arms.find(({ arm }) => arm.executor === 'event-loop')?.chosenBy).toBe('rule')
    expect(report.arms.find(({ arm }) => arm.executor === 'serial')?.chosenBy).toBe('executor')
  })

  it('leaves out sizes that the budget cannot hold, without running the hopeless ones', async () => {
    const report = await pilot(
      { makespanMs: (_arm, size) => size * 30 },
      { longestMakespanMs: 200, sizes: [1, 10, 100] },
    )
    expect(report.sizes).toEqual([1])
    expect(report.skipped.map(({ size }) => size)).toEqual([10, 100])
    expect(report.skipped[0]?.reason).toContain('give a longer --budget')
    expect(report.log).not.toContain('warmUp serial×1 100')
  })

  it('records what fails under serial and goes on', async () => {
    const report = await pilot({
      makespanMs: (_arm, size) => {
        if (size === 10) throw failure('boom')
        return size
      },
    })
    expect(report.serialFailures.get(10)?.cellError.message).toBe('boom')
    expect(report.sizes).toEqual([1, 10, 100])
    expect(report.arms).toHaveLength(4)
  })

  it('does not wait for larger sizes once one hangs, and closes every host', async () => {
    const report = await pilot({
      makespanMs: () => {
        throw failure('too long', true, 'TimeoutError')
      },
    })
    expect(report.log.filter((line) => line.startsWith('observe serial'))).toEqual(['observe serial×1 1'])
    expect(report.log.filter((line) => line.startsWith('open'))).toHaveLength(
      report.log.filter((line) => line.startsWith('close')).length,
    )
  })
})

describe('the plan', () => {
  const workload = {
    name: 'w',
    summary: 's',
    expects: 'cpu' as const,
    sizes: [1, 10, 100],
    defaultSizes: [1, 10],
    transfer: 'clone' as const,
  }

  it('takes the sizes of the suite, or those named', () => {
    expect(plannedSizes(workload, null, 'default')).toEqual([1, 10])
    expect(plannedSizes(workload, null, 'full')).toEqual([1, 10, 100])
    expect(plannedSizes(workload, [100, 7], 'default')).toEqual([100])
  })

  it('says what there is when nothing is left', () => {
    expect(() => planWorkloads([workload], [7], 'default')).toThrow(
      '--sizes: no selected workload has the size 7; the nearest is 10. See boundby list.',
    )
    expect(() => planWorkloads([{ ...workload, defaultSizes: [] }], null, 'default')).toThrow(
      'Nothing to measure: w is in the full suite only. Add --suite full, or name sizes with --sizes.',
    )
  })

  it('never plans more workers than tasks, nor more than 64', () => {
    expect(workerLadder('threads', 3, 2, 1)).toEqual([2, 3])
    expect(workerLadder('threads', 10, 2, 1)).toEqual([2, 10])
    expect(workerLadder('processes', 1000, 16, 1)).toEqual([16, 64])
    expect(workerLadder('serial', 1000, 16, 1)).toEqual([1])
    expect(workerLadder('threads', 1000, 8, 0)).toEqual([4, 8])
  })

  it('keeps serial and the event loop out of --max-workers', () => {
    expect(armsAsked('serial', [2, 8])).toEqual([{ executor: 'serial', workers: 1 }])
    expect(armsAsked('event-loop', [2, 8])).toBeNull()
    expect(armsAsked('threads', null)).toBeNull()
  })

  it('measures short makespans more often', () => {
    const rounds = [1, 10, 100, 1000].map(racedRounds.of)
    expect(rounds).toEqual(rounds.toSorted((a, b) => b - a))
  })

  it('measures short makespans for longer where another day is held against them, and long ones as often', () => {
    expect([1, 10, 100, 1000].map(comparedRounds.of)).toEqual([320, 160, 16, 2])
  })
})
