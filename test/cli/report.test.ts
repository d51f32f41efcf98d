/** What `report` makes of a stored result: every format, to stdout or to a file. */
import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reporters } from '#dist/reporters/index.js'
import { fixturePath } from '../results/fixture.ts'
import { answered, boundby } from './command-line.ts'

const result = fixturePath('default-suite')
let folder: string

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'boundby-report-')))
})
afterAll(() => rm(folder, { recursive: true }))

it('answers with the table in a process of its own', async () => {
  const { exitCode, stdout, stderr } = await boundby(['report', result])
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  expect(stdout).toContain('Again with the same seed')
})

describe.each(Object.keys(reporters))('report --format %s', (format) => {
  it('writes to stdout', async () => {
    const { exitCode, stdout, stderr } = await answered(['report', result, '--format', format])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toMatch(/\S\r?\n$/u)
  })

  it('writes to a file in a new folder, and then nothing to stdout', async () => {
    const out = join(folder, 'made', `${format}.txt`)
    const ended = await answered(['report', result, '--format', format, '--out', out])
    expect(ended).toEqual({ exitCode: 0, stdout: '', stderr: '' })
    expect(await readFile(out, 'utf8')).toMatch(/\S\r?\n$/u)
  })
})
