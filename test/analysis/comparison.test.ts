/** Two results held against each other: pairs, alarms, flips, and what cannot be compared. */
import { describe, expect, it } from 'vitest'
import { assert, property, shuffledSubarray } from 'fast-check'
import { compareResults } from '#dist/analysis/comparison.js'
import type { AlarmKind } from '#dist/analysis/comparison.js'
import { environmentDifferences } from '#dist/analysis/comparison/environments.js'
import { evidence, executorText, findings, headline } from '#dist/analysis/comparison/sentences.js'
import type { Cell, Result } from '../../src/results/schema.ts'
import { cell, fixture, resultOf, verdict } from '../results/fixture.ts'

const failOn: readonly AlarmKind[] = ['slower', 'flipped']
const options = { margin: 0.05, failOn, acrossEnvironments: false }
const base = await fixture('default-suite')
const executors = ['serial', 'event-loop', 'threads', 'processes']

/** Ten launches of each executor in three workloads, each off by a little, the same on both days. */
function day(slower: (of: Pick<Cell, 'workload' | 'executor'>) => number = () => 1): Cell[] {
  return ['a', 'b', 'c'].flatMap((workload, w) =>
    executors.map((executor, e) => {
      const factor = (10 + w + e) * slower({ workload, executor })
      const launches = Array.from({ length: 10 }, (_, launch) => [factor * (1 + 0.01 * ((launch * 7) % 5))])
      return cell({ workload, executor, launches, medianMs: factor })
    }),
  )
}

/** With what workload `b` cost: it waits for nearly all of its time. */
const waiting = (cells: readonly Cell[]): Cell[] =>
  cells.map((of) => (of.workload === 'b' ? { ...of, costsMs: { cpu: 1, blocked: 19 } } : of))
/** On a machine that took so many times as long for everything, more or less by launch, as its yardstick tells. */
const atSpeed = (cells: readonly Cell[], slowness: number): Cell[] => {
  const ofLaunch = (launch: number): number => slowness * (0.8 + 0.1 * ((launch * 3) % 5))
  return cells.map((of) => ({
    ...of,
    launches: of.launches.map((makespansMs, launch) => makespansMs.map((ms) => ofLaunch(launch) * ms)),
    yardstickMs: of.launches.map((_, launch) => 0.8 * ofLaunch(launch)),
  }))
}
const only = (cells: readonly Cell[]): Cell[] => cells.filter(({ workload }) => workload === 'a')
const threadsOf = (workers: number) => cell({ executor: 'threads', workers })
const winner = (...names: string[]) =>
  verdict({ kind: names.length === 1 ? 'winner' : 'tie', executors: names })
const wonBy = (...names: string[]) => resultOf({ verdicts: [winner(...names)] })
const twinWonBy = (executor: string, runtime: string) => [
  winner('threads'),
  { ...winner(executor), runtime, over: 'python-serial' },
]
/** Three interpreters, the first of them of a version, the second slower. */
const twins = (patched: string, slower = 1): Cell[] =>
  [
    { runtime: patched, ms: 10 },
    { runtime: 'cpython 3.13.1', ms: 20 * slower },
    { runtime: 'cpython 3.13.1 free-threaded', ms: 40 },
  ].flatMap(({ runtime, ms }) =>
    ['serial', 'threads'].map((kind) =>
      cell({
        executor: `python-${kind}`,
        runtime,
        workers: kind === 'serial' ? null : 2,
        launches: Array.from({ length: 10 }, (_, launch) => [
          (kind === 'serial' ? 1 : 2) * ms * (1 + 0.01 * ((launch * 7) % 5)),
        ]),
      }),
    ),
  )
const crossingAt = (size: number) =>
  resultOf({
    crossovers: [
      {
        workload: 'w',
        from: 'serial',
        to: 'threads',
        answer: 'found',
        size,
        interval: null,
        bracket: [size / 2, size * 2],
      },
    ],
  })
const claiming = (outcome: 'holds' | 'refuted' | 'undecided') =>
  resultOf({ guidance: [{ claim: 'Threads help', runtime: 'node', outcome }] })

const onMachine = (result: Result, machine: number): Result => ({
  ...result,
  workloads: ['a', 'b', 'c'].map((name) => ({
    name: `${name} (machine ${machine})`,
    summary: '',
    expects: 'cpu',
    file: 'w.ts',
    bundleSha256: '',
    machine,
  })),
  cells: result.cells.map((of) => ({ ...of, workload: `${of.workload} (machine ${machine})` })),
})

/** Of a comparison with itself. */
const evidenceOf = async (given: Cell[]): Promise<string> => {
  const result = await resultOf({ cells: given })
  return evidence(compareResults(result, result, options)).join(' ')
}

describe('cells', () => {
  it('are unchanged beside themselves', () => {
    const { cells, alarm, shift } = compareResults(base, base, options)
    expect(cells).toHaveLength(base.cells.filter(({ error }) => error === null).length)
    expect(new Set(cells.map(({ change }) => change))).toEqual(new Set(['unchanged']))
    expect({ alarm, shift }).toEqual({ alarm: false, shift: 1 })
  })

  it('of one workload that became slower raise the alarm, the others do not', async () => {
    const before = await resultOf({ cells: day() })
    const after = await resultOf({ cells: day(({ workload }) => (workload === 'b' ? 1.25 : 1)) })
    const comparison = compareResults(before, after, options)
    expect(comparison.alarms).toEqual(['slower'])
    expect(
      comparison.cells.filter(({ change }) => change === 'slower').map(({ workload }) => workload),
    ).toEqual(executors.map(() => 'b'))
    for (const { workload, ratio } of comparison.cells)
      expect(ratio).toBeCloseTo(workload === 'b' ? 1.25 : 1, 5)
    expect(headline(comparison)).toBe('Alarm: cells became slower.')
    const faster = compareResults(after, before, options)
    expect(faster.alarm).toBe(false)
    expect(faster.cells.filter(({ change }) => change === 'faster')).toHaveLength(4)
  })

  it('of several machines are those of their workloads, whatever number a machine has', async () => {
    const before = await resultOf({ cells: day() })
    const after = onMachine(await resultOf({ cells: day() }), 2)
    const across = { ...options, acrossEnvironments: true }
    for (const given of [before, onMachine(before, 1)]) {
      const { cells, missing } = compareResults(given, after, across)
      expect(missing).toEqual([])
      expect(cells.map(({ workload }) => workload)).toEqual('aaabbbccc'.split(''))
    }
  })

  it('of many launches are not told to become surer with more', async () => {
    const cells = day()
    const more = cells.map((of) => ({ ...of, launches: [...of.launches, ...of.launches] }))
    expect(await evidenceOf(cells)).toContain(
      'More launches (--least-launches, on both days) find smaller ones',
    )
    expect(await evidenceOf(more)).toContain('More launches would hardly find smaller ones')
  })

  it('that changed by the margin, and no more, are unclear', async () => {
    for (const factor of [1.05, 1 / 1.05]) {
      const before = await resultOf({ cells: day() })
      const after = await resultOf({ cells: day(({ workload }) => (workload === 'b' ? factor : 1)) })
      const { cells } = compareResults(before, after, options)
      expect(cells.flatMap(({ workload, change }) => (workload === 'b' ? change : []))).toEqual(
        executors.map(() => 'unclear'),
      )
    }
  })

  it('are called faster as soon as they would be called slower', async () => {
    const before = await resultOf({ cells: day() })
    const isFound = async (factor: number, kind: string): Promise<boolean> => {
      const after = await resultOf({ cells: day(({ workload }) => (workload === 'b' ? factor : 1)) })
      return compareResults(before, after, options).cells.some(({ change }) => change === kind)
    }
    const factors = Array.from({ length: 20 }, (_, index) => 1.06 + index / 100)
    const slower = await Promise.all(factors.map((factor) => isFound(factor, 'slower')))
    expect(new Set(slower)).toEqual(new Set([false, true]))
    expect(await Promise.all(factors.map((factor) => isFound(1 / factor, 'faster')))).toEqual(slower)
  })

  it('of sizes that were added for a crossover lie elsewhere in every run, and are left out', async () => {
    const before = await resultOf({ cells: [...day(), cell({ executor: 'serial', refines: true })] })
    const { missing } = compareResults(before, await resultOf({ cells: day() }), options)
    expect(missing).toEqual([])
  })

  it('that all became slower are a shift, told in words', async () => {
    const before = await resultOf({ cells: day() })
    const comparison = compareResults(before, await resultOf({ cells: day(() => 1.5) }), options)
    expect(comparison.alarm).toBe(false)
    expect(comparison.shift).toBeCloseTo(1.5, 5)
    expect(evidence(comparison).join(' ')).toContain('1.50× as long as before')
    expect(evidence(comparison).join(' ')).toContain(
      'Times are medians; a change is that of the shortest makespans',
    )
  })

  it('that wait for a timer are no slower on a faster machine, and no faster on a slower one', async () => {
    const before = await resultOf({ cells: day() })
    for (const factor of [0.8, 1.25]) {
      const after = await resultOf({ cells: day(({ workload }) => (workload === 'b' ? 1 : factor)) })
      const { cells, alarm, shift } = compareResults(before, after, options)
      expect({ alarm, shift }).toEqual({ alarm: false, shift: expect.closeTo(factor, 5) as number })
      expect(cells.flatMap(({ workload, change }) => (workload === 'b' ? change : []))).toEqual(
        executors.map(() => 'unclear'),
      )
    }
  })

  it('that are known to wait are held against what they were, whatever the machine does to the others', async () => {
    const before = await resultOf({ cells: waiting(day()) })
    const after = await resultOf({ cells: waiting(day(() => 1.25)) })
    const { cells, shift } = compareResults(before, after, options)
    expect(shift).toBeCloseTo(1.25, 5)
    expect(cells.flatMap(({ workload, change }) => (workload === 'b' ? change : []))).toEqual(
      executors.map(() => 'slower'),
    )
    expect(cells.filter(({ workload, change }) => workload !== 'b' && change === 'slower')).toEqual([])
    const quicker = await resultOf({
      cells: waiting(day(({ workload }) => (workload === 'b' ? 1 : 0.8))),
    })
    const others = compareResults(before, quicker, options)
    expect(others.alarm).toBe(false)
    expect(others.cells.find(({ workload }) => workload === 'b')?.ratio).toBeCloseTo(0.8 ** -0.05, 5)
  })

  it('need a larger slowdown to be found on a faster machine, and say so', async () => {
    const before = await resultOf({ cells: day() })
    const [alike, quicker] = await Promise.all(
      [1, 0.8].map(async (factor) =>
        compareResults(before, await resultOf({ cells: day(() => factor) }), options),
      ),
    )
    expect((quicker?.cells[0]?.detectable ?? 0) / (alike?.cells[0]?.detectable ?? 1)).toBeGreaterThan(1.1)
  })

  it('are compared at one speed of the machine, which the yardstick tells even of a single workload', async () => {
    const before = await resultOf({ cells: only(atSpeed(day(), 1)) })
    for (const slowness of [0.8, 1, 1.3]) {
      const [alike, slower] = await Promise.all(
        [1, 1.25].map(async (factor) =>
          compareResults(
            before,
            await resultOf({
              cells: only(
                atSpeed(
                  day(() => factor),
                  slowness,
                ),
              ),
            }),
            options,
          ),
        ),
      )
      expect(alike?.alarm).toBe(false)
      expect(alike?.yardstick).toBeCloseTo(slowness)
      for (const { ratio } of alike?.cells ?? []) expect(ratio).toBeCloseTo(1, 1)
      expect(new Set(slower?.cells.map(({ change }) => change))).toEqual(new Set(['slower']))
      for (const { ratio } of slower?.cells ?? []) expect(ratio).toBeCloseTo(1.25, 1)
      expect(slower && evidence(slower).join(' ')).toContain(
        `took ${slowness.toFixed(2)}× as long as before (median over the cells)`,
      )
    }
  })

  it('are taken as they are where one of the results has no yardstick, or not one for each launch', async () => {
    const [first, ...rest] = only(atSpeed(day(), 1))
    const cut = [{ ...first, yardstickMs: first?.yardstickMs?.slice(1) } as Cell, ...rest]
    const none = await resultOf({ cells: only(day()) })
    for (const before of [none, await resultOf({ cells: cut })]) {
      const after = await resultOf({ cells: only(atSpeed(day(), 2)) })
      expect(compareResults(before, after, options).cells[0]?.change).toBe('slower')
    }
    expect(compareResults(none, none, options).yardstick).toBeNull()
  })

  it('of a single workload have no shift to hide behind, unless the machine was busy', async () => {
    const before = await resultOf({ cells: only(day()) })
    const after = await resultOf({ cells: only(day(() => 1.25)) })
    expect(compareResults(before, after, options).alarms).toEqual(['slower'])
    const busy: Result = {
      ...after,
      environment: { ...after.environment, during: { otherCpuShare: 0.5 } },
    }
    const comparison = compareResults(before, busy, options)
    expect(new Set(comparison.cells.map(({ change }) => change))).toEqual(new Set(['unclear']))
    expect(evidence(comparison).join(' ')).toContain('no slowdown could be found')
  })

  it('with one launch are unclear, and said to be', async () => {
    const thin = await resultOf({ cells: [cell({ executor: 'serial', launches: [[10]] })] })
    const { cells } = compareResults(thin, thin, options)
    expect(cells).toMatchObject([{ change: 'unclear', ratio: 1, interval: null, detectable: null }])
  })

  it('that failed, or are gone, are missing; new ones are new; other results are told', async () => {
    const [one, two] = [cell({ executor: 'serial' }), cell({ executor: 'threads' })]
    const before = await resultOf({ cells: [one, two] })
    const after = await resultOf({
      cells: [
        { ...one, checksum: 'other' },
        { ...two, error: { name: 'Error', message: 'no' } },
        cell({ executor: 'processes' }),
      ],
    })
    const all = compareResults(before, after, {
      ...options,
      failOn: ['slower', 'flipped', 'missing', 'checksum'],
    })
    expect(all.alarms).toEqual(['missing', 'checksum'])
    expect(all.missing).toMatchObject([{ workload: 'w', size: 100, executor: 'threads' }])
    expect(all.added).toMatchObject([{ workload: 'w', size: 100, executor: 'processes' }])
    expect(findings(all).join(' ')).toContain('checksums differ')
    expect(compareResults(before, after, options).alarm).toBe(false)
  })

  it('are compared whatever the pilot chose, but one by one where the call named several', async () => {
    const two = await resultOf({ cells: [threadsOf(2)] })
    const four = await resultOf({ cells: [threadsOf(4)] })
    expect(compareResults(two, four, options).cells).toHaveLength(1)
    const both = await resultOf({ cells: [threadsOf(2), threadsOf(4)] })
    const less = compareResults(both, four, options)
    expect(less).toMatchObject({ cells: [{ workers: 4 }], missing: [{ workers: 2 }] })
    // By their names too, and a pool that became another is told as one.
    expect(findings(less)).toContainEqual(expect.stringContaining('threads ×2'))
    expect(less.cells.map(executorText)).toEqual(['threads ×4'])
    expect(compareResults(two, four, options).cells.map(executorText)).toEqual(['threads ×2, now ×4'])
  })

  it('of several interpreters are each held against those of its own, patched or not', async () => {
    const before = await resultOf({ cells: twins('cpython 3.11.7') })
    const after = await resultOf({ cells: twins('cpython 3.11.9', 1.5).toReversed() })
    const { cells, missing, added } = compareResults(before, after, options)
    expect({ missing, added }).toEqual({ missing: [], added: [] })
    expect(new Set(cells.map(({ runtime, ratio }) => `${runtime} ${ratio?.toFixed(2)}`))).toEqual(
      new Set(['cpython 3.11.9 1.00', 'cpython 3.13.1 1.50', 'cpython 3.13.1 free-threaded 1.00']),
    )
    expect(cells).toHaveLength(6)
    // Across machines each by the side of its own serial.
    const byRatio = compareResults(before, after, { ...options, acrossEnvironments: true })
    expect(byRatio.cells.map(({ ratio }) => ratio?.toFixed(2))).toEqual(['1.00', '1.00', '1.00'])
    const newer = await resultOf({ cells: twins('cpython 3.12.1') })
    const { missing: gone } = compareResults(before, newer, options)
    expect(gone.map(({ runtime }) => runtime)).toEqual(['cpython 3.11.7', 'cpython 3.11.7'])
  })

  it('do not depend on their order', () => {
    assert(
      property(shuffledSubarray(base.cells, { minLength: base.cells.length }), (cells) => {
        const found = compareResults(base, { ...base, cells }, options)
        expect(found.cells.every(({ change }) => change === 'unchanged')).toBe(true)
      }),
      { numRuns: 20 },
    )
  })
})

describe('verdicts', () => {
  it('flip if no executor is among the best in both', async () => {
    const flip = compareResults(await wonBy('processes'), await wonBy('threads'), options)
    expect(flip.alarms).toEqual(['flipped'])
    expect(flip.flipped).toEqual([{ workload: 'w', size: 100, from: ['processes'], to: ['threads'] }])
    expect(findings(flip)).toEqual(['Verdict flipped: w at 100: processes, now threads.'])
    const shared = compareResults(await wonBy('processes'), await wonBy('threads', 'processes'), options)
    expect(shared.alarm).toBe(false)
  })

  it('that flip beside other programs are told, and no alarm: pools lose cores to them', async () => {
    const quiet = await wonBy('processes')
    const other = await wonBy('threads')
    const busy = { ...other, environment: { ...other.environment, during: { otherCpuShare: 0.3 } } }
    for (const [before, after] of [
      [quiet, busy],
      [busy, quiet],
    ] as const) {
      const flip = compareResults(before, after, options)
      expect(flip).toMatchObject({ alarm: false, flipped: [] })
      expect(flip.flippedUnderLoad).toMatchObject([{ workload: 'w', size: 100 }])
      expect(findings(flip).join(' ')).toContain('No alarm: other programs were at work')
    }
  })

  it('that became undecided are named, and no alarm', async () => {
    const before = await resultOf({ verdicts: [winner('processes')] })
    const after = await resultOf({ verdicts: [verdict({ kind: 'undecided', executors: ['serial'] })] })
    expect(compareResults(before, after, options)).toMatchObject({
      alarm: false,
      undecidedNow: [{ workload: 'w', size: 100 }],
    })
  })

  it('of CPython are held against those of CPython, whatever its patch', async () => {
    const before = await resultOf({ verdicts: twinWonBy('python-threads', 'cpython 3.11.7') })
    const after = await resultOf({ verdicts: twinWonBy('python-processes', 'cpython 3.11.8') })
    expect(compareResults(before, after, options).flipped).toMatchObject([
      { runtime: 'cpython 3.11.8', from: ['python-threads'], to: ['python-processes'] },
    ])
  })
})

describe('crossovers and claims', () => {
  it('are told where they moved for sure', async () => {
    expect(compareResults(await crossingAt(100), await crossingAt(150), options).crossovers).toEqual([])
    // Both brackets have 200 in common.
    expect(compareResults(await crossingAt(100), await crossingAt(400), options).crossovers).toEqual([])
    expect(compareResults(await crossingAt(400), await crossingAt(100), options).crossovers).toEqual([])
    const moved = compareResults(await crossingAt(100), await crossingAt(1000), options)
    expect(moved.crossovers).toMatchObject([{ before: 100, after: 1000 }])
    expect(findings(moved)[0]).toBe('Crossover moved: w, serial to threads: 100, now 1,000.')
  })

  it('are told where a claim turned', async () => {
    expect(compareResults(await claiming('holds'), await claiming('refuted'), options).guidance).toHaveLength(
      1,
    )
    expect(compareResults(await claiming('holds'), await claiming('undecided'), options).guidance).toEqual([])
  })
})

describe('machines', () => {
  it('differ by what makes times incomparable', () => {
    const { environment } = base
    expect(environmentDifferences(environment, environment)).toEqual([])
    const other = { ...environment, cpuModel: 'Other', node: '99.0.0', cpuQuotaCores: 1 }
    expect(environmentDifferences(environment, other).map(({ what }) => what)).toEqual([
      'CPU',
      'CPU quota',
      'Node major',
    ])
    expect(
      environmentDifferences({ ...environment, node: '20.1.0' }, { ...environment, node: '20.9.9' }),
    ).toEqual([])
  })

  it('apart, only ratios to serial are compared', async () => {
    const before = await resultOf({ cells: day() })
    const slowMachine = await resultOf({ cells: day(() => 3) })
    const worse = await resultOf({ cells: day(({ executor }) => (executor === 'threads' ? 4 : 3)) })
    const across = { ...options, acrossEnvironments: true }
    const same = compareResults(before, slowMachine, across)
    expect(same.cells).toHaveLength(9)
    expect(same.cells.every(({ change }) => change === 'unchanged')).toBe(true)
    const found = compareResults(before, worse, across)
    expect(found.cells.find(({ executor }) => executor === 'threads')?.ratio).toBeCloseTo(4 / 3, 5)
  })
})
