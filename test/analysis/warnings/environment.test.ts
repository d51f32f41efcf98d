/** Cautions about the machine. */

import { expect, test } from 'vitest'
import { environmentWarnings } from '#dist/analysis/warnings/environment.js'
import { fixture } from '../../results/fixture.ts'

test('a quiet machine gives none', async () => {
  const { environment } = await fixture('default-suite')
  expect(environmentWarnings(environment)).toEqual([])
})

test('each disturbance is named with its number', async () => {
  const { environment } = await fixture('default-suite')
  const said = (fields: object): string => environmentWarnings({ ...environment, ...fields }).join('\n')
  expect(said({ loadAverage: [1.8, 0, 0] })).toMatch(/load 1\.8 on 2 cores/u)
  expect(said({ loadAverage: [0.9, 0, 0] })).toBe('')
  expect(said({ cpuQuotaCores: 1.5 })).toMatch(/1\.5 of 2 cores/u)
  expect(said({ availableCores: 1 })).toMatch(/no pool can speed up/u)
  expect(said({ extraCaCerts: true })).toMatch(/NODE_EXTRA_CA_CERTS/u)
  expect(said({ nodeOptions: true })).toMatch(/NODE_OPTIONS/u)
  expect(said({ extraCaCerts: true, nodeOptions: true }).split('\n')).toHaveLength(1)
})
