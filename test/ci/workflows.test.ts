/** The action and the workflows: valid as GitHub reads them, and safe and right as bash runs them. */
import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { validateAction, validateWorkflow } from '@action-validator/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { boundby } from '../cli/command-line.ts'

const execute = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))
const workflows = ['.github/workflows/ci.yml', '.github/workflows/shards.yml']
const files = ['action.yml', ...workflows]

interface Step {
  readonly name?: string
  readonly run?: string
}

/** Every step with a script, wherever in the file it stands. */
function scriptsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  const own = (value as Step).run
  return [...(typeof own === 'string' ? [own] : []), ...Object.values(value).flatMap(scriptsIn)]
}

async function read(file: string): Promise<unknown> {
  return parse(await readFile(join(root, file), 'utf8')) as unknown
}

const helps = new Map<string, ReturnType<typeof boundby>>()

function helpOf(command: string): ReturnType<typeof boundby> {
  const help = helps.get(command) ?? boundby([command, '--help'])
  helps.set(command, help)
  return help
}

/** Whether every option of every call is one that its command has. */
async function checkCalls(text: string): Promise<void> {
  const calls = text.split('\n').filter((line) => /(?:boundby|bin\.js).* (?:run|merge|compare) /u.test(line))
  expect(calls.length).toBeGreaterThan(0)
  for (const line of calls) {
    const [, command = ''] = / (run|merge|compare) /u.exec(line) ?? []
    const { stdout: help } = await helpOf(command)
    for (const [, option] of line.matchAll(/ "?--([a-z][a-z-]+)/gu))
      expect({ option, isKnown: new RegExp(`--${option}(?![\\w-])`, 'u').test(help) }).toEqual({
        option,
        isKnown: true,
      })
  }
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boundby-action-'))
  await mkdir(join(folder, 'node_modules', '.bin'), { recursive: true })
  const standIn = join(folder, 'node_modules', '.bin', 'boundby')
  await writeFile(standIn, '#!/usr/bin/env bash\nprintf "%s\\n" "$@" >>called.txt\n')
  await chmod(standIn, 0o755)
  await writeFile(join(folder, 'package.json'), '{"name":"user","private":true}')
})
afterAll(() => rm(folder, { recursive: true }))

describe.each(files)('%s', (file) => {
  it('is what GitHub expects', async () => {
    const text = await readFile(join(root, file), 'utf8')
    const { errors } = file === 'action.yml' ? validateAction(text) : validateWorkflow(text)
    expect(errors).toEqual([])
  })

  it('has scripts that bash can read, into which nothing is pasted', async () => {
    for (const script of scriptsIn(await read(file))) {
      // What installs a project is a command, and comes from the workflow that calls.
      if (script === '${{ inputs.install }}') continue
      expect(script).not.toContain('${{')
      await execute('bash', ['-n', '-c', script])
    }
  })

  it('calls boundby with options that there are', async () => {
    await checkCalls(await readFile(join(root, file), 'utf8'))
  })
})

describe('docs/ci.md', () => {
  it('has set-ups that are YAML, with scripts that bash can read', async () => {
    const text = await readFile(join(root, 'docs', 'ci.md'), 'utf8')
    const setUps = Array.from(
      text.matchAll(/```yaml\n(.*?)```/gsu),
      ([, yaml = '']) => parse(yaml) as unknown,
    )
    expect(setUps).toHaveLength(4)
    const jobs = setUps.flatMap((setUp) => Object.values(setUp as Record<string, { script?: string[] }>))
    const scripts = jobs.flatMap(({ script = [] }) => script)
    expect(scripts).toContain('npm ci')
    for (const line of scripts) await execute('bash', ['-n', '-c', line])
    await checkCalls(scripts.join('\n'))
  })
})

it('the action passes words on as they are', async () => {
  const action = (await read('action.yml')) as { readonly runs: { readonly steps: readonly Step[] } }
  const script = action.runs.steps[0]?.run ?? ''
  const env = {
    ...process.env,
    FILES: 'my bench/a b.ts\n\n-x.ts\n$(touch hacked)\n',
    ARGUMENTS: '--budget=5m\n\n--workloads=a b;touch hacked\n',
    SHARD: '1/3',
    RESULT: 'out.json',
    VERSION: 'latest',
  }
  await execute('bash', ['-eo', 'pipefail', '-c', script], { cwd: folder, env })
  expect((await readFile(join(folder, 'called.txt'), 'utf8')).trimEnd().split('\n')).toEqual([
    'run',
    '--budget=5m',
    '--workloads=a b;touch hacked',
    '--shard=1/3',
    '--out=out.json',
    '--',
    'my bench/a b.ts',
    '-x.ts',
    '$(touch hacked)',
  ])
})
