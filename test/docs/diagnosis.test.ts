/** docs/diagnosis.md: each example on the page is diagnosed, and is bound by what the page says. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Diagnosis } from '#dist/results/schema.js'
import { boundby } from '../cli/command-line.ts'

const page = readFileSync(fileURLToPath(new URL('../../docs/diagnosis.md', import.meta.url)), 'utf8')
const [, tasks = ''] = /^```ts tasks\.ts\n([^]*?)^```$/mu.exec(page) ?? []

/** A section names its bound in its title, and shows one command. */
const examples = [...page.matchAll(/^## `(cpu|io|mixed|overhead)`[^]*?^npx boundby (diagnose .*)$/gmu)].map(
  ([, bound = '', command = '']) => ({ bound, args: command.split(' ') }),
)

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'boundby-docs-'))
  writeFileSync(join(folder, 'tasks.ts'), tasks)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('docs/diagnosis.md', () => {
  it('has an example for each bound', () => {
    expect(examples.map(({ bound }) => bound)).toEqual(['cpu', 'io', 'mixed', 'overhead'])
  })

  it.each(examples)('is right about $args', async ({ bound, args }) => {
    // Too short for a race, which would change nothing of what bounds it.
    const { exitCode, stdout, stderr } = await boundby([...args, '--reporter', 'json', '--budget', '500ms'], {
      cwd: folder,
    })
    expect(exitCode, stderr).toBe(0)
    expect((JSON.parse(stdout) as Diagnosis).bound, stdout).toBe(bound)
  })
})
