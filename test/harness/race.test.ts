/** The race on fake arms and a fake clock: exact, with nothing waited for. */
import { describe, expect, it } from 'vitest'
import { raceOf } from '#dist/analysis/contest.js'
import type { Race } from '#dist/analysis/race.js'
import type { Decision } from '#dist/analysis/verdict.js'
import { Spreads } from '#dist/analysis/spreads.js'
import { decide } from '#dist/analysis/verdict.js'
import type { CellRecord } from '#dist/harness/cell.js'
import { emptyCell } from '#dist/harness/cell.js'
import type { Arm } from '#dist/harness/events.js'
import { runRace } from '#dist/harness/race.js'
import { seededRandom } from '#dist/stats/random.js'
import { failure, fakeArms } from './fake-arms.js'
import type { FakeArmsOptions } from './fake-arms.js'

const arms: Arm[] = [
  { executor: 'serial', workers: 1 },
  { executor: 'threads', workers: 2 },
  { executor: 'processes', workers: 2 },
]
const options = { confidence: 0.95, margin: 0.05, plannedPairs: 12 }
const judge = (measured: Race): Decision => decide(measured, new Spreads([measured]), options)

const outOfReach: Decision = {
  kind: 'undecided',
  leaders: [0, 1, 2],
  launches: 3,
  launchesNeeded: null,
  outOfReach: true,
}

interface Outcome {
  cells: CellRecord[]
  cell: (size: number, executor: string) => CellRecord
  log: string[]
  endMs: number
  launches: number[]
  settled: Map<number, Decision>
}

async function race(
  fakes: FakeArmsOptions,
  {
    sizes = [10],
    deadlineMs = 1e6,
    seed = 1,
    mostLaunches = 20,
    look = judge,
    leastLaunches,
    launchShareMs,
    racing = arms,
    signal = new AbortController().signal,
  }: {
    sizes?: number[]
    deadlineMs?: number
    mostLaunches?: number
    look?: (measured: Race) => Decision
    leastLaunches?: number
    launchShareMs?: number
    racing?: Arm[]
    seed?: number
    signal?: AbortSignal
  } = {},
): Promise<Outcome> {
  const { openArm, now, log } = fakeArms(fakes)
  const cells = sizes.flatMap((size) => racing.map((arm) => emptyCell(size, arm, 'option')))
  const launches: number[] = []
  const settled = new Map<number, Decision>()
  await runRace({
    cells,
    openArm,
    random: seededRandom(seed),
    now,
    deadlineMs,
    mostLaunches,
    decide: look,
    settled,
    leastLaunches,
    launchShareMs,
    signal,
    onLaunch: (launch) => launches.push(launch),
  })
  const cell = (size: number, executor: string): CellRecord => {
    const found = cells.find((candidate) => candidate.size === size && candidate.arm.executor === executor)
    if (found === undefined) throw new Error(`no cell ${executor} ${size}`)
    return found
  }
  return { cells, cell, log, endMs: now(), launches, settled }
}

const truth: Record<string, number> = { serial: 100, threads: 50, processes: 80 }
const byTruth: FakeArmsOptions = { makespanMs: ({ executor }) => truth[executor] ?? 0 }

describe('a race', () => {
  it('stops after three launches when the answer is clear', async () => {
    const { cells, launches, cell } = await race(byTruth)
    expect(launches).toEqual([1, 2, 3])
    expect(judge(raceOf(cells))).toMatchObject({ kind: 'winner', leaders: [1] })
    expect(cell(10, 'threads').warmUpMs).toBe(3 * 2 * 50)
    expect(cell(10, 'threads').launches).toHaveLength(3)
  })

  it('stops when no further launch could decide it, and keeps that', async () => {
    const { launches, settled } = await race(byTruth, { look: () => outOfReach })
    expect(launches).toEqual([1])
    expect(settled.get(10)).toEqual(outOfReach)
  })

  it.each([
    // Hosts and warm-ups take 315 ms, and a round of three arms 300.
    ['twice as long as a launch takes anyway', 0, 2],
    ['as long as its share of the run has time', 3000, 8],
    ['as the makespan needs', 60_000, 16],
  ])('has rounds where launches were asked for: %s', async (_, launchShareMs, rounds) => {
    const asked = { leastLaunches: 3, mostLaunches: 3, launchShareMs }
    const { cell } = await race({ makespanMs: () => 100 }, asked)
    expect(cell(10, 'serial').launches.map(({ length }) => length)).toEqual([rounds, rounds, rounds])
  })

  it('spends no longer on rounds than a launch takes anyway, since another launch would say more', async () => {
    // Warm-ups take 360 ms, and a round 230 ms.
    const quick = await race(byTruth)
    expect(quick.cell(10, 'threads').launches[0]).toEqual([50])
    const slow = await race({ ...byTruth, startupMs: 50 })
    expect(slow.cell(10, 'threads').launches[0]).toEqual([50, 50])
  })

  it('warms each arm up until it no longer gets faster, within its share of half the time', async () => {
    const calls = new Map<string, number>()
    /** As code that is being compiled: the same in each launch. */
    const warming = ({ executor }: Arm, _size: number, launch: number): number => {
      const key = `${executor} ${launch}`
      const call = calls.get(key) ?? 0
      calls.set(key, call + 1)
      return [80, 60, 40, 20][call] ?? 10
    }
    const { cell } = await race({ makespanMs: warming }, { look: () => outOfReach })
    const ofEach = 80 + 60 + 40 + 20 + 3 * 10
    for (const executor of ['serial', 'threads', 'processes']) {
      expect(cell(10, executor).warmUpMs).toBe(ofEach)
      expect(cell(10, executor).launches[0]?.every((ms) => ms === 10)).toBe(true)
    }
    calls.clear()
    const hurried = await race({ makespanMs: warming }, { look: () => outOfReach, deadlineMs: 3 * 900 })
    const spentMs = ['serial', 'threads', 'processes'].map((executor) => hurried.cell(10, executor).warmUpMs)
    expect(Math.max(...spentMs)).toBeLessThan(ofEach)
    expect(Math.min(...spentMs)).toBeGreaterThan(80)
  })

  it('starts every arm afresh in each launch and closes all of them', async () => {
    const { log } = await race(byTruth)
    expect(log.filter((line) => line.startsWith('open'))).toHaveLength(9)
    expect(log.filter((line) => line.startsWith('close'))).toHaveLength(9)
  })

  it('measures every arm once a round, in an order that changes', async () => {
    const { log } = await race(byTruth)
    const measured = log.filter((line) => line.startsWith('measure'))
    const orders = new Set<string>()
    for (let start = 0; start < measured.length; start += 3) {
      const round = measured.slice(start, start + 3)
      expect(new Set(round).size).toBe(3)
      orders.add(round.join())
    }
    expect(orders.size).toBeGreaterThan(2)
  })

  it('is repeated exactly by its seed', async () => {
    const [first, again, other] = await Promise.all([
      race(byTruth, { seed: 5 }),
      race(byTruth, { seed: 5 }),
      race(byTruth, { seed: 6 }),
    ])
    expect(again.log).toEqual(first.log)
    expect(other.log).not.toEqual(first.log)
  })

  it('drops the beaten and goes on with those that are still close', async () => {
    const close: Record<string, number> = { serial: 100, threads: 50, processes: 51 }
    const { launches, cell } = await race({ makespanMs: ({ executor }) => close[executor] ?? 0 })
    expect(launches.length).toBeGreaterThan(3)
    expect(cell(10, 'serial').launches).toHaveLength(3)
    expect(cell(10, 'threads').launches).toHaveLength(launches.length)
    expect(cell(10, 'processes').launches).toHaveLength(launches.length)
  })

  it('never takes a beaten arm back, so that launches of different times are never paired', async () => {
    const close: Record<string, number> = { serial: 100, threads: 50, processes: 51 }
    let looks = 0
    const { cell, settled } = await race(
      { makespanMs: ({ executor }) => close[executor] ?? 0 },
      {
        mostLaunches: 8,
        // What a spread that grows later would do: at the fourth look everything is open again.
        look: (measured) => {
          const decision = judge(measured)
          return ++looks === 4 ? { ...decision, kind: 'undecided', leaders: [0, 1, 2] } : decision
        },
      },
    )
    expect(cell(10, 'serial').launches).toHaveLength(3)
    expect(cell(10, 'serial').isBeaten).toBe(true)
    expect(cell(10, 'threads').launches.length).toBeGreaterThan(4)
    expect(settled.get(10)?.leaders ?? []).not.toContain(0)
  })

  it('launches the decided and the beaten on as often as asked for, without a word on the verdict', async () => {
    const { cells, launches, settled } = await race(byTruth, { sizes: [10, 20], leastLaunches: 7 })
    expect(launches).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(cells.map((cell) => cell.launches.length)).toEqual(cells.map(() => 7))
    expect(settled.get(10)).toMatchObject({ kind: 'winner', leaders: [1], launches: 3 })
  })

  it('goes on after that with those alone that are still close', async () => {
    const close: Record<string, number> = { serial: 100, threads: 50, processes: 51 }
    const { launches, cell } = await race(
      { makespanMs: ({ executor }) => close[executor] ?? 0 },
      { leastLaunches: 4, look: (measured) => ({ ...judge(measured), kind: 'undecided' }) },
    )
    expect(cell(10, 'serial').launches).toHaveLength(4)
    expect(cell(10, 'threads').launches).toHaveLength(launches.length)
    expect(launches).toHaveLength(20)
  })

  it('launches nothing as often as asked for that has failed, or that there is no time for', async () => {
    const broken = await race(
      {
        makespanMs: ({ executor }) => {
          if (executor === 'threads') throw failure('boom')
          return truth[executor] ?? 0
        },
      },
      { leastLaunches: 9 },
    )
    expect(broken.cell(10, 'threads').launches).toEqual([])
    expect(broken.launches).toHaveLength(9)
    const late = await race(byTruth, { leastLaunches: 1000, mostLaunches: 1000, deadlineMs: 5000 })
    expect(late.endMs).toBeLessThan(5600)
  })

  it('launches a version no more whose other one has failed', async () => {
    const racing = (['A', 'B'] as const).map((name) => ({ executor: 'serial', workers: 1, name }))
    const { cells, launches } = await race(
      {
        makespanMs: ({ name }) => {
          if (name === 'B') throw failure('boom')
          return 100
        },
      },
      { leastLaunches: 9, racing },
    )
    expect(launches).toEqual([1])
    expect(cells.map((each) => each.launches.length)).toEqual([1, 0])
  })

  it('keeps to its time, within a launch, and gives every cell a number even if there is none', async () => {
    const close: Record<string, number> = { serial: 100, threads: 99, processes: 100 }
    const tight = await race({ makespanMs: ({ executor }) => close[executor] ?? 0 }, { deadlineMs: 5000 })
    expect(tight.endMs).toBeLessThan(5600)
    const none = await race(byTruth, { deadlineMs: 0, sizes: [10, 20] })
    expect(none.launches).toEqual([1])
    for (const cell of none.cells) expect(cell.launches).toEqual([[truth[cell.arm.executor]]])
  })

  it('shares a launch between sizes, so that a large one does not starve the others', async () => {
    const { cell } = await race(
      { makespanMs: ({ executor }, size) => ((truth[executor] ?? 0) * size) / 100, startupMs: 100 },
      { sizes: [1, 10, 100], deadlineMs: 9000 },
    )
    expect(cell(100, 'serial').launches.length).toBe(3)
    expect(cell(1, 'serial').launches[0]).toHaveLength(10)
  })
})

describe('a cell that fails', () => {
  it('says why, and the others go on', async () => {
    const { cell } = await race({
      makespanMs: ({ executor }) => {
        if (executor === 'threads') throw failure('boom')
        return truth[executor] ?? 0
      },
    })
    expect(cell(10, 'threads')).toMatchObject({ error: { message: 'boom' }, launches: [] })
    expect(cell(10, 'serial').launches.length).toBeGreaterThanOrEqual(3)
  })

  it('gets a new host for the next size when it took its host along', async () => {
    const { cell, log } = await race(
      {
        makespanMs: ({ executor }, size) => {
          if (executor === 'processes' && size === 10) throw failure('exit', true, 'ProcessExited')
          return truth[executor] ?? 0
        },
      },
      { sizes: [10, 20] },
    )
    expect(cell(10, 'processes').error).toMatchObject({ name: 'ProcessExited' })
    expect(cell(20, 'processes').error).toBeNull()
    expect(cell(20, 'processes').launches.length).toBeGreaterThan(0)
    expect(log.filter((line) => line.startsWith('open')).length).toBe(
      log.filter((line) => line.startsWith('close')).length,
    )
  })

  it('is not waited for again on larger sizes when it hangs', async () => {
    const { cell, log } = await race(
      {
        makespanMs: ({ executor }) => {
          if (executor === 'threads') throw failure('too long', true, 'TimeoutError')
          return truth[executor] ?? 0
        },
      },
      { sizes: [10, 20, 30] },
    )
    expect(cell(10, 'threads').error).toMatchObject({ name: 'TimeoutError' })
    expect(cell(20, 'threads')).toMatchObject({
      error: null,
      skipped: 'not tried: size 10 ran into the time-out',
    })
    expect(log.filter((line) => line === 'warmUp threads×2 20')).toEqual([])
    expect(cell(30, 'processes').launches.length).toBeGreaterThanOrEqual(3)
  })

  it('is told apart by its checksum, whichever executor came first', async () => {
    const { cell } = await race({
      ...byTruth,
      checksum: ({ executor }) => (executor === 'threads' ? 'other' : 'same'),
    })
    expect(cell(10, 'threads').error).toEqual({
      name: 'ChecksumMismatch',
      message: 'the result differs: checksum other, but same under serial',
    })
    expect(cell(10, 'serial').error).toBeNull()
  })

  it('fails too when its own result changes', async () => {
    let calls = 0
    const { cell } = await race({
      ...byTruth,
      checksum: ({ executor }) => (executor === 'serial' ? String(calls++) : '0'),
    })
    expect(cell(10, 'serial').error?.message).toContain('changes from one measurement to the next')
    expect(cell(10, 'threads').error).toBeNull()
  })
})

describe('an interrupted race', () => {
  it('keeps whole rounds, marks nothing as failed, and closes its hosts', async () => {
    const controller = new AbortController()
    let measurements = 0
    const { cells, log } = await race(
      {
        makespanMs: ({ executor }) => {
          if (++measurements === 20) controller.abort()
          return truth[executor] ?? 0
        },
      },
      { signal: controller.signal },
    )
    expect(cells.every((cell) => cell.error === null)).toBe(true)
    expect(new Set(cells.map((cell) => cell.launches.flat().length)).size).toBe(1)
    expect(log.filter((line) => line.startsWith('open')).length).toBe(
      log.filter((line) => line.startsWith('close')).length,
    )
  })
})
