/** `--workloads` as a filter of names. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { selectWorkloads } from '#dist/workloads/select.js'

const workloads = ['primes', 'file-read', 'file-read-direct', 'sha256'].map((name) => ({ name }))
const selected = (globs: string[] | null) => selectWorkloads(workloads, globs).map(({ name }) => name)

describe('selectWorkloads', () => {
  it('takes all without globs', () => {
    expect(selected(null)).toHaveLength(4)
  })

  it('knows * and ?, and matches whole names', () => {
    expect(selected(['file-*'])).toEqual(['file-read', 'file-read-direct'])
    expect(selected(['file-read'])).toEqual(['file-read'])
    expect(selected(['sha???', 'primes'])).toEqual(['primes', 'sha256'])
    expect(selected(['*'])).toHaveLength(4)
  })

  it('names the nearest workload where a glob matches none', () => {
    expect(() => selected(['prime'])).toThrow('no workload matches prime. Did you mean primes?')
    expect(() => selected(['primes', 'zzz'])).toThrow('Choose from primes, file-read')
  })

  it('takes every other character as itself', () => {
    expect(() => selected(['prime.'])).toThrow('no workload matches')
    fc.assert(
      fc.property(fc.string(), (text) => {
        const name = text.replaceAll(/[*?]/gu, '')
        expect(selectWorkloads([{ name }], [name])).toEqual([{ name }])
      }),
    )
  })
})
