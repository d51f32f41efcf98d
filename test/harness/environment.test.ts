/** The environment record: what a process may use, of what is there. */

import { expect, test } from 'vitest'
import { describeEnvironment, readEnvironment } from '#dist/harness/environment.js'
import { version } from '#dist/version.js'

const facts = {
  cpuModels: Array.from({ length: 8 }, () => '  Some CPU @ 2.0GHz '),
  parallelism: 8,
  cpuQuotaCores: null,
  totalMemoryBytes: 16e9,
  memoryLimitBytes: 2 ** 64,
  loadAverage: [0.5, 0.4, 0.3],
  env: {},
  frequency: {},
  clockStepMs: 0.0001,
}

test('this machine', () => {
  const environment = readEnvironment()
  expect(environment).toMatchObject({ node: process.version, platform: process.platform, boundby: version })
  expect(environment.cpuModel).not.toBe('')
  expect(environment.cores).toBeGreaterThanOrEqual(1)
  expect(environment.availableCores).toBeGreaterThan(0)
  expect(environment.availableCores).toBeLessThanOrEqual(environment.cores)
  expect(environment.memoryBytes).toBeGreaterThan(0)
})

test('affinity, quota and memory limit bound what is there', () => {
  expect(describeEnvironment(facts)).toMatchObject({
    cpuModel: 'Some CPU @ 2.0GHz',
    cores: 8,
    availableCores: 8,
    cpuQuotaCores: null,
    memoryBytes: 16e9,
  })
  expect(describeEnvironment({ ...facts, parallelism: 4 })).toMatchObject({ cores: 8, availableCores: 4 })
  expect(describeEnvironment({ ...facts, cpuQuotaCores: 1.5 })).toMatchObject({ availableCores: 1.5 })
  expect(describeEnvironment({ ...facts, cpuQuotaCores: 64 })).toMatchObject({ availableCores: 8 })
  expect(describeEnvironment({ ...facts, memoryLimitBytes: 1e9 })).toMatchObject({ memoryBytes: 1e9 })
  expect(describeEnvironment({ ...facts, memoryLimitBytes: 0 })).toMatchObject({ memoryBytes: 16e9 })
})

test('a sandbox that names no CPU is described all the same', () => {
  const environment = describeEnvironment({ ...facts, cpuModels: [], parallelism: 2 })
  expect(environment).toMatchObject({ cpuModel: 'unknown', cores: 2, availableCores: 2 })
})

test('whether variables are set is told, never what they hold', () => {
  const env = { NODE_EXTRA_CA_CERTS: '/secret/ca.pem', NODE_OPTIONS: '' }
  const environment = describeEnvironment({ ...facts, env })
  expect(environment).toMatchObject({ extraCaCerts: true, nodeOptions: false })
  expect(JSON.stringify(environment)).not.toContain('secret')
})

test('what the system does not tell is absent', () => {
  expect(describeEnvironment({ ...facts, frequency: { turbo: true } })).toMatchObject({
    turbo: true,
    clockStepMs: 0.0001,
  })
  const environment = describeEnvironment({ ...facts, clockStepMs: Infinity })
  expect(Object.keys(environment)).not.toContain('clockStepMs')
  expect(Object.keys(environment)).not.toContain('governors')
})
