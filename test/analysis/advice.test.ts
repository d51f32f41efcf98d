/** Advice: from a diagnosis and the verdict of a race to an executor, words and code. */
import { buildSync } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { adviseOn } from '#dist/analysis/advice.js'
import type { Advice } from '#dist/analysis/advice.js'
import { changesAlong } from '#dist/analysis/advice-forecast.js'
import { adviceCode } from '#dist/analysis/advice-code.js'
import { contendersFor, waitForOneAnother, workersToWait } from '#dist/analysis/contenders.js'
import type { TaskDiagnosis } from '#dist/analysis/diagnosis.js'
import type { Prospect } from '#dist/analysis/what-if.js'
import type { Cell, Verdict } from '#dist/results/schema.js'
import { idealCalibration, runOf } from './model/run-of.ts'
import { cell, resultOf, verdict } from '../results/fixture.ts'

const source = { file: 'src/tasks.ts', exportName: 'resize', inputs: [{ width: 1 }] }

function diagnosisOf(bound: TaskDiagnosis['bound'], cpuShare: number): TaskDiagnosis {
  return {
    bound,
    cpuShare,
    runQueueShare: 0,
    blockedShare: 1 - cpuShare,
    hiddenShare: 0,
    taskMs: 20,
    movingMs: 0.05,
    reason: 'so it is',
  }
}

const cpu = diagnosisOf('cpu', 1)
const io = diagnosisOf('io', 0.02)
const mixed = diagnosisOf('mixed', 0.5)
const overhead: TaskDiagnosis = { ...diagnosisOf('overhead', 1), taskMs: 0.001 }

const makespans = (ms: number): number[][] => [[ms], [ms * 1.01], [ms * 0.99], [ms]]
const measured = (executor: string, ms: number, workers: number | null = 2): Cell =>
  cell({ executor, workers, launches: makespans(ms), medianMs: ms })

interface Case {
  readonly diagnosis?: TaskDiagnosis
  readonly kind: Verdict['kind']
  readonly executors: string[]
  readonly cells: Cell[]
  readonly yieldingShare?: number
}

async function advised({
  diagnosis = cpu,
  kind,
  executors,
  cells,
  yieldingShare = 0,
}: Case): Promise<Advice> {
  const verdicts = [verdict({ kind, executors, launches: 4, reason: 'too noisy to tell' })]
  const result = await resultOf({ cells, verdicts, plannedPairs: 6 })
  return adviseOn({
    source,
    diagnosis,
    yieldingShare,
    cores: 2,
    result,
    budgetNeededMs: null,
    forecastable: null,
  })
}

/** Where nothing was raced. */
const alone = (diagnosis: TaskDiagnosis, yieldingShare: number, cores = 2): Advice =>
  adviseOn({
    source,
    diagnosis,
    yieldingShare,
    cores,
    result: null,
    budgetNeededMs: 42_000,
    forecastable: null,
  })

describe('advice', () => {
  const serial = measured('serial', 160, 1)
  const threads = measured('threads', 80)
  const processes = measured('processes', 81)

  it('follows a winner, with its ratio, interval and how sure that is', async () => {
    const advice = await advised({
      kind: 'winner',
      executors: ['threads'],
      cells: [serial, threads, processes],
    })
    expect(advice).toMatchObject({
      executor: 'threads',
      workers: 2,
      kind: 'winner',
      launches: 4,
      confidence: 0.95,
    })
    expect(advice.ratio).toBeCloseTo(2, 1)
    expect(advice.interval?.[0]).toBeLessThan(2)
    expect(advice.sentence).toBe('Use a thread pool of 2 workers: 2.00× as fast as one call after the other.')
    expect(advice.sureness).toMatch(/^95 % sure over 4 launches: /u)
  })

  it('takes the plainest of those that are tied', async () => {
    const tied = await advised({
      kind: 'tie',
      executors: ['processes', 'threads'],
      cells: [serial, threads, processes],
    })
    expect(tied.executor).toBe('threads')
    const level = await advised({
      kind: 'tie',
      executors: ['threads', 'serial'],
      cells: [measured('serial', 80, 1), threads],
    })
    expect(level).toMatchObject({ executor: 'serial', workers: null, ratio: null, interval: null })
  })

  it('follows what bounds the function where the race is open, and says that it is not sure', async () => {
    const cells = [measured('serial', 100, 1), measured('threads', 98), measured('processes', 90)]
    const open = { kind: 'undecided' as const, executors: ['processes', 'threads', 'serial'], cells }
    expect(await advised(open)).toMatchObject({ executor: 'threads', kind: 'undecided' })
    expect((await advised(open)).sureness).toMatch(/^Not sure, with processes and serial still in the race/u)
    expect((await advised(open)).sentence).toMatch(/^Probably: use a thread pool/u)
    expect((await advised({ ...open, diagnosis: overhead })).executor).toBe('serial')
    // What is expected has been beaten: the one ahead.
    expect((await advised({ ...open, executors: ['processes', 'serial'] })).executor).toBe('processes')
  })

  it('comes from the diagnosis alone where nothing was raced', () => {
    expect(alone(cpu, 0)).toMatchObject({ executor: 'threads', workers: 2, kind: 'not raced', ratio: null })
    expect(alone(cpu, 0).sureness).toContain('--budget 42s')
    expect(alone(cpu, 0, 1).executor).toBe('serial')
    expect(alone(io, 0.98).executor).toBe('event-loop')
    expect(alone(io, 0).executor).toBe('threads')
    expect(alone({ ...cpu, hiddenShare: 0.9 }, 0.9).executor).toBe('event-loop')
    expect(alone(overhead, 0).executor).toBe('serial')
  })

  it('says what would change it, from the times of the function', () => {
    const changes = [cpu, mixed, io, overhead].map((diagnosis) => alone(diagnosis, 0.5).changes.join('\n'))
    expect(changes[0]).toMatch(/Size: .* 50\.0 µs.*\nLatency: .* 80\.0 ms or more.*\nCores: .* 2 cores/u)
    expect(changes[1]).toContain(
      'works for 10.0 ms and waits for 10.0 ms; so one thread can keep about 2 calls',
    )
    expect(changes[2]).toContain('Were the wait shorter than 100 µs, the CPU would bound it.')
    expect(changes[3]).toContain('a task of 500 calls or more')
  })
})

describe('the code', () => {
  it.for([
    ['serial', 'resize'],
    ['event-loop', 'default'],
    ['threads', 'resize'],
    ['processes', 'it\'s "quoted"-\n'],
  ] as const)('of %s for %s can be pasted', ([executor, exportName]) => {
    const code = adviceCode(executor, 2, { file: "/a/b'c/o'clock.mts", exportName, inputs: ['"', undefined] })
    expect(() =>
      buildSync({
        stdin: { contents: code, loader: 'ts' },
        format: 'esm',
        target: 'es2022',
        write: false,
        logLevel: 'silent',
      }),
    ).not.toThrow()
    expect(code).toContain(String.raw`'./o\'clock.mjs'`)
  })
})

describe('the executors in question', () => {
  it('follow from what bounds the function', () => {
    expect(contendersFor(cpu, 0, 2)).toEqual(['serial', 'threads', 'processes'])
    expect(contendersFor({ ...cpu, hiddenShare: 0.9 }, 0.9, 2)).toEqual(['serial', 'event-loop', 'threads'])
    expect(contendersFor({ ...cpu, hiddenShare: 0.9 }, 0.9, 16)).toContain('processes')
    expect(contendersFor(io, 0.97, 2)).toEqual(['serial', 'event-loop', 'threads'])
    // It blocks its thread while it waits.
    expect(contendersFor(io, 0, 2)).toEqual(['serial', 'threads'])
    expect(contendersFor(mixed, 0.5, 2)).toEqual(['serial', 'event-loop', 'threads'])
    expect(contendersFor(overhead, 0, 2)).toEqual(['serial', 'threads'])
    expect(workersToWait(io, 30, 2)).toEqual([8])
    expect(workersToWait(io, 4, 2)).toEqual([4])
    expect(workersToWait(cpu, 30, 2)).toBeNull()
  })
})

const raced = (eventLoopMs: number, tasks = 8) => ({
  cells: [
    cell({ executor: 'serial', workers: 1, tasks, medianMs: 80 }),
    cell({ executor: 'event-loop', workers: 8, tasks, medianMs: eventLoopMs }),
  ],
})

describe('calls that wait for one another', () => {
  it('are known by an event loop that gains nothing, though they let others run', () => {
    expect(waitForOneAnother(io, 0.98, raced(81))).toBe(true)
    expect(waitForOneAnother(io, 0.98, raced(11))).toBe(false)
    // What holds its thread waits for nobody.
    expect(waitForOneAnother(io, 0, raced(81))).toBe(false)
    expect(waitForOneAnother(cpu, 0, raced(81))).toBe(false)
    expect(waitForOneAnother(io, 0.98, raced(81, 2))).toBe(false)
    expect(waitForOneAnother(io, 0.98, null)).toBe(false)
  })
})

const prospect = (executor: string, predictedMs: number): Prospect => ({
  executor,
  workers: 8,
  predictedMs,
  intervalMs: [predictedMs, predictedMs],
})

const change = (loopMsAt: (factor: number) => number): string[] =>
  changesAlong(
    'event-loop',
    (factor) => [prospect('threads', 10), prospect('event-loop', loopMsAt(factor))],
    (factor) => `${factor.toFixed(1)} ms`,
  )

describe('predictions', () => {
  const run = runOf(16, { mainMs: 20 })
  const forecastable = { run, calibration: idealCalibration(2), cores: 2, refuted: [] }
  const request = { source, diagnosis: cpu, yieldingShare: 0, cores: 2, budgetNeededMs: 42_000 }

  it('say whom to use where nothing was raced, and that they were not measured', () => {
    const advice = adviseOn({ ...request, result: null, forecastable })
    expect(advice).toMatchObject({ executor: 'threads', workers: 2, kind: 'not raced', ratio: null })
    expect(advice.sureness).toMatch(
      /^Not measured, but predicted from the serial calls, threads ×2 in 160 ms \(145 ms to 176 ms\) for 16 calls: a race/u,
    )
  })

  it('choose the plainest of those that are not told apart', () => {
    const waiting = { ...forecastable, run: runOf(16, { asyncWaitMs: 20 }) }
    const advice = adviseOn({
      ...request,
      result: null,
      diagnosis: io,
      yieldingShare: 1,
      forecastable: waiting,
    })
    expect(advice).toMatchObject({ executor: 'event-loop', workers: null })
  })

  it('say what a shorter call and other cores would change', () => {
    const empty = [
      { tasks: 1, makespanMs: 1 },
      { tasks: 16, makespanMs: 8 },
    ]
    const calibration = idealCalibration(2, { threads: { empty, gapMs: 1 }, processes: { empty, gapMs: 1 } })
    const { changes } = adviseOn({ ...request, result: null, forecastable: { ...forecastable, calibration } })
    expect(changes.join(' ')).toMatch(
      /Size: for 16 calls that each take longer or shorter, predicted as the fastest by more than a quarter: at about [\d.]+ (?:ms|µs) or less, (?:serial|event-loop) in/u,
    )
    expect(changes.join(' ')).toMatch(
      /Cores: this was measured with 2 cores; predicted as the plainest within a quarter of the fastest: with 1 core serial in 320 ms \(.*\) and with 8 cores threads ×8 in/u,
    )
    expect(changes.join(' ')).not.toContain('Latency')
  })

  it('leave out what the race has refuted', () => {
    const waiting = { ...forecastable, run: runOf(8, { asyncWaitMs: 10 }) }
    const changesWith = (refuted: string[]) =>
      adviseOn({
        ...request,
        diagnosis: io,
        yieldingShare: 1,
        result: null,
        forecastable: { ...waiting, refuted },
      }).changes.join(' ')
    expect(changesWith([])).toContain('with 8 cores event-loop in 10.0 ms')
    expect(changesWith(['event-loop'])).not.toContain('event-loop')
  })

  it('say once that both more and less would change the lead in the same way', () => {
    // Just within a quarter as measured, and no more than that on either side.
    expect(change((factor) => (factor === 1 ? 12 : 13))).toEqual([
      'at about 0.8 ms or less, and at about 1.3 ms or more, threads ×8',
    ])
    expect(change((factor) => (factor > 1 ? 13 : 12))).toEqual([
      'at about 1.3 ms or more, threads ×8 in 10.0 ms (10.0 ms to 10.0 ms)',
    ])
  })

  it('say at which latency another executor would lead', () => {
    const mixedRun = { ...forecastable, run: runOf(16, { mainMs: 1, asyncWaitMs: 200 }) }
    const { changes } = adviseOn({
      ...request,
      diagnosis: io,
      yieldingShare: 1,
      result: null,
      forecastable: mixedRun,
    })
    expect(changes.join(' ')).toMatch(
      /Latency: a call waits for 200 ms of its 201 ms; for other waits, predicted as the fastest by more than a quarter: at about [\d.]+ ms or less, threads ×\d+ in/u,
    )
  })
})
