/** The action and the workflows: valid as GitHub reads them, and safe and right as bash runs them. */
import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { validateAction, validateWorkflow } from '@action-validator/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { boundby } from '../cli/command-line.ts'
import { runJob } from './runner.ts'
import type { Step } from './runner.ts'

const execute = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))
const workflows = ['.github/workflows/ci.yml', '.github/workflows/shards.yml']
const files = ['action.yml', ...workflows]

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

/** Notes its words, a line each, and writes an empty result where it is told to; fails if it is called `$FAILS`. */
const standInScript = `#!/usr/bin/env bash
printf '%s\\n' "$@" >>called.txt
[ "$1" = compare ] || for word; do case "$last $word" in
  *" --out="*) out="\${word#--out=}" ;;
  "--out "*) out="$word" ;;
esac; last="$word"; done
[ -z "$out" ] || { mkdir -p "$(dirname "$out")"; echo '{}' >"$out"; }
[ "$1" != "$FAILS" ]
`

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boundby-action-'))
  await mkdir(join(folder, 'node_modules', '.bin'), { recursive: true })
  const standIn = join(folder, 'node_modules', '.bin', 'boundby')
  await writeFile(standIn, standInScript)
  await chmod(standIn, 0o755)
  await writeFile(join(folder, 'package.json'), '{"name":"user","private":true}')
})
afterAll(() => rm(folder, { recursive: true }))
beforeEach(async () => {
  for (const made of ['called.txt', 'results']) await rm(join(folder, made), { recursive: true, force: true })
})

interface Input {
  readonly default?: string
}

const inputsOf = (inputs: Readonly<Record<string, Input>>) =>
  Object.fromEntries(Object.entries(inputs).map(([name, input]) => [`inputs.${name}`, input.default ?? '']))

interface Action {
  readonly inputs: Readonly<Record<string, Input>>
  readonly runs: { readonly steps: readonly Step[] }
}

interface Workflow {
  readonly on: { readonly workflow_call: { readonly inputs: Readonly<Record<string, Input>> } }
  readonly jobs: Readonly<Record<'shard' | 'merge', { readonly steps: readonly Step[] }>>
}

/** The commands that boundby was called for, and what the runner was told to show. */
async function runIn(steps: readonly Step[], context: Record<string, string>) {
  const { hasFailed, commands } = await runJob(steps, context, folder)
  const called = await readFile(join(folder, 'called.txt'), 'utf8').catch(() => '')
  const words = called.split('\n').filter((word) => ['run', 'merge', 'compare'].includes(word))
  return { hasFailed, called: words, commands }
}

const baseline = async (): Promise<void> => {
  await mkdir(join(folder, 'results'), { recursive: true })
  await writeFile(join(folder, 'results', 'baseline.json'), '{}')
}

const noBaseline = {
  level: 'warning',
  properties: 'title=boundby',
  message: expect.stringMatching(
    /^There is no baseline, so that nothing was compared\. Commit .* names\.$/u,
  ) as string,
}

const act = async (inputs: Record<string, string> = {}) => {
  const action = (await read('action.yml')) as Action
  return runIn(action.runs.steps, { ...inputsOf(action.inputs), ...inputs })
}

describe('the action, as a runner has it,', () => {
  it('warns where there is no baseline', async () => {
    expect(await act()).toEqual({ hasFailed: false, called: ['run'], commands: [noBaseline] })
  })

  it('compares with a baseline, and then warns of nothing', async () => {
    await baseline()
    expect(await act()).toEqual({ hasFailed: false, called: ['run', 'compare'], commands: [] })
  })

  it('leaves both to the merged result where it measures a part', async () => {
    expect(await act({ 'inputs.shard': '1/3' })).toEqual({ hasFailed: false, called: ['run'], commands: [] })
  })

  it('compares what was measured though a cell failed', async () => {
    await baseline()
    process.env['FAILS'] = 'run'
    const { hasFailed, called } = await act().finally(() => delete process.env['FAILS'])
    expect({ hasFailed, called }).toEqual({ hasFailed: true, called: ['run', 'compare'] })
  })
})

const work = async (job: 'shard' | 'merge') => {
  const workflow = (await read('.github/workflows/shards.yml')) as Workflow
  const inputs = { ...inputsOf(workflow.on.workflow_call.inputs), 'inputs.install': 'true' }
  return runIn(workflow.jobs[job].steps, { ...inputs, 'matrix.shard': '1/3' })
}

describe('the workflow over several machines, as a runner has it,', () => {
  it('measures a part', async () => {
    expect(await work('shard')).toEqual({ hasFailed: false, called: ['run'], commands: [] })
    expect(await readFile(join(folder, 'called.txt'), 'utf8')).toContain('--shard=1/3\n')
    expect(await readFile(join(folder, 'outputs.txt'), 'utf8')).toContain('name=1-of-3\n')
  })

  it('warns where there is no baseline', async () => {
    expect(await work('merge')).toEqual({ hasFailed: false, called: ['merge'], commands: [noBaseline] })
  })

  it('compares with a baseline, and then warns of nothing', async () => {
    await baseline()
    expect(await work('merge')).toEqual({ hasFailed: false, called: ['merge', 'compare'], commands: [] })
  })
})

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
