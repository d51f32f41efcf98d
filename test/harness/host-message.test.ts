/** What a host says is checked: a task can send anything over the same channel. */
import { describe, expect, it } from 'vitest'
import type { HostCommands } from '#dist/harness/commands.js'
import { parseAnswer } from '#dist/harness/host-message.js'

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
    loopDelayP99Ms: 1,
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
