/** Whole runs over workloads with faults: each fault is one failed cell with its reason, and the rest goes on. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import type { RunEvent } from '#dist/harness/events.js'
import { run } from '#dist/harness/run.js'
import type { Cell, Result } from '#dist/results/schema.js'
import { resultSchema } from '#dist/results/schema.js'

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/workloads/${name}.ts`, import.meta.url))

const executors = ['serial', 'event-loop', 'threads', 'processes']

async function runFixtures(
  names: string[],
  {
    options = {},
    sizes = null,
    context = {},
    signal = new AbortController().signal,
    onEvent = () => {},
  }: {
    options?: Partial<Parameters<typeof run>[0]['options']>
    sizes?: number[] | null
    context?: Pick<Parameters<typeof run>[1], 'calibration'>
    signal?: AbortSignal
    onEvent?: (event: RunEvent) => void
  } = {},
): Promise<{ result: Result; events: RunEvent[] }> {
  const events: RunEvent[] = []
  const result = await run(
    {
      files: names.map(fixture),
      workloads: null,
      sizes,
      options: {
        files: names,
        suite: 'full',
        executors,
        maxWorkers: null,
        tasksInFlightPerWorker: 1,
        budgetMs: 1000,
        confidence: 0.95,
        margin: 0.05,
        seed: 1,
        timeoutMs: 1500,
        ...options,
      },
    },
    {
      ...context,
      listener: (event) => {
        events.push(event)
        onEvent(event)
      },
      signal,
    },
  )
  return { result, events }
}

describe('a run over faulty workloads', () => {
  let result: Result
  let events: RunEvent[]
  const cells = (workload: string): Cell[] => result.cells.filter((cell) => cell.workload === workload)
  const failures = (workload: string): (string | undefined)[] =>
    cells(workload).map(({ executor, size, error }) => error && `${executor} ${size}: ${error.message}`) as (
      string | undefined
    )[]

  beforeAll(async () => {
    const names = [
      'throws',
      'exits',
      'differs',
      'forges',
      'unavailable',
      'setup-fails',
      'leaves-files',
      'fine',
    ]
    ;({ result, events } = await runFixtures(names))
  }, 60_000)

  it('measures what has no fault, under every executor, with equal checksums', () => {
    const fine = cells('fine')
    expect(fine).toHaveLength(8)
    for (const cell of fine) {
      expect(cell.error).toBeNull()
      expect(cell.launches.flat().length).toBeGreaterThan(0)
      expect(cell.yardstickMs?.length).toBe(cell.launches.length)
      expect(Math.min(...(cell.yardstickMs ?? []))).toBeGreaterThan(0)
      expect(cell.medianMs).toBeGreaterThan(0)
    }
    expect(new Set(fine.filter(({ size }) => size === 4).map(({ checksum }) => checksum)).size).toBe(1)
    for (const { size, tasks } of fine) expect(tasks).toBe(size)
  })

  it('fails the size that throws, with the cause and the line, and measures the other', () => {
    for (const cell of cells('throws')) {
      if (cell.size === 2) expect(cell.error).toBeNull()
      else
        expect(cell.error).toEqual({
          name: 'TypeError',
          message: 'cannot take 3; caused by RangeError: too odd',
          location: 'throws.ts:5',
        })
    }
  })

  it('survives a task that exits, and says with which code', () => {
    const messages = failures('exits')
    expect(messages).toHaveLength(4)
    for (const message of messages) expect(message).toMatch(/code 3/u)
  })

  it('fails the executor whose result differs', () => {
    const failed = cells('differs').filter(({ error }) => error !== null)
    expect(failed.map(({ executor }) => executor)).toEqual(['threads'])
    expect(failed[0]?.error?.name).toBe('ChecksumMismatch')
  })

  it('believes no forged message', () => {
    expect(failures('forges')).toEqual([null, null, null, null])
    for (const cell of cells('forges')) expect(cell.checksum).toMatch(/^[0-9a-f]{64}$/u)
  })

  it('makes a result that its own reader takes', () => {
    expect(resultSchema.safeParse(JSON.parse(JSON.stringify(result))).error).toBeUndefined()
  })

  it('skips what this machine cannot run, with the reason, which is no failure', () => {
    expect(cells('unavailable')).toEqual([])
    expect(result.skipped).toContainEqual({
      workload: 'unavailable',
      size: null,
      executor: null,
      reason: 'there is no unobtainium on this machine',
    })
  })

  it('fails every cell of a workload whose setup fails', () => {
    expect(failures('setup-fails')).toEqual(executors.map((id) => `${id} 1: setup failed: no server`))
  })

  it('splits the makespan of every cell, to the last part of it', () => {
    for (const { costsMs, medianMs, peakRssBytes, loopDelayP99Ms, emptyTaskMs, ...cell } of cells('fine')) {
      const { startup, ...parts } = costsMs
      const together = Object.values(parts).reduce<number>((total, part) => total + Number(part), 0)
      expect(startup).toBeGreaterThanOrEqual(0)
      expect(together / (medianMs ?? 0)).toBeCloseTo(1, 6)
      expect(loopDelayP99Ms).toBeGreaterThanOrEqual(0)
      expect(emptyTaskMs?.alone).toBeGreaterThan(0)
      expect(cell.transfer === undefined).toBe(['serial', 'event-loop'].includes(cell.executor))
      if (process.platform !== 'linux') continue
      expect(peakRssBytes).toBeGreaterThan(1e7)
      expect(cell.cpuSeconds).toBeGreaterThan(0)
    }
    expect(cells('fine').length).toBeGreaterThan(0)
  })

  it('compares every executor with serial, sees processes where there are some, and puts each claim to the test', () => {
    for (const { executor, overSerial, workerProcesses } of cells('fine')) {
      expect(overSerial?.ratio === undefined).toBe(executor === 'serial')
      if (executor === 'threads') expect(workerProcesses).toBe(0)
      if (executor === 'processes') expect(workerProcesses).toBeGreaterThan(0)
    }
    const outcomes = new Map(result.guidance.map(({ id, runtime, outcome }) => [`${runtime} ${id}`, outcome]))
    expect(outcomes.get('node same-methods')).toBe('holds')
    expect(outcomes.get('node distinct-processes')).toBe('holds')
    expect(outcomes.get('node threads-for-io')).toBe('not tested')
  })

  it('diagnoses by what moving a task was measured to take', () => {
    const diagnoses = result.diagnoses.filter(({ workload }) => workload === 'fine')
    expect(diagnoses).toHaveLength(2)
    for (const {
      bound,
      movingMs = 0,
      taskMs = 0,
      reason,
      cpuShare,
      runQueueShare,
      blockedShare,
    } of diagnoses) {
      expect(movingMs).toBeGreaterThan(0)
      expect(bound === 'overhead').toBe(taskMs < movingMs)
      expect(reason).not.toContain('typically')
      expect(cpuShare + (runQueueShare ?? 0) + blockedShare).toBeCloseTo(1, 6)
    }
  })

  it('removes what a workload leaves in its temporary folder', () => {
    const [cell] = cells('leaves-files')
    expect(cell?.checksum).toContain('left-')
    expect(existsSync(cell?.checksum ?? '')).toBe(false)
  })

  it('tells of every cell and of how far it is', () => {
    const kinds = new Set(events.map(({ kind }) => kind))
    expect(kinds).toEqual(new Set(['planned', 'stage', 'progress', 'cell']))
    expect(events.filter(({ kind }) => kind === 'cell')).toHaveLength(result.cells.length)
    const shares = events.flatMap((event) => (event.kind === 'progress' ? [event.doneShare] : []))
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))
    expect(shares.at(-1)).toBe(1)
    const told = events.flatMap((event) => (event.kind === 'progress' ? (event.races ?? []) : []))
    expect(new Set(told.map(({ decided, undecided, left }) => decided + undecided + left)).size).toBe(1)
    expect(told[0]).toMatchObject({ decided: 0, undecided: 0 })
    expect(told.at(-1)?.left).toBeLessThan(told[0]?.left ?? 0)
  })

  it('says of each workload what it was and which code ran', () => {
    expect(result.workloads?.map(({ name }) => name)).toContain('fine')
    for (const workload of result.workloads ?? []) expect(workload.bundleSha256).toMatch(/^[0-9a-f]{64}$/u)
  })
})

describe('a run for comparisons', () => {
  it('launches every cell as often as asked for, however clear it is', async () => {
    // One launch more than a clear race takes.
    const { result } = await runFixtures(['fine'], {
      sizes: [4],
      options: { executors: ['serial', 'threads'], leastLaunches: 4, budgetMs: 60_000, findCrossover: false },
      // Predictions are not looked at, and to learn what they need takes seconds.
      context: { calibration: { durationMs: 0, executors: [] } },
    })
    const counts = result.cells.map(({ launches }) => launches.length)
    expect(counts).toHaveLength(2)
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(4)
  })
})

describe('a run with a time-out', () => {
  it('lets tasks that share a thread take longer together than one may alone', async () => {
    const controller = new AbortController()
    const { result } = await runFixtures(['long-burst'], {
      // The limit is a share of the budget, of which no more is needed than one launch.
      options: { executors: ['serial', 'event-loop'], timeoutMs: 400, budgetMs: 16_000 },
      signal: controller.signal,
      onEvent: (event) => {
        if (event.kind === 'stage' && event.stage === 'race' && event.launch === 2) controller.abort()
      },
    })
    expect(result.cells.map(({ error }) => error)).toEqual([null, null])
    expect(result.cells.map(({ launches }) => launches.length)).toEqual([1, 1])
  }, 60_000)
})

describe('a run over tasks that never end', () => {
  it('gives up on each after the time-out, once an executor', async () => {
    const { result } = await runFixtures(['hangs', 'never-settles', 'fine'], { options: { timeoutMs: 500 } })
    const failed = result.cells.filter(({ error }) => error !== null)
    expect(new Set(failed.map(({ error }) => error?.message))).toEqual(
      new Set(['a task took longer than 500 ms (--timeout)']),
    )
    expect(failed.filter(({ workload }) => workload === 'hangs')).toHaveLength(4)
    expect(failed.filter(({ workload }) => workload === 'never-settles')).toHaveLength(4)
    expect(result.skipped?.filter(({ workload, size }) => workload === 'hangs' && size === 2)).toHaveLength(4)
    expect(result.cells.filter(({ workload, error }) => workload === 'fine' && error === null)).toHaveLength(
      8,
    )
  }, 60_000)
})

describe('an interrupted run', () => {
  it('returns at once what it has, with the reason', async () => {
    const controller = new AbortController()
    const { result } = await runFixtures(['fine', 'never-settles'], {
      options: { timeoutMs: 60_000 },
      signal: controller.signal,
      // Only the signal can end this stage.
      onEvent: (event) => {
        if (event.kind === 'stage' && event.workload === 'never-settles' && event.stage === 'pilot')
          controller.abort('interrupted by a test')
      },
    })
    expect(result.interrupted).toBe('interrupted by a test')
    expect(result.cells.filter(({ error }) => error !== null)).toEqual([])
    expect(result.cells.some(({ workload, medianMs }) => workload === 'fine' && medianMs !== null)).toBe(true)
  }, 60_000)
})
