/** A race told row by row: ended after any row and taken up again, it has lost nothing and counts nothing twice. */
import { describe, expect, it } from 'vitest'
import { raceOf } from '#dist/analysis/contest.js'
import { Spreads } from '#dist/analysis/spreads.js'
import { decide } from '#dist/analysis/verdict.js'
import { ResultFileError } from '#dist/errors.js'
import { emptyCell } from '#dist/harness/cell.js'
import type { Arm } from '#dist/harness/events.js'
import { parseRow } from '#dist/harness/journal-rows.js'
import type { RaceRow } from '#dist/harness/journal-rows.js'
import { look, runRace } from '#dist/harness/race.js'
import { applyChanges, RaceChanges } from '#dist/harness/race-changes.js'
import type { RaceState } from '#dist/harness/race-changes.js'
import { seededRandom } from '#dist/stats/random.js'
import { failure, fakeArms } from './fake-arms.js'
import type { FakeArmsOptions } from './fake-arms.js'

const arms: Arm[] = [
  { executor: 'serial', workers: 1 },
  { executor: 'threads', workers: 2 },
  { executor: 'processes', workers: 2 },
]
const sizes = [10, 1000]

const emptyState = (): RaceState => ({
  workload: { name: 'w' },
  control: null,
  piloted: false,
  typicalLaunchesMs: new Map(),
  taskCalls: 0,
  pilots: [],
  skipped: [],
  cells: [],
  settled: new Map(),
})

function pilotedState(): RaceState {
  const state = emptyState()
  state.piloted = true
  state.cells.push(...sizes.flatMap((size) => arms.map((arm) => emptyCell(size, arm, 'pilot', 5))))
  state.pilots.push({ workload: 'w', size: 10, executor: 'serial', workers: 1, makespanMs: 5, chosen: true })
  return state
}

const judge = (state: RaceState) => (seen: ReturnType<typeof raceOf>) =>
  decide(seen, new Spreads(sizes.map((size) => raceOf(state.cells.filter((cell) => cell.size === size)))), {
    confidence: 0.95,
    margin: 0.05,
    plannedPairs: 12,
  })

/** Races a state to its end; answers the rows that a journal would have by then. */
async function race(state: RaceState, fakes: FakeArmsOptions, seed = 1, deadlineMs = 1e6) {
  const told = new RaceChanges()
  const rows: RaceRow[] = []
  let measuring = 0
  const keep = (): void => {
    // A journal is written here: never within a measurement.
    expect(measuring).toBe(0)
    const changes = told.next(state)
    if (changes === null) return
    const parsed = parseRow(JSON.parse(JSON.stringify({ kind: 'race', spentMs: 0, ...changes })))
    if (!parsed.success) throw new Error(parsed.error.message)
    rows.push(parsed.data as RaceRow)
  }
  keep()
  const { openArm: open, now } = fakeArms(fakes)
  const openArm: typeof open = async (arm) => {
    const host = await open(arm)
    const measure = async () => {
      measuring++
      return host.measure().finally(() => measuring--)
    }
    return { ...host, measure }
  }
  const request = { cells: state.cells, settled: state.settled, decide: judge(state) }
  look(request)
  await runRace({
    ...request,
    openArm,
    random: seededRandom(seed),
    now,
    deadlineMs,
    mostLaunches: 8,
    signal: new AbortController().signal,
    onLaunch: () => {},
    onChange: keep,
  })
  keep()
  return rows
}

function restored(rows: readonly RaceRow[]): RaceState {
  const state = emptyState()
  for (const row of rows) applyChanges(state, structuredClone(row))
  return state
}

/** Serial wins the small size, threads the large one; no two makespans are alike. */
let measured = 0
const truth: FakeArmsOptions = {
  makespanMs: ({ executor }, size) => {
    measured++
    const quick = size === 10 ? 'serial' : 'threads'
    return (executor === quick ? 50 : 100) + (measured % 97) / 100
  },
}
const plain = (state: RaceState): unknown =>
  JSON.parse(JSON.stringify({ ...state, settled: [...state.settled] }))

const kinds = (state: RaceState): unknown[] =>
  [...state.settled]
    .map(([size, { kind, leaders }]) => [size, kind, leaders] as const)
    .toSorted(([a], [b]) => Number(a) - Number(b))

describe('a race that is told row by row', () => {
  it('is the same when its rows are applied', async () => {
    const state = pilotedState()
    const rows = await race(state, truth)
    expect(rows.length).toBeGreaterThan(10)
    expect(plain(restored(rows))).toEqual(plain(state))
  })

  it('tells a failed arm, and what is left out after a time-out', async () => {
    const state = pilotedState()
    const rows = await race(state, {
      makespanMs: (arm, size) => {
        if (arm.executor === 'threads') throw failure('too slow', true, 'TimeoutError')
        return truth.makespanMs(arm, size, 1)
      },
    })
    expect(state.cells.find(({ skipped }) => skipped !== null)?.arm.executor).toBe('threads')
    expect(plain(restored(rows))).toEqual(plain(state))
  })

  it('tells a size that was added between others, and its end', () => {
    const told = new RaceChanges()
    const state = pilotedState()
    const rows: RaceRow[] = []
    const keep = (): void => {
      const changes = told.next(state)
      if (changes !== null) rows.push({ kind: 'race', spentMs: 0, ...changes })
    }
    keep()
    state.cells.splice(3, 0, ...arms.map((arm) => emptyCell(100, arm, 'pilot', 0, true)))
    keep()
    expect(plain(restored(rows))).toEqual(plain(state))
    state.cells.splice(3, 3)
    state.skipped.push({ size: 100, reason: 'it failed', refines: true })
    keep()
    keep()
    expect(rows).toHaveLength(3)
    expect(plain(restored(rows))).toEqual(plain(state))
  })

  it('ended after any row, goes on: nothing is lost, nothing counts twice, and the verdicts are the same', async () => {
    const whole = pilotedState()
    const rows = await race(whole, truth)
    expect(kinds(whole)).toEqual([
      [10, 'winner', [0]],
      [1000, 'winner', [1]],
    ])
    for (let end = 1; end <= rows.length; end++) {
      const state = restored(rows.slice(0, end))
      const before = structuredClone(state.cells)
      await race(state, truth, end)
      for (const [index, { launches, yardsticks, observations }] of state.cells.entries()) {
        const kept = before[index]
        expect(launches.slice(0, kept?.launches.length)).toEqual(kept?.launches)
        expect(yardsticks.slice(0, kept?.launches.length)).toEqual(kept?.yardsticks)
        expect(yardsticks.map(({ length }) => length)).toEqual(launches.map(({ length }) => length))
        expect(observations.slice(0, kept?.observations.length)).toEqual(kept?.observations)
        // The launch that was cut off was completed at the sizes that it had not come to.
        expect(launches.length).toBeGreaterThanOrEqual(3)
      }
      expect(kinds(state)).toEqual(kinds(whole))
      // Hosts are known by their arm: one for each executor, whatever the size.
      expect(new Set(state.cells.map(({ arm }) => arm)).size).toBe(arms.length)
    }
  })

  it('ended in its first launch, measures every size once, however little time is left', async () => {
    const rows = await race(pilotedState(), truth)
    for (let end = 1; end <= 12; end++) {
      const state = restored(rows.slice(0, end))
      await race(state, truth, end, 0)
      for (const { launches } of state.cells) expect(launches.length).toBeGreaterThanOrEqual(1)
    }
  })

  it('refuses a row that comes twice, or is left out', async () => {
    const rows = await race(pilotedState(), truth)
    const at = rows.findIndex(({ cells }) => cells.some(({ rounds }) => rounds !== undefined))
    expect(() => restored([...rows.slice(0, at + 1), ...rows.slice(at)])).toThrow(ResultFileError)
    expect(() => restored([...rows.slice(0, at), ...rows.slice(at + 1)])).toThrow(
      /does not follow those before/u,
    )
  })
})
