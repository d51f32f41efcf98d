/** What a host says is checked: a task can send anything over the same channel. */
import { describe, expect, it } from 'vitest'
import type { HostCommands } from '#dist/harness/commands.js'
import { parseAnswer } from '#dist/harness/host-message.js'
import { mostTimelineTasks } from '#dist/harness/timeline.js'

const observed: HostCommands['observe']['answer'] = {
  makespanMs: 10,
  checksum: 'c',
  observation: {
    spent: {
      wallMs: 10,
      cpuMs: 9,
      mainCpuMs: null,
      mainRunQueueMs: null,
      v8CpuMs: null,
      libuvCpuMs: null,
      otherRunQueueMs: null,
      childrenCpuMs: null,
      gcMs: 0,
      loopIdleMs: 0,
    },
    costs: {
      makespanMs: 10,
      workers: 2,
      dispatchMs: 1,
      transferInMs: 0,
      transferOutMs: 0,
      cpuMs: 9,
      runQueueMs: null,
      blockedMs: 0,
      idleMs: 0,
      imbalanceMs: 0,
    },
    dispatch: { aloneMs: 0.05, atOnceMs: 0.02 },
    inputs: { bytes: 10, copiedBytes: 10 },
    outputs: null,
    cpuMs: null,
    peakRssBytes: null,
    workerProcesses: 2,
    loopDelayP99Ms: 1,
  },
  times: {
    workers: [{ pid: 10, threadId: 0 }],
    tasks: [
      {
        worker: 0,
        queuedMs: 0,
        startedMs: 0.5,
        endedMs: 9,
        settledMs: 9.5,
        cpuMs: null,
        runQueueMs: null,
      },
    ],
    omittedTasks: 0,
  },
}

describe('an observation', () => {
  it('is taken as it is', () => {
    expect(parseAnswer('observe', observed)).toEqual({ answer: observed })
  })

  it('is refused with a number that cannot be', () => {
    const { observation } = observed
    for (const wrong of [
      { ...observation, costs: { ...observation.costs, cpuMs: -1 } },
      { ...observation, costs: { ...observation.costs, makespanMs: 0 } },
      { ...observation, spent: { ...observation.spent, gcMs: Number.NaN } },
      { ...observation, loopDelayP99Ms: Infinity },
      { ...observation, dispatch: null },
    ])
      expect(parseAnswer('observe', { ...observed, observation: wrong })).toBeUndefined()
  })
})

describe('the times of tasks', () => {
  it('are refused with a number that cannot be, and where there are more than a timeline holds', () => {
    const { times } = observed
    const [task] = times.tasks
    for (const wrong of [
      undefined,
      { ...times, omittedTasks: 1.5 },
      { ...times, tasks: [{ ...task, startedMs: -1 }] },
      { ...times, tasks: [{ ...task, endedMs: Infinity }] },
      { ...times, tasks: Array.from({ length: mostTimelineTasks + 1 }, () => task) },
      { ...times, workers: [{ pid: -1, threadId: 0 }] },
    ])
      expect(parseAnswer('observe', { ...observed, times: wrong })).toBeUndefined()
  })
})
