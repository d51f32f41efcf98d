/** What theory says of tasks of a known time. */

import { describe, expect, it } from 'vitest'
import { theoryMs, truthOf } from '../../benchmarks/truth/theory.ts'

const makespan = (workload: string, executor: string, tasks: number, workers: number | null): number =>
  theoryMs(workload, executor, { tasks, workers, taskMs: 10 })

const truth = (makespansMs: Record<string, number>) => truthOf(new Map(Object.entries(makespansMs)), 0.05)

describe('the makespan in theory', () => {
  it.each([
    ['spin', 'serial', 7, 1, 70],
    ['spin', 'event-loop', 7, 16, 70],
    ['block', 'event-loop', 7, 16, 70],
    ['timer', 'event-loop', 7, 16, 10],
    ['timer', 'event-loop', 7, null, 10],
    ['timer', 'event-loop', 17, 16, 20],
    ['timer', 'serial', 7, 1, 70],
    ['block', 'threads', 7, 2, 40],
    ['timer', 'processes', 16, 2, 80],
  ])('%s under %s: %d tasks, %s workers', (workload, executor, tasks, workers, expectedMs) => {
    expect(makespan(workload, executor, tasks, workers)).toBe(expectedMs)
  })

  it('has a winner, or ties what lies within the margin', () => {
    expect(truth({ serial: 70, threads: 40, processes: 41 })).toEqual({
      kind: 'tie',
      executors: ['threads', 'processes'],
    })
    expect(truth({ serial: 70, threads: 40, processes: 43 })).toEqual({
      kind: 'winner',
      executors: ['threads'],
    })
  })
})
