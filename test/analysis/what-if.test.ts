/** Predictions for machines and services that are not here: by hand, as laws, and in words. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeChange, describeWhatIf } from '#dist/analysis/what-if-sentences.js'
import { assumptionsOf, whatIf, whatIfOf, withLatency } from '#dist/analysis/what-if.js'
import { cell } from '../results/fixture.ts'
import { idealCalibration, runOf } from './model/run-of.ts'

const calibration = idealCalibration(2)
const ask = (change: { cores?: number; latencyMs?: number }) => ({
  change: { cores: null, latencyMs: null, ...change },
  calibration,
  cores: 2,
})

/** How far the interval of the best reaches, for CPU work on so many cores. */
function width(cores: number): number {
  const [best] = whatIf(runOf(64, { mainMs: 10 }), ask({ cores }))
  return (best?.intervalMs[1] ?? 0) / (best?.predictedMs ?? 1)
}

describe('more cores', () => {
  it('shorten CPU work, with as many workers', () => {
    const [best] = whatIf(runOf(64, { mainMs: 10 }), ask({ cores: 16 }))
    expect(best).toMatchObject({ executor: 'threads', workers: 16, predictedMs: 40 })
  })

  it('make the prediction less sure the further away they are', () => {
    expect(width(2)).toBeLessThan(width(4))
    expect(width(4)).toBeLessThan(width(64))
    expect(width(1)).toBeGreaterThan(width(2))
  })

  it('are not better than those here', () => {
    const shared = idealCalibration(2, {
      threads: {
        cores: [
          { workers: 1, cores: 1 },
          { workers: 2, cores: 1.5 },
        ],
      },
    })
    const request = { ...ask({ cores: 8 }), calibration: shared }
    const threads = whatIf(runOf(64, { mainMs: 10 }), request).find(({ executor }) => executor === 'threads')
    expect(threads?.predictedMs).toBeCloseTo(640 / 6)
  })

  it('never make it slower', () => {
    const task = fc.record({
      mainMs: fc.double({ min: 0.01, max: 100, noNaN: true }),
      asyncWaitMs: fc.double({ min: 0, max: 100, noNaN: true }),
      blockingMs: fc.double({ min: 0, max: 100, noNaN: true }),
    })
    fc.assert(
      fc.property(
        task,
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 64 }),
        (each, tasks, cores) => {
          const run = runOf(tasks, each)
          const best = (count: number): number => whatIf(run, ask({ cores: count }))[0]?.predictedMs ?? 0
          expect(best(cores + 1)).toBeLessThanOrEqual(best(cores) * (1 + 1e-9))
        },
      ),
    )
  })
})

describe('another latency', () => {
  it('is what each task waits', () => {
    const run = runOf(10, { mainMs: 1, asyncWaitMs: 20 })
    const [best] = whatIf(run, ask({ latencyMs: 2 }))
    expect(best?.predictedMs).toBeCloseTo(2 + 5)
    expect(withLatency(run, 20).medianMs).toBeCloseTo(run.medianMs)
    expect(withLatency(run, 2).demand).toMatchObject({ blockedMs: 20, loopIdleMs: 20, mainCpuMs: 10 })
  })

  it('changes nothing for tasks that do not wait', () => {
    const run = runOf(10, { mainMs: 10, asyncWaitMs: 0.1 })
    expect(withLatency(run, 500)).toBe(run)
  })

  it('shrinks what is uneven with it', () => {
    const run = runOf(10, { asyncWaitMs: 20 }, { longestTaskRatio: 1.5 })
    // 10 ms longer of 20: 1 ms longer of 2.
    expect(withLatency(run, 2).demand.longestTaskRatio).toBeCloseTo(1.5)
    const mixed = runOf(10, { mainMs: 20, asyncWaitMs: 20 }, { longestTaskRatio: 1.5 })
    expect(withLatency(mixed, 2).demand.longestTaskRatio).toBeCloseTo(1 + (0.5 * 40 * 0.1) / 22)
  })

  it('keeps to what blocks the thread', () => {
    const run = withLatency(runOf(10, { blockingMs: 20 }), 5)
    expect(run.demand.loopIdleMs).toBe(0)
  })
})

function cellOf(size: number, tasks: number) {
  const { medianMs, demand } = runOf(tasks, { mainMs: 10 })
  return cell({ executor: 'serial', workers: 1, size, tasks, medianMs, demand })
}

describe('the answer for a result', () => {
  const empty = [
    { tasks: 1, makespanMs: 15 },
    { tasks: 1000, makespanMs: 15 },
  ]
  const costly = idealCalibration(2, { threads: { empty } })
  const answer = whatIfOf([cellOf(1, 1), cellOf(100, 64)], 0.05, {
    ...ask({ cores: 8 }),
    calibration: {
      ...costly,
      executors: costly.executors.filter(({ executor }) => executor !== 'processes'),
    },
  })

  it('has every executor at every size, who wins, and from where', () => {
    expect(answer.predictions).toHaveLength(6)
    expect(answer.winners).toMatchObject([
      { size: 1, executors: ['serial', 'event-loop'] },
      { size: 100, executors: ['threads'] },
    ])
    expect(answer.crossovers).toMatchObject([{ workload: 'w', from: 'serial', to: 'threads' }])
  })

  it('is said in words, with what is assumed', () => {
    const [sentence] = describeWhatIf(answer)
    expect(sentence).toMatch(
      /^w at 100: threads ×8 in [\d.]+ ms \([\d.]+ ms to [\d.]+ ms\); faster than serial from about [\d.]+ on\.$/u,
    )
    expect(describeChange({ cores: 16, latencyMs: 2 })).toBe('16 cores and a latency of 2.00 ms')
    expect(describeChange({ cores: 1, latencyMs: null })).toBe('1 core')
    expect(assumptionsOf({ cores: 16, latencyMs: 2 }, 2)).toHaveLength(2)
    expect(assumptionsOf({ cores: null, latencyMs: 2 }, 2)[0]).toContain('2.00 ms in all')
  })

  it('says nothing where there is nothing to say it of', () => {
    const none = whatIfOf([], 0.05, ask({ cores: 8 }))
    expect(none).toMatchObject({ predictions: [], winners: [], crossovers: [] })
    expect(describeWhatIf(none)).toEqual([])
  })
})
