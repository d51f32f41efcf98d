/** The answer of a whole result in one sentence. */
import { describe, expect, it } from 'vitest'
import { byWorkload } from '#dist/analysis/by-workload.js'
import { headline } from '#dist/analysis/headline.js'
import { cell, resultOf, verdict } from '../results/fixture.ts'

const race = (
  workload: string,
  kind: 'winner' | 'tie' | 'undecided',
  executors: readonly string[],
  size = 100,
) => ({
  cells: ['serial', 'threads', 'processes'].map((executor) => cell({ workload, executor, size })),
  verdict: verdict({
    workload,
    kind,
    executors: [...executors],
    size,
    ratio: executors.includes('serial') ? null : 1.9,
  }),
})

async function said(...races: readonly ReturnType<typeof race>[]) {
  const result = await resultOf({
    workloads: [],
    cells: races.flatMap(({ cells }) => cells),
    verdicts: races.map((one) => one.verdict),
  })
  return headline(result, byWorkload(result))
}

describe('the headline', () => {
  it('counts who wins at the largest sizes, the most frequent winner first', async () => {
    const { text, groups } = await said(
      race('a', 'winner', ['serial']),
      race('b', 'winner', ['threads']),
      race('c', 'winner', ['serial'], 10),
      race('c', 'winner', ['threads']),
      race('d', 'tie', ['threads', 'processes']),
      race('e', 'undecided', ['threads', 'serial']),
    )
    expect(text).toBe(
      'Of 5 workloads at the largest size, threads wins 2, serial wins 1, 1 is a tie and 1 is undecided.',
    )
    expect(
      groups.map(({ executor, standings }) => [executor, standings.map(({ workload }) => workload.name)]),
    ).toEqual([
      ['threads', ['b', 'c']],
      ['serial', ['a']],
      [null, ['d']],
      [null, ['e']],
    ])
  })

  it('says of one workload who wins it from where on', async () => {
    const { text } = await said(race('w', 'winner', ['serial'], 10), race('w', 'winner', ['threads'], 100))
    expect(text).toMatch(/^w: At 100, the largest size, threads wins, 1.90× as fast as serial/u)
  })

  it('claims nothing where nothing is decided', async () => {
    expect((await said(race('a', 'undecided', ['threads']), race('b', 'undecided', ['serial']))).text).toBe(
      'Of 2 workloads at the largest size, none is decided yet.',
    )
    expect((await said()).text).toContain('Nothing was decided')
  })

  it('says how sure it is only of what there is', async () => {
    expect((await said(race('a', 'winner', ['threads']))).sureness).toMatch(/95 % confidence/u)
    expect((await said(race('a', 'winner', ['threads']))).sureness).not.toContain('Undecided')
    expect((await said(race('a', 'undecided', ['threads']))).sureness).not.toContain('confidence')
  })
})
