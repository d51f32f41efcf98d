/** Cautions about the machine: each fires on its own disturbance, and none on a quiet machine. */

import { describe, expect, test } from 'vitest'
import { machineWarnings } from '#dist/analysis/warnings/index.js'
import { warningText } from '#dist/analysis/warnings/warning.js'
import type { Disturbance, Environment } from '../../../src/results/schema.ts'
import { fixture } from '../../results/fixture.ts'

const { environment } = await fixture('default-suite')

const said = (fields: Partial<Environment>): string[] =>
  machineWarnings({ ...environment, ...fields }).map(warningText)
const during = (fields: Disturbance): string[] => said({ during: fields })

test('a quiet machine gives none, however much is known of it', () => {
  expect(said({})).toEqual([])
  expect(
    said({
      governors: ['performance'],
      turbo: false,
      during: {
        durationMs: 60_000,
        otherCpuShare: 0.03,
        stealShare: 0.001,
        // A run waits for its own workers.
        cpuPressureShare: 0.9,
        quotaPeriods: 600,
        throttledPeriods: 0,
        throttledMs: 0,
        otherBoundbyPids: [],
      },
    }),
  ).toEqual([])
})

describe('each disturbance is named with its number', () => {
  test.each<[string, Partial<Environment>, RegExp]>([
    [
      'load beforehand',
      { loadAverage: [1.8, 0, 0] },
      /^load: .* load average beforehand was 1\.8 on 2 cores;/u,
    ],
    ['a quota', { cpuQuotaCores: 1.5 }, /^quota: a quota allows 1\.5 of 2 cores, /u],
    ['one core', { availableCores: 1 }, /^cores: this process may use 1 core, .* no pool can speed up/u],
    ['certificates', { extraCaCerts: true }, /^variables: .*NODE_EXTRA_CA_CERTS \(/u],
    ['options', { nodeOptions: true }, /^variables: .*NODE_OPTIONS \(/u],
    [
      'both',
      { extraCaCerts: true, nodeOptions: true },
      /^variables: .*NODE_EXTRA_CA_CERTS .* and NODE_OPTIONS /u,
    ],
    [
      'a governor',
      { governors: ['performance', 'powersave'] },
      /^frequency: the .* governor is powersave, /u,
    ],
    ['turbo', { turbo: true }, /^frequency: turbo is on, .* switch turbo \(boost\) off/u],
    [
      'others at work',
      { during: { otherCpuShare: 0.41, cpuPressureShare: 0.3 } },
      /^load: .* other programs used 41 % of its 2 cores \(something waited for a core 30 % of the time\);/u,
    ],
    ['others, pressure unknown', { during: { otherCpuShare: 0.41 } }, /used 41 % of its 2 cores;/u],
    ['a hypervisor', { during: { stealShare: 0.06 } }, /^load: .* the hypervisor took 6 % of the CPU time;/u],
    [
      'a quota that bites',
      { cpuQuotaCores: 1, during: { quotaPeriods: 600, throttledPeriods: 12, throttledMs: 340 } },
      /^quota: a quota allows 1 of 2 cores and it stopped work in 12 of 600 periods \(340 ms in all\), /u,
    ],
    [
      'a quota that is not seen but bites',
      { during: { quotaPeriods: 600, throttledPeriods: 12, throttledMs: 340 } },
      /^quota: there is a CPU quota and it stopped work in 12 of 600 periods/u,
    ],
    [
      'another boundby',
      { during: { otherBoundbyPids: [17] } },
      /^another-boundby: another boundby runs .*\(pid 17\)/u,
    ],
    [
      'many of them',
      { during: { otherBoundbyPids: [1, 2, 3, 4, 5, 6, 7] } },
      /7 others of boundby run .*\(pid 1, 2, 3, 4, 5 and 2 more\)/u,
    ],
  ])('%s', (_, fields, sentence) => {
    const warnings = said(fields)
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toMatch(sentence)
    expect(warnings[0]).toMatch(/; .*\.$/u)
  })

  test('a load of the minute before is not told where nobody was at work since', () => {
    expect(said({ loadAverage: [3, 0, 0], during: { otherCpuShare: 0.02 } })).toEqual([])
    expect(said({ loadAverage: [3, 0, 0], during: { otherCpuShare: 0.5 } }).join('')).toMatch(
      /used 50 % .* and the load average beforehand was 3\.0/u,
    )
  })

  test('up to a tolerable amount it is not worth a word', () => {
    expect(said({ loadAverage: [0.9, 0, 0] })).toEqual([])
    expect(said({ cpuQuotaCores: 2 })).toEqual([])
    expect(during({ otherCpuShare: 0.09 })).toEqual([])
    expect(during({ stealShare: 0.015 })).toEqual([])
  })
})
