/** The usual way to name a winner, and when two verdicts contradict each other. */

import { describe, expect, it } from 'vitest'
import { contradicts } from '../../benchmarks/verdict/agreement.ts'
import { rankUsually } from '../../benchmarks/verdict/usual.ts'

/** 64 makespans around a centre, evenly spread. */
const around = (centre: number, spread: number): number[] =>
  Array.from({ length: 64 }, (_, index) => centre + (spread * (index - 31.5)) / 31.5)

/** Who leads two executors that differ by 1 %. */
const equals = (spread: number): readonly string[] =>
  rankUsually(
    new Map([
      ['serial', around(10.1, spread)],
      ['threads', around(10, spread)],
    ]),
  ).leaders

const winner = (executor: string) => ({ kind: 'winner' as const, executors: [executor] })
const tie = (...executors: string[]) => ({ kind: 'tie' as const, executors })

describe('64 iterations and Welch', () => {
  it('name the fastest by medians if the test tells it from all others', () => {
    const ranking = rankUsually(
      new Map([
        ['serial', around(12, 1)],
        ['threads', around(10, 1)],
      ]),
    )
    expect(ranking.leaders).toEqual(['threads'])
    expect(ranking.lead).toBeCloseTo(0.2)
  })

  it('name a winner among equals once the spread is small, and none while it is large', () => {
    expect(equals(0.1)).toEqual(['threads'])
    expect(equals(2)).toEqual(['threads', 'serial'])
  })

  it('decide at 5 %: t just below and just above the bound', () => {
    // Both have the standard error 1 / 8 · √2 · s, with s = 1.
    const sample = around(0, 1)
    const squares = sample.reduce((total, value) => total + value ** 2, 0)
    const unit = Math.sqrt(squares / 63)
    const error = (unit * Math.SQRT2) / 8
    const leaders = (t: number) =>
      rankUsually(
        new Map([
          ['a', sample.map((value) => value + 10)],
          ['b', sample.map((value) => value + 10 + t * error)],
        ]),
      ).leaders.length
    expect(leaders(1.99)).toBe(2)
    expect(leaders(2.01)).toBe(1)
  })
})

describe('two verdicts', () => {
  it('agree if one is open, or both say the same', () => {
    expect(contradicts(winner('a'), { kind: 'undecided', executors: ['b', 'c'] })).toBe(false)
    expect(contradicts(winner('a'), winner('a'))).toBe(false)
    expect(contradicts(tie('a', 'b'), tie('b', 'a'))).toBe(false)
  })

  it('contradict each other by kind or by executors', () => {
    expect(contradicts(winner('a'), winner('b'))).toBe(true)
    expect(contradicts(winner('a'), tie('a', 'b'))).toBe(true)
    expect(contradicts(tie('a', 'b'), tie('a', 'b', 'c'))).toBe(true)
  })
})
