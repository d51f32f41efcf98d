/** What `report` makes of a stored result: every format, to stdout or to a file. */
import { copyFile, mkdtemp, readFile, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reporters } from '#dist/reporters/index.js'
import { fixturePath } from '../results/fixture.ts'
import { boundby } from './command-line.ts'

let folder: string

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'boundby-report-')))
  await copyFile(fixturePath('default-suite'), join(folder, 'result.json'))
})
afterAll(() => rm(folder, { recursive: true }))

describe.concurrent.each(Object.keys(reporters))('report --format %s', (format) => {
  it('writes to stdout', async () => {
    const { exitCode, stdout, stderr } = await boundby(['report', 'result.json', '--format', format], {
      cwd: folder,
    })
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toMatch(/\S\r?\n$/u)
  })

  it('writes to a file in a new folder, and then nothing to stdout', async () => {
    const out = join('made', `${format}.txt`)
    const ended = await boundby(['report', 'result.json', '--format', format, '--out', out], { cwd: folder })
    expect(ended).toEqual({ exitCode: 0, stdout: '', stderr: '' })
    expect(await readFile(join(folder, out), 'utf8')).toMatch(/\S\r?\n$/u)
  })
})
