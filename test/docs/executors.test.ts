/** docs/executors.md: every program on the page is type-checked and run, and prints what the page says. */

import { execFile, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { buildSync } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const execute = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))
const page = readFileSync(join(root, 'docs/executors.md'), 'utf8')

interface Fence {
  readonly language: string
  /** What follows the language: a file's name, `preamble`, or nothing. */
  readonly label: string
  readonly code: string
  readonly line: number
}

const fences = [...page.matchAll(/^```(\w+) ?(.*)\n([^]*?)^```$/gmu)].map(
  ([, language = '', label = '', code = ''], index, all): Fence => ({
    language,
    label,
    code,
    line: page.slice(0, all[index]?.index).split('\n').length,
  }),
)

interface Program {
  readonly name: string
  readonly file: string
  readonly code: string
  readonly output: string | undefined
}

const preamble = fences.find(({ label }) => label === 'preamble')?.code ?? ''

/** What a fence is as a file; a program without a name begins with the preamble. */
const programs = fences.flatMap(({ language, label, code, line }, index): Program[] => {
  if (!['ts', 'python'].includes(language) || label === 'preamble') return []
  const next = fences[index + 1]
  const output = next?.language === 'text' ? next.code : undefined
  const name = label === '' ? `line ${line}` : label
  if (language === 'python') return [{ name, file: `line-${line}.py`, code, output }]
  return label === ''
    ? [{ name, file: `line-${line}.ts`, code: preamble + code, output }]
    : [{ name, file: label, code, output }]
})
const typescript = programs.filter(({ file }) => file.endsWith('.ts'))
const withOutput = programs.filter(({ output }) => output !== undefined)

/** Process ids by their order of appearance, so that equal texts have equal patterns of ids. */
function withoutPids(text: string): string {
  const known: string[] = []
  return text.replaceAll(/(?<=process )\d+/gu, (pid) => {
    if (!known.includes(pid)) known.push(pid)
    return `#${known.indexOf(pid)}`
  })
}

function withAnyPid(text: string): string {
  return text.replaceAll(/(?<=process )\d+/gu, '#')
}

let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'boundby-docs-'))
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(root, join(folder, 'node_modules/boundby'), 'dir')
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }))
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: join(root, 'tsconfig.json'),
      compilerOptions: {
        rootDir: '.',
        noEmit: true,
        noUnusedLocals: false,
        typeRoots: [join(root, 'node_modules/@types')],
      },
      include: ['**/*.ts'],
    }),
  )
  for (const { file, code } of programs) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), code)
  }
  buildSync({
    entryPoints: typescript.map(({ file }) => join(folder, file)),
    outbase: folder,
    outdir: folder,
    format: 'esm',
    target: 'node20',
    logLevel: 'silent',
  })
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function printed(file: string): Promise<string> {
  const [command, script] = file.endsWith('.py')
    ? ['python3', file]
    : [process.execPath, file.replace(/ts$/u, 'js')]
  const { stdout } = await execute(command, [script], { cwd: folder })
  return stdout
}

const hasPython = spawnSync('python3', ['--version']).status === 0

describe('docs/executors.md', () => {
  it('shows what examples/ holds', () => {
    const examples = typescript.filter(({ file }) => file.startsWith('examples/'))
    expect(examples).toHaveLength(3)
    for (const { file, code } of examples) expect(code).toBe(readFileSync(join(root, file), 'utf8'))
  })

  it('says what each of its programs prints', () => {
    const silent = programs.filter(({ output }) => output === undefined)
    expect(silent.map(({ name }) => name)).toEqual(['examples/tasks.ts', 'tasks.ts', 'nested.ts'])
    expect(withOutput.length).toBeGreaterThan(15)
  })

  it('has programs of sound types', async () => {
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    await expect(execute(process.execPath, [tsc, '-p', folder])).resolves.toBeDefined()
  })

  it.concurrent.each(withOutput.filter(({ file }) => file.endsWith('.ts')))(
    'runs $name',
    async ({ file, output = '' }) => {
      expect(withoutPids(await printed(file))).toBe(withoutPids(output))
    },
  )

  // Which of its processes takes which task is up to Python.
  it.skipIf(!hasPython).each(withOutput.filter(({ file }) => file.endsWith('.py')))(
    "runs Python's $name",
    async ({ file, output = '' }) => {
      expect(withAnyPid(await printed(file))).toBe(withAnyPid(output))
    },
  )
})
