/** Every workload's Python twin gives what the workload gives, at its smallest size, in a real Python. */
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { Workload } from 'boundby'
import { DriverProcess } from '#dist/harness/python/driver-process.js'
import { findTwin, twinFunctions } from '#dist/harness/python/twin.js'
import { stableChecksum } from '#dist/workloads/checksum.js'
import { python, withoutPython } from '../harness/python/python.ts'

const folder = new URL('../../benchmarks/workloads/', import.meta.url)
const twins = readdirSync(folder).filter((file) => file.endsWith('.py'))

async function load(twin: string): Promise<{ workload: Workload; taskName: string }> {
  const module = (await import(new URL(twin.replace(/py$/u, 'ts'), folder).href)) as Record<
    string,
    unknown
  > & { default: Workload }
  const taskName = Object.entries(module).find(([, value]) => value === module.default.task)?.[0]
  return { workload: module.default, taskName: taskName ?? '' }
}

test('the workloads that the tutorial needs have one', () => {
  const names = ['primes', 'sha256', 'gzip', 'json', 'word-count', 'sort', 'matrix-multiply', 'dot-product']
  const others = ['timer', 'http-get', 'file-read', 'tiny']
  expect(twins.toSorted()).toEqual([...names, ...others].map((name) => `${name}.py`).toSorted())
})

test('a twin is named as Python names files and functions', async () => {
  expect(await findTwin(fileURLToPath(new URL('primes.ts', folder)))).toBe(
    fileURLToPath(new URL('primes.py', folder)),
  )
  expect(await findTwin(fileURLToPath(new URL('mandelbrot.ts', folder)))).toBeNull()
  expect(twinFunctions('countPrimes')).toEqual(['count_primes', 'task'])
  expect(twinFunctions('parseHTMLPage2')).toEqual(['parse_html_page2', 'task'])
  expect(twinFunctions('task')).toEqual(['task'])
})

describe.skipIf(python === undefined)(`each (skipped where ${withoutPython})`, () => {
  test.each(twins)('%s', async (file) => {
    const { workload, taskName } = await load(file)
    const checksum = workload.checksum ?? stableChecksum
    const resources = await workload.setup?.()
    const size = workload.sizes[0] ?? 0
    const inputs = workload.inputs(size, resources)
    const driver = await DriverProcess.open(
      {
        python: python?.path ?? '',
        twin: fileURLToPath(new URL(file, folder)),
        functions: twinFunctions(taskName),
        kind: 'serial',
        workers: 1,
      },
      () => {},
    )
    try {
      const outputs: unknown[] = []
      for (const input of inputs) outputs.push(await workload.task(input))
      await driver.prepare(inputs)
      const measured = await driver.measure(false)
      expect(checksum(measured.outputs)).toBe(checksum(outputs))
    } finally {
      await driver.close()
      await workload.teardown?.(resources)
    }
  })
})
