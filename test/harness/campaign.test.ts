/** How the budget is spent, on fake workloads and a fake clock: who is asked when, and for how many launches. */
import { describe, expect, it } from 'vitest'
import type { Raceable } from '#dist/harness/campaign.js'
import { spendBudget } from '#dist/harness/campaign.js'
import type { CellRecord } from '#dist/harness/cell.js'
import { emptyCell } from '#dist/harness/cell.js'

interface FakePart {
  readonly launchMs: number
  /** Launches after which it is decided. */
  readonly decidedAt: number
  /** Beyond so many it cannot go on. */
  readonly breaksAt?: number
}

interface Fake {
  readonly node: FakePart
  readonly python?: FakePart
}

const pythonRuntime = 'cpython 3.14.0'

async function spend(
  fakes: Record<string, Fake>,
  {
    budgetMs,
    leastLaunches,
    abortAfter = Infinity,
  }: { budgetMs: number; leastLaunches?: number; abortAfter?: number },
): Promise<{ log: string[]; sharesMs: number[]; endMs: number; launches: Record<string, number> }> {
  let clockMs = 0
  const log: string[] = []
  const sharesMs: number[] = []
  const controller = new AbortController()
  const entries = Object.entries(fakes).map(([name, { node, python }]): Raceable => {
    const parts = [
      { runtime: null, part: node, cell: emptyCell(1, { executor: 'serial', workers: 1 }, 'executor') },
      ...(python === undefined
        ? []
        : [
            {
              runtime: pythonRuntime,
              part: python,
              cell: emptyCell(
                1,
                { executor: 'python-serial', workers: 1, runtime: pythonRuntime },
                'executor',
              ),
            },
          ]),
    ]
    const [first] = parts as [(typeof parts)[number]]
    const partOf = (runtime: string | null): (typeof parts)[number] =>
      parts.find((each) => each.runtime === runtime) ?? first
    const cellsIn = (runtime: string | null): CellRecord[] => [partOf(runtime).cell]
    return {
      get hasBegun() {
        return first.cell.launches.length > 0
      },
      get launchesDone() {
        return first.cell.launches.length
      },
      get typicalLaunchMs() {
        return node.launchMs
      },
      runtimes: parts.map(({ runtime }) => runtime),
      cellsIn,
      lacksLaunches: (least) => first.cell.launches.length < least,
      typicalLaunchMsIn: (runtime) => partOf(runtime).part.launchMs,
      launchesNeeded(runtime) {
        const { part, cell } = partOf(runtime)
        return cell.launches.length >= part.decidedAt ? null : part.decidedAt - cell.launches.length
      },
      go({ deadlineMs, mostLaunches, cells = parts.map(({ cell }) => cell), launchShareMs = 0 }) {
        sharesMs.push(launchShareMs)
        const racing = parts.filter(({ cell }) => cells.includes(cell))
        const [leading = first] = racing
        const before = leading.cell.launches.length
        while (leading.cell.launches.length < mostLaunches) {
          const launchMs = racing.reduce((sum, { part }) => sum + part.launchMs, 0)
          const isFirst = leading.cell.launches.length === 0
          if (leading.cell.launches.length === leading.part.breaksAt) break
          if (!isFirst && clockMs + launchMs > deadlineMs) break
          clockMs += launchMs
          for (const { cell } of racing) cell.launches.push([1])
        }
        const where = leading.runtime === null ? '' : ' in CPython'
        log.push(`${name}${where} +${leading.cell.launches.length - before}`)
        if (log.length >= abortAfter) controller.abort()
        return Promise.resolve()
      },
    }
  })
  await spendBudget(entries, {
    budgetMs,
    leastLaunches,
    endMs: budgetMs,
    now: () => clockMs,
    signal: controller.signal,
    pause: () => Promise.resolve(),
    refine: () => Promise.resolve(),
    onFirstLaunches: () => {},
  })
  const launches = Object.fromEntries(
    Object.keys(fakes).map((name, index) => [name, entries[index]?.launchesDone ?? 0]),
  )
  return { log, sharesMs, endMs: clockMs, launches }
}

const decided = (launchMs: number): Fake => ({ node: { launchMs, decidedAt: 3 } })

describe('the budget of a run', () => {
  it('is spent no further once everything is decided', async () => {
    const { log, endMs } = await spend({ one: decided(1), other: decided(2) }, { budgetMs: 1000 })
    expect(log).toEqual(['one +3', 'other +3'])
    expect(endMs).toBe(9)
  })

  it('gives what some did not need to those whose launches did not fit', async () => {
    const { log } = await spend({ slow: decided(10), quick: decided(1) }, { budgetMs: 40 })
    expect(log).toEqual(['slow +2', 'quick +3', 'slow +1'])
  })

  it('goes to what is nearest to an answer, a few launches at a time', async () => {
    const { log } = await spend(
      {
        far: { node: { launchMs: 2, decidedAt: 12 } },
        near: { node: { launchMs: 2, decidedAt: 5 } },
      },
      { budgetMs: 100 },
    )
    expect(log).toEqual(['far +3', 'near +3', 'near +2', 'far +4', 'far +4', 'far +1'])
  })

  it('spreads launches that were asked for over the run, before it goes to what is near', async () => {
    const { log } = await spend(
      {
        far: { node: { launchMs: 3, decidedAt: 9 } },
        near: { node: { launchMs: 1, decidedAt: 8 } },
      },
      { budgetMs: 100, leastLaunches: 6 },
    )
    expect(log).toEqual(['far +3', 'near +3', 'near +2', 'far +2', 'near +2', 'far +2', 'near +1', 'far +2'])
  })

  it('shares the time among the launches that were asked for, those of one that takes longer having more', async () => {
    const { sharesMs } = await spend(
      {
        slow: { node: { launchMs: 3, decidedAt: 5 } },
        quick: { node: { launchMs: 1, decidedAt: 5 } },
      },
      { budgetMs: 100, leastLaunches: 5 },
    )
    // At first nobody knows who takes longer; then two launches of 3 and two of 1 are owed, and then those of 3.
    const wholeMs = [100 / 2 / 5, 91 / 5, 88 / 8, 86 / 2]
    expect(sharesMs).toEqual(wholeMs.map((ms) => expect.closeTo(0.9 * ms, 9) as number))
  })

  it('shares nothing out where no launches were asked for', async () => {
    const { sharesMs } = await spend({ one: decided(5) }, { budgetMs: 100 })
    expect(sharesMs.every((ms) => ms === 0)).toBe(true)
  })

  it('leaves most to Node while its races are open, however near those of CPython are', async () => {
    // A fifth of the budget, counted in whole turns.
    const open = await spend(
      {
        w: { node: { launchMs: 10, decidedAt: 20 }, python: { launchMs: 1, decidedAt: 20 } },
      },
      { budgetMs: 60 },
    )
    expect(open.log).toEqual([
      'w +3',
      'w in CPython +4',
      'w in CPython +4',
      'w in CPython +4',
      'w +1',
      // Node's next launch would not fit.
      'w in CPython +4',
    ])
  })

  it('gives CPython what Node does not need', async () => {
    const { log } = await spend(
      { w: { node: { launchMs: 10, decidedAt: 4 }, python: { launchMs: 5, decidedAt: 12 } } },
      { budgetMs: 200 },
    )
    expect(log).toEqual(['w +3', 'w +1', 'w in CPython +4', 'w in CPython +4', 'w in CPython +1'])
  })

  it('asks nobody for ever who cannot go on', async () => {
    const { log } = await spend(
      { broken: { node: { launchMs: 1, decidedAt: 9, breaksAt: 4 } } },
      { budgetMs: 1000 },
    )
    expect(log).toEqual(['broken +3', 'broken +1', 'broken +0'])
  })

  it('ends with its signal', async () => {
    const { log } = await spend({ one: decided(1), other: decided(1) }, { budgetMs: 1000, abortAfter: 1 })
    expect(log).toEqual(['one +3'])
  })
})
