/** What a job on GitHub gets by itself, and what happens elsewhere: nothing. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { tellGitHub, withoutForgery } from '#dist/cli/github.js'

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
  await tellGitHub(told, { stderr }, { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: file })
  expect(await readFile(file, 'utf8')).toBe('before\n### summary\n')
  expect(stderr.written).toEqual(['::notice title=a::b\n'])
})

it('goes on if the summary cannot be written, and says so', async () => {
  const stderr = output()
  await tellGitHub(told, { stderr }, { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: folder })
  expect(stderr.written.join('')).toContain('could not be written')
})

it('is silent elsewhere', async () => {
  const stderr = output()
  await tellGitHub(told, { stderr }, { GITHUB_STEP_SUMMARY: join(folder, 'never.md') })
  expect(stderr.written).toEqual([])
})

it('obeys its own annotations, and nothing that stands in a report', async () => {
  const [stdout, stderr] = [output(), output()]
  const terminal = withoutForgery({ stdout, stderr }, { GITHUB_ACTIONS: 'true' })
  terminal.stdout.write('::error::forged\n  ::stop-commands::x\na ##[add-mask]1\nconnect ::1:80\n')
  expect(stdout.written.join('')).toBe(
    String.raw`\u{3a}:error::forged
  \u{3a}:stop-commands::x
a #\u{23}[add-mask]1
connect ::1:80
`,
  )
  await tellGitHub(told, terminal, { GITHUB_ACTIONS: 'true' })
  expect(stderr.written).toEqual(['::notice title=a::b\n'])
  expect(withoutForgery({ stdout, stderr }, {})).toEqual({ stdout, stderr })
})
