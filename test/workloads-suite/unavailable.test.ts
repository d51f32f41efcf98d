/** Where a machine lacks what a workload needs, it says what to do, and leaves nothing behind. */
import { statfsSync, existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import fileReadDirect from '../../benchmarks/workloads/file-read-direct.ts'

const memoryFolder = '/dev/shm'
const hasTmpfs = existsSync(memoryFolder) && statfsSync(memoryFolder).type === 0x0102_1994

function fail(): never {
  throw new Error('Cannot find module')
}

afterEach(() => {
  vi.unstubAllEnvs()
  vi.doUnmock('node:module')
  vi.resetModules()
})

test.skipIf(!hasTmpfs)('direct reads need a disk', async () => {
  const folder = await mkdtemp(join(memoryFolder, 'boundby-unavailable-test-'))
  try {
    vi.stubEnv('TMPDIR', folder)
    await expect(async () => fileReadDirect.setup?.()).rejects.toMatchObject({
      name: 'WorkloadUnavailableError',
      message: expect.stringContaining('is in memory (tmpfs); set TMPDIR') as string,
    })
    expect(await readdir(folder)).toEqual([])
  } finally {
    await rm(folder, { recursive: true })
  }
})

test.each([
  ['gzip', 'zod'],
  ['json', 'mime-db'],
  ['fetch-and-parse', 'mime-db'],
  ['sqlite', 'libsql'],
])('%s needs the package %s', async (workload, missing) => {
  vi.doMock('node:module', () => ({ createRequire: () => Object.assign(fail, { resolve: fail }) }))
  const folder = await mkdtemp(join(tmpdir(), 'boundby-unavailable-test-'))
  try {
    vi.stubEnv('TMPDIR', folder)
    const url = new URL(`../../benchmarks/workloads/${workload}.ts`, import.meta.url).href
    const module = (await import(url)) as { default: { setup: () => unknown } }
    await expect(async () => module.default.setup()).rejects.toMatchObject({
      name: 'WorkloadUnavailableError',
      message: expect.stringContaining(`npm install ${missing}`) as string,
    })
    expect(await readdir(folder)).toEqual([])
  } finally {
    await rm(folder, { recursive: true })
  }
})
