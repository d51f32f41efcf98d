/** What happened between two readings of the system's counters, from files as Linux writes them. */

import { describe, expect, test } from 'vitest'
import { watchDisturbance } from '#dist/harness/disturbance.js'
import { readFrequency } from '#dist/harness/frequency.js'

type Files = Readonly<Record<string, string>>

/** 2 cores for 10 s: 2000 ticks. */
const before: Files = {
  '/proc/stat': 'cpu  100 0 50 5000 10 0 5 20 7 0\ncpu0 1 2 3 4 5 6 7 8 0 0\n',
  '/proc/self/stat': '42 (a) b (c) S 1 1 1 0 -1 4194304 9 9 9 9 10 5 3 2 20 0 1 0 77 1 1\n',
  '/proc/pressure/cpu':
    'some avg10=0.01 avg60=0.23 avg300=2.89 total=1000000\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n',
  '/proc/self/cgroup': '0::/pod/box\n',
  '/sys/fs/cgroup/pod/box/cpu.stat': 'usage_usec 5\nnr_periods 10\nnr_throttled 1\nthrottled_usec 1000\n',
}
const after: Files = {
  '/proc/stat': 'cpu  900 0 250 5940 20 0 5 60 7 0\n',
  '/proc/self/stat': '42 (a) b (c) S 1 1 1 0 -1 4194304 9 9 9 9 110 55 303 152 20 0 1 0 77 1 1\n',
  '/proc/pressure/cpu': 'some avg10=0.01 avg60=0.23 avg300=2.89 total=3500000\n',
  '/proc/self/cgroup': '0::/pod/box\n',
  '/sys/fs/cgroup/pod/box/cpu.stat': 'usage_usec 5\nnr_periods 110\nnr_throttled 21\nthrottled_usec 51000\n',
}

function watched(first: Files, second: Files, durationMs = 10_000): object {
  let files = first
  let nowMs = 5
  const end = watchDisturbance(
    (path) => files[path],
    () => nowMs,
  )
  files = second
  nowMs += durationMs
  return end()
}

const without = (files: Files, path: string): Files =>
  Object.fromEntries(Object.entries(files).filter(([name]) => name !== path))

describe('counters', () => {
  test('become shares: of the busy time, ours and our children’s is not others’', () => {
    // Busy for 800 + 200 ticks, of which 100 + 50 + 300 + 150 are ours: 400 of 1990.
    expect(watched(before, after)).toEqual({
      durationMs: 10_000,
      otherCpuShare: 400 / 1990,
      stealShare: 40 / 1990,
      cpuPressureShare: 0.25,
      quotaPeriods: 100,
      throttledPeriods: 20,
      throttledMs: 50,
    })
  })

  test('that cannot be read are absent, never 0', () => {
    expect(watched({}, {})).toEqual({ durationMs: 10_000 })
    const fields = (path: string): string[] =>
      Object.keys(watched(without(before, path), without(after, path))).toSorted()
    expect(fields('/proc/stat')).not.toContain('otherCpuShare')
    expect(fields('/proc/stat')).not.toContain('stealShare')
    expect(fields('/proc/self/stat')).not.toContain('otherCpuShare')
    expect(fields('/proc/self/stat')).toContain('stealShare')
    expect(fields('/proc/pressure/cpu')).not.toContain('cpuPressureShare')
    expect(fields('/proc/self/cgroup')).not.toContain('throttledPeriods')
    // A counter that appears only later has no difference.
    expect(watched({}, after)).toEqual({ durationMs: 10_000 })
  })

  test('that say nonsense are absent, or within bounds', () => {
    const garbled = { ...after, '/proc/stat': 'cpu  x y\n', '/proc/self/stat': 'nothing' }
    expect(watched(before, garbled)).not.toHaveProperty('otherCpuShare')
    // A child whose time is counted late, and a counter that went back.
    const late = { ...after, '/proc/self/stat': after['/proc/self/stat']?.replace('303', '9303') ?? '' }
    expect(watched(before, late)).toMatchObject({ otherCpuShare: 0 })
    expect(watched(after, before)).not.toHaveProperty('otherCpuShare')
  })

  test('of version 1 control groups are nanoseconds', () => {
    const group = '3:cpu,cpuacct:/box\n'
    const stat = (ns: number, periods: number): Files => ({
      '/proc/self/cgroup': group,
      '/sys/fs/cgroup/cpu/box/cpu.stat': `nr_periods ${periods}\nnr_throttled ${periods}\nthrottled_time ${ns}\n`,
    })
    expect(watched(stat(0, 0), stat(3e6, 4))).toMatchObject({
      quotaPeriods: 4,
      throttledPeriods: 4,
      throttledMs: 3,
    })
  })
})

describe('frequency', () => {
  const cpu = '/sys/devices/system/cpu'

  test('is what the cores say', () => {
    const files: Files = {
      [`${cpu}/cpu0/cpufreq/scaling_governor`]: 'powersave\n',
      [`${cpu}/cpu1/cpufreq/scaling_governor`]: 'powersave\n',
      [`${cpu}/intel_pstate/no_turbo`]: '0\n',
    }
    expect(readFrequency(2, (path) => files[path])).toEqual({ governors: ['powersave'], turbo: true })
    const boost = (value: string): object =>
      readFrequency(1, (path) => (path === `${cpu}/cpufreq/boost` ? value : undefined))
    expect(boost('1\n')).toEqual({ turbo: true })
    expect(boost('0\n')).toEqual({ turbo: false })
  })

  test('is absent where nothing is said', () => {
    expect(readFrequency(4, () => undefined)).toEqual({})
  })
})
