/** What a run keeps, and `boundby history` over it. */
import { cp, mkdtemp, readFile, readdir, rm, writeFile, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fixture } from '../results/fixture.ts'
import { answered, boundby } from './command-line.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boundby-history-'))
  await mkdir(join(folder, 'empty'))
  await mkdir(join(folder, 'history'))
  const result = await fixture('default-suite')
  for (const day of [1, 2, 3])
    await writeFile(
      join(folder, 'history', `${day}.json`),
      JSON.stringify({ ...result, startedAt: `2026-01-0${day}T00:00:00.000Z` }),
    )
})
afterAll(() => rm(folder, { recursive: true }))

describe('boundby history', () => {
  it('names a file that is no result, and shows the others', async () => {
    const damaged = join(folder, 'damaged')
    await cp(join(folder, 'history'), damaged, { recursive: true })
    await writeFile(join(damaged, '2.json'), '{"formatVersion": 1, "ce')
    const { exitCode, stdout, stderr } = await answered(['history', damaged])
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/^Left out: .*2\.json is not JSON.*\n$/u)
    expect(stdout).toMatch(/^2 runs, 50 cells/u)
  })

  it('has nothing to show where no file is a result', async () => {
    await mkdir(join(folder, 'other'))
    await writeFile(join(folder, 'other', 'package.json'), '{}')
    const { exitCode, stdout, stderr } = await answered(['history', join(folder, 'other')])
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain('could read none of 1 file')
  })

  it('shows every cell of a folder', async () => {
    const { exitCode, stdout, stderr } = await boundby(['history', join(folder, 'history')])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toMatch(/^3 runs, 50 cells, no steps\n/u)
  })

  it('answers a program', async () => {
    const { stdout } = await answered(['history', join(folder, 'history'), '--reporter', 'json'])
    expect(JSON.parse(stdout)).toMatchObject({ leftOut: 0, shifts: [1, 1, 1] })
  })

  it('writes a page into a file', async () => {
    const page = join(folder, 'history.html')
    const call = ['history', join(folder, 'history'), '--reporter', `html=${page}`]
    expect(await answered(call)).toMatchObject({ exitCode: 0, stdout: '' })
    expect(await readFile(page, 'utf8')).toMatch(/^<!doctype html>/u)
  })

  it.each([['nowhere'], ['empty']])('says what it needs where there is nothing: %s', async (name) => {
    const { exitCode, stderr } = await answered(['history', join(folder, name)])
    expect(exitCode).toBe(2)
    expect(stderr).toContain('--save-history')
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })
})

it('says that the history cannot be kept before it measures', async () => {
  await mkdir(join(folder, 'kept', 'results'), { recursive: true })
  await writeFile(join(folder, 'kept', 'results', 'history'), 'no folder')
  const workload = new URL('../fixtures/workloads/fine.ts', import.meta.url).pathname
  const call = ['run', workload, '--budget', '1s', '--executors', 'serial', '--save-history']
  const { exitCode, stderr } = await boundby(call, { cwd: join(folder, 'kept') })
  expect(exitCode).toBe(2)
  expect(stderr).toMatch(/^boundby: Cannot write the result to results\/history\/.*no folder.*\n$/u)
  expect(await readdir(join(folder, 'kept', 'results'))).toEqual(['history'])
})

it('a run adds to the history and never overwrites it, and keeps a baseline', async () => {
  const workload = new URL('../fixtures/workloads/fine.ts', import.meta.url).pathname
  const call = ['run', workload, '--sizes', '4', '--budget', '500ms', '--executors', 'serial', '--quiet']
  call.push('--save-history')
  expect((await boundby(call, { cwd: folder })).exitCode).toBe(0)
  expect((await boundby([...call, '--save-baseline'], { cwd: folder })).exitCode).toBe(0)
  expect(await readdir(join(folder, 'results', 'history'))).toHaveLength(2)
  const compared = await boundby(['compare', 'results/baseline.json', 'results/latest.json'], { cwd: folder })
  expect(compared.exitCode).toBe(0)
})
