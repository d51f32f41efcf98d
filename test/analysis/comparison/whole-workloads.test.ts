/** Cells of a workload, joined launch by launch. */

import { describe, expect, it } from 'vitest'
import { wholesOf } from '#dist/analysis/comparison/whole-workloads.js'
import type { Member } from '#dist/analysis/comparison/whole-workloads.js'

const cell = (executor: string, logs: readonly number[], more: Partial<Member> = {}): Member => ({
  workload: 'w',
  executor,
  computing: 1,
  standardError: 0.1,
  days: { baseline: logs, candidate: logs.map((log) => log + 1), standardError: 0.01 },
  ...more,
})

describe('the cells of a workload as one', () => {
  it('what disturbs a launch of all of them stays, what disturbs one of them is averaged', () => {
    const [whole] = wholesOf([cell('serial', [1, 2, 1.5]), cell('threads', [3, 4, 3.1])])
    expect(whole?.days.baseline).toEqual([2, 3, expect.closeTo(2.3)])
    expect(whole?.days.candidate).toEqual([3, 4, expect.closeTo(3.3)])
  })

  it('by their precision', () => {
    const [whole] = wholesOf([
      cell('serial', [0, 0], { standardError: 0.1, computing: 1 }),
      cell('threads', [5, 10], { standardError: 0.2, computing: 0.5 }),
    ])
    expect(whole?.days.baseline).toEqual([expect.closeTo(1), expect.closeTo(2)])
    expect(whole?.computing).toBeCloseTo(0.9)
  })

  it('how far they follow the machine may be misjudged in all of them alike: that error does not shrink', () => {
    const [whole] = wholesOf([cell('serial', [0, 0]), cell('threads', [0, 0])])
    expect(whole?.days.standardError).toBeCloseTo(0.01)
  })

  it('a cell that is known exactly is all there is to it', () => {
    const [whole] = wholesOf([
      cell('serial', [1, 1], { standardError: 0 }),
      cell('threads', [7, 8], { standardError: 0.1 }),
    ])
    expect(whole?.days.baseline).toEqual([expect.closeTo(1), expect.closeTo(1)])
  })
})

describe('left out', () => {
  it('a cell that was out of its race before the end', () => {
    const [first, second, beaten] = [cell('serial', [1, 2]), cell('threads', [1, 2]), cell('processes', [9])]
    expect(wholesOf([beaten, first, second]).map(({ members }) => members)).toEqual([[first, second]])
  })

  it('a workload with one cell, or one that was measured to the end', () => {
    expect(wholesOf([cell('serial', [1, 2]), cell('serial', [1, 2], { workload: 'v' })])).toEqual([])
    expect(wholesOf([cell('serial', [1, 2]), cell('threads', [1])])).toEqual([])
  })
})

it("workloads stand apart, and a workload's cells of CPython", () => {
  const cells = ['serial', 'threads', 'python-serial', 'python-threads'].flatMap((executor) => [
    cell(executor, [1, 2]),
    cell(executor, [1, 2], { workload: 'v' }),
  ])
  expect(
    wholesOf(cells).map(({ members }) => members.map(({ workload, executor }) => [workload, executor])),
  ).toEqual([
    [
      ['w', 'serial'],
      ['w', 'threads'],
    ],
    [
      ['v', 'serial'],
      ['v', 'threads'],
    ],
    [
      ['w', 'python-serial'],
      ['w', 'python-threads'],
    ],
    [
      ['v', 'python-serial'],
      ['v', 'python-threads'],
    ],
  ])
})
