/** What a job on GitHub gets by itself, and what happens elsewhere: nothing. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { tellGitHub } from '#dist/cli/github.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boundby-github-'))
})
afterAll(() => rm(folder, { recursive: true }))

const told = () => ({ summary: '### summary\n', annotations: '::notice title=a::b\n' })
function output() {
  const written: string[] = []
  return { written, write: (text: string | Uint8Array) => written.push(String(text)) > 0 }
}

it('appends a summary and writes annotations in a job on GitHub', async () => {
  const file = join(folder, 'summary.md')
  await writeFile(file, 'before\n')
  const stderr = output()
  await tellGitHub(told, stderr, { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: file })
  expect(await readFile(file, 'utf8')).toBe('before\n### summary\n')
  expect(stderr.written).toEqual(['::notice title=a::b\n'])
})

it('goes on if the summary cannot be written, and says so', async () => {
  const stderr = output()
  await tellGitHub(told, stderr, { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: folder })
  expect(stderr.written.join('')).toContain('could not be written')
})

it('is silent elsewhere', async () => {
  const stderr = output()
  await tellGitHub(told, stderr, { GITHUB_STEP_SUMMARY: join(folder, 'never.md') })
  expect(stderr.written).toEqual([])
})
