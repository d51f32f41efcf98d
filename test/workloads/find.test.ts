/** Which files a call's paths stand for, and what a wrong path is answered. */
import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { UsageError } from '#dist/errors.js'
import { findWorkloads } from '#dist/workloads/find.js'

let folder: string

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'boundby-find-')))
  await mkdir(join(folder, 'mixed', 'deeper'), { recursive: true })
  await mkdir(join(folder, 'empty'))
  for (const name of [
    'b.ts',
    'a.mjs',
    'c.js',
    'd.mts',
    'types.d.ts',
    'a.test.ts',
    'b.bench.ts',
    '.hidden.ts',
    'twin.py',
    'deeper/e.ts',
  ])
    await writeFile(join(folder, 'mixed', name), '')
})

afterAll(() => rm(folder, { recursive: true }))

const names = (files: readonly string[]) => files.map((file) => relative(folder, file))

async function mistake(paths: readonly string[]): Promise<string> {
  const error: unknown = await findWorkloads(paths, folder).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(UsageError)
  return (error as UsageError).message
}

describe('findWorkloads', () => {
  it('takes the modules directly in a folder, sorted, and nothing else in it', async () => {
    expect(names(await findWorkloads(['mixed'], folder))).toEqual([
      'mixed/a.mjs',
      'mixed/b.ts',
      'mixed/c.js',
      'mixed/d.mts',
    ])
  })

  it('keeps the order of the call and takes a file once', async () => {
    const files = await findWorkloads(['mixed/c.js', join(folder, 'mixed/a.mjs'), './mixed/c.js'], folder)
    expect(names(files)).toEqual(['mixed/c.js', 'mixed/a.mjs'])
  })

  it('takes a file that is named, even one that a folder would not show', async () => {
    expect(names(await findWorkloads(['mixed/b.bench.ts'], folder))).toEqual(['mixed/b.bench.ts'])
  })

  it('looks into benchmarks/workloads of the working directory first', async () => {
    const project = join(folder, 'project')
    await mkdir(join(project, 'benchmarks', 'workloads'), { recursive: true })
    await writeFile(join(project, 'benchmarks', 'workloads', 'own.ts'), '')
    expect(names(await findWorkloads([], project))).toEqual(['project/benchmarks/workloads/own.ts'])
  })

  it('falls back to the workloads that come with the package', async () => {
    const files = await findWorkloads([], join(folder, 'empty'))
    expect(files.map((file) => relative(process.cwd(), file))).toContain('benchmarks/workloads/primes.ts')
  })

  it('suggests the file that a missing path probably means', async () => {
    expect(await mistake(['mixed/b.js'])).toContain('Did you mean mixed/b.ts?')
    expect(await mistake(['mixd'])).toContain('Did you mean mixed?')
    expect(await mistake(['quite/elsewhere.ts'])).toMatch(
      /^No such file or folder: quite\/elsewhere\.ts\. Expected/u,
    )
  })

  it('refuses a folder without workloads and a file of another kind', async () => {
    expect(await mistake(['empty'])).toContain('No workload in empty')
    expect(await mistake(['mixed/twin.py'])).toContain('received a .py file')
    expect(await mistake(['mixed/types.d.ts'])).toContain('received a .d.ts file')
  })

  it.skipIf(process.getuid?.() === 0)('refuses what it may not read', async () => {
    const file = join(folder, 'secret.ts')
    await writeFile(file, '')
    await chmod(file, 0)
    expect(await mistake(['secret.ts'])).toContain('Cannot read secret.ts')
  })
})
