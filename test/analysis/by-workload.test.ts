/** The arrangement of a result by workload, size and arm. */

import { describe, expect, test } from 'vitest'
import { byWorkload } from '#dist/analysis/by-workload.js'
import type { Result } from '../../src/results/schema.ts'
import { cell, fixture, resultOf, verdict } from '../results/fixture.ts'

async function only(fields: Partial<Result>) {
  const [workload, ...others] = byWorkload(await resultOf(fields))
  if (workload === undefined || others.length > 0) throw new Error('expected one workload')
  return workload
}

test('sizes ascend, whatever the order in the file; arms keep the order of the call', async () => {
  const workload = await only({
    cells: [
      cell({ executor: 'threads', workers: 2, size: 1000 }),
      cell({ executor: 'serial', size: 1000 }),
      cell({ executor: 'threads', workers: 2, size: 9 }),
      cell({ executor: 'serial', size: 9 }),
    ],
  })
  expect(workload.sizes.map(({ size }) => size)).toEqual([9, 1000])
  expect(workload.arms.map(({ label }) => label)).toEqual(['serial', 'threads ×2'])
})

describe('arms', () => {
  test('numbers of workers that raced against each other are arms of their own', async () => {
    const workload = await only({
      cells: [8, 2].map((workers) => cell({ executor: 'threads', workers })),
      verdicts: [verdict({ kind: 'winner', executors: ['threads'], workers: [8] })],
    })
    expect(workload.arms.map(({ label }) => label)).toEqual(['threads ×2', 'threads ×8'])
    expect(workload.sizes[0]?.leaders.map(({ label }) => label)).toEqual(['threads ×8'])
  })

  test('a number that the pilot chose for each size stays one arm', async () => {
    const workload = await only({
      cells: [
        cell({ executor: 'threads', workers: 8, size: 10 }),
        cell({ executor: 'threads', workers: 2, size: 20 }),
      ],
    })
    expect(workload.arms.map(({ label }) => label)).toEqual(['threads ×2–8'])
  })

  test('an executor that the call does not name is shown all the same', async () => {
    const workload = await only({ cells: [cell({ executor: 'queue', workers: 4 })] })
    expect(workload.arms.map(({ label }) => label)).toEqual(['queue ×4'])
  })
})

test('a workload, or a size, that was skipped as a whole is there without cells', async () => {
  const workload = await only({
    cells: [cell({ executor: 'serial', size: 10 })],
    skipped: [{ workload: 'w', size: 20, executor: null, reason: 'no time' }],
  })
  expect(workload.sizes.map(({ size, cells }) => [size, cells.size])).toEqual([
    [10, 1],
    [20, 0],
  ])
  const names = byWorkload(await fixture('default-suite')).map(({ name }) => name)
  expect(names).toContain('file-read-direct')
})
