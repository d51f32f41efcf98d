/** What holds for every workload of the suite, driven in this process from setup to teardown. */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Workload } from 'boundby'
import { stableChecksum } from '#dist/workloads/checksum.js'

/** How work grows with the size, where it is not in proportion. */
const growth = new Map([
  ['mandelbrot', 2],
  ['matrix-multiply', 3],
])

const folder = new URL('../../benchmarks/workloads/', import.meta.url)
const files = readdirSync(folder).filter((file) => file.endsWith('.ts'))

let temporary: string
beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'boundby-suite-test-'))
  vi.stubEnv('TMPDIR', temporary)
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await rm(temporary, { recursive: true })
})

async function load(file: string): Promise<{ workload: Workload; exports: unknown[] }> {
  const module = (await import(new URL(file, folder).href)) as { default: Workload }
  return { workload: module.default, exports: Object.values(module) }
}

async function serially(task: (input: never) => unknown, inputs: readonly never[]): Promise<unknown[]> {
  const outputs: unknown[] = []
  for (const input of inputs) outputs.push(await task(input))
  return outputs
}

test('the suite holds the workloads that its stories need', () => {
  expect(files.toSorted()).toEqual(
    [
      ['primes', 'mandelbrot', 'matrix-multiply', 'sha256', 'gzip', 'json', 'word-count', 'sort'],
      ['http-get', 'file-read', 'file-read-direct', 'file-sync-write', 'timer', 'sqlite'],
      ['fetch-and-parse', 'read-and-compress', 'tiny', 'dot-product'],
    ]
      .flat()
      .map((name) => `${name}.ts`)
      .toSorted(),
  )
})

describe.each(files)('%s', (file) => {
  test('says what it is, over three orders of magnitude of work', async () => {
    const { workload, exports } = await load(file)
    expect(`${workload.name}.ts`).toBe(file)
    expect(workload.module).toBe(new URL(file, folder).href)
    expect(exports).toContain(workload.task)
    expect(workload.source).toBeTruthy()
    const [smallest = 0, largest = 0] = [workload.sizes[0], workload.sizes.at(-1)]
    expect((largest / smallest) ** (growth.get(workload.name) ?? 1)).toBeGreaterThanOrEqual(1000)
  })

  test('gives the same result each time, and leaves nothing behind', async ({ skip }) => {
    const { workload } = await load(file)
    const checksum = workload.checksum ?? stableChecksum
    let made: unknown
    try {
      made = await workload.setup?.()
    } catch (error) {
      if (error instanceof Error && error.name === 'WorkloadUnavailableError') return skip(error.message)
      throw error
    }
    // As another process gets them.
    const resources = structuredClone(made)
    try {
      for (const size of [workload.sizes[0] ?? 0, workload.sizes[workload.sizes.length >> 1] ?? 0]) {
        const inputs = workload.inputs(size, resources)
        const inputsChecksum = stableChecksum(inputs)
        expect(stableChecksum(workload.inputs(size, resources))).toBe(inputsChecksum)

        const outputs = await serially(workload.task, inputs)
        const again = await serially(workload.task, structuredClone(inputs))
        expect(checksum(structuredClone(again))).toBe(checksum(outputs))
        expect(stableChecksum(inputs), 'a task changed its input').toBe(inputsChecksum)
      }
    } finally {
      await workload.teardown?.(made)
    }
    expect(await readdir(temporary)).toEqual([])
    for (const [, pid] of JSON.stringify(made ?? null).matchAll(/"pid":(\d+)/gu))
      expect(() => process.kill(Number(pid), 0), 'its server lives on').toThrow('ESRCH')
    return undefined
  })
})
