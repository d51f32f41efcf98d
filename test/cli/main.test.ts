/** What boundby answers: help, and one sentence and exit code 2 for every mistake in the call. */
import { copyFile, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { racingExecutorIds as executorIds } from '#dist/harness/python/executors.js'
import { reporters } from '#dist/reporters/index.js'
import { fixturePath } from '../results/fixture.ts'
import { answered, boundby } from './command-line.ts'

let folder: string

const workload = (name: string) => `import { defineWorkload } from 'boundby'
export const task = (input: number): number => input
export default defineWorkload({
  name: '${name}', summary: 'Nothing much', expects: 'cpu', module: import.meta.url,
  task, sizes: [10, 1000], defaultSizes: [10], inputs: (size) => [size],
})
`

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'boundby-main-')))
  await mkdir(join(folder, 'empty'))
  await mkdir(join(folder, 'node_modules'))
  await writeFile(join(folder, 'mine.ts'), workload('mine'))
  await writeFile(join(folder, 'same.ts'), workload('mine'))
  await writeFile(join(folder, 'no-default.ts'), 'export const task = 1')
  await writeFile(join(folder, 'function.js'), 'export default () => 1')
  await writeFile(join(folder, 'broken.ts'), '\nexport default {')
  await writeFile(join(folder, 'twin.py'), '')
  await writeFile(join(folder, 'newer.json'), '{ "formatVersion": 2 }')
  await copyFile(fixturePath('default-suite'), join(folder, 'result.json'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('help', () => {
  it('explains the commands', async () => {
    const { exitCode, stdout, stderr } = await boundby(['--help'])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toMatch(/boundby run .*\n(?:.*\n)*.*boundby list/u)
  })

  it('names every executor and reporter there is', async () => {
    const { exitCode, stdout } = await boundby(['run', '--help'])
    expect(exitCode).toBe(0)
    for (const name of [...executorIds, ...Object.keys(reporters)]) expect(stdout).toContain(name)
    expect(stdout).toContain('Examples:')
  })

  it('lists the formats of a report as choices', async () => {
    const { exitCode, stdout } = await boundby(['report', '--help'])
    expect(exitCode).toBe(0)
    const choices = Object.keys(reporters).map((id) => `"${id}"`)
    expect(stdout.replaceAll(/\s+/gu, ' ')).toContain(`[choices: ${choices.join(', ')}]`)
  })

  it('tells the version of the package', async () => {
    const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8')
    const { version } = JSON.parse(text) as { version: string }
    expect(await boundby(['--version'])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' })
  })

  it('speaks one language everywhere', async () => {
    expect(await boundby(['run', '--bugdet', '5s'], { env: { LC_ALL: 'de_DE.UTF-8' } })).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'boundby: There is no option --bugdet. Did you mean --budget? See boundby run --help.\n',
    })
  })
})

// One of them is made in a process of its own above; all of them would take that long again to load.
describe('a mistake in the call', () => {
  const cwd = process.cwd()
  beforeAll(() => process.chdir(folder))
  afterAll(() => process.chdir(cwd))

  it.each<[string, string[], string]>([
    ['no command', [], 'Expected a command: run, '],
    ['an unknown command', ['rnu'], 'There is no command rnu. Did you mean run?'],
    ['a far-off command', ['xyzzy'], 'There is no command xyzzy. Choose from run, '],
    ['an unknown option', ['run', '--bugdet', '5s'], 'There is no option --bugdet. Did you mean --budget?'],
    ['an unknown short option', ['run', '-x'], 'There is no option -x.'],
    ['an unknown option of no command', ['--vesion'], 'Did you mean --version?'],
    ['a missing value', ['run', '--budget'], 'Not enough arguments following: budget.'],
    [
      'a value given twice',
      ['run', '--seed', '1', '--seed', '2'],
      '--seed: expected one value, received 1 and 2',
    ],
    ['an unknown executor', ['run', '--executors', 'thread'], '"thread". Did you mean threads?'],
    ['an unknown reporter', ['run', '--reporter', 'tabel'], '"tabel". Did you mean table?'],
    ['an unknown suite', ['run', '--suite', 'ful'], '"ful". Did you mean full?'],
    ['a size that is no number', ['run', '--sizes', '10,x'], '--sizes: expected positive numbers'],
    [
      'a size that no workload has',
      ['run', 'mine.ts', '--sizes', '11', '--out', 'c.json'],
      '--sizes: no selected workload has the size 11; the nearest is 10.',
    ],
    ['a budget of 0', ['run', '--budget', '0'], '--budget: expected a duration above 0'],
    ['a budget of 0 s', ['run', '--budget', '0s'], '--budget: expected a duration above 0'],
    ['a confidence of 1', ['run', '--confidence', '1'], '--confidence: expected a share between 0 and 1'],
    ['a confidence of 0', ['run', '--confidence', '0'], '--confidence: expected a share between 0 and 1'],
    [
      'a switch that is neither on nor off',
      ['run', '--find-crossover=no'],
      '--find-crossover: expected true or false, received "no".',
    ],
    [
      'no launch at least',
      ['run', '--least-launches', '0'],
      '--least-launches: expected a whole number from 1 to ',
    ],
    ['no workers', ['run', '--max-workers', '0'], '--max-workers: expected a whole number from 1'],
    [
      'an unknown workload',
      ['run', 'mine.ts', '--workloads', 'mien', '--out', 'd.json'],
      'no workload matches mien. Did you mean mine?',
    ],
    ['an empty list', ['run', 'mine.ts', '--workloads', ''], '--workloads: expected a list'],
    ['a missing file', ['run', 'mne.ts'], 'No such file or folder: mne.ts. Did you mean mine.ts?'],
    ['a file of another kind', ['run', 'twin.py'], 'twin.py is no workload module'],
    ['an empty folder', ['run', 'empty'], 'No workload in empty'],
    [
      'two workloads of a name',
      ['run', 'mine.ts', 'same.ts', '--out', 'a.json'],
      'Two workloads are called mine',
    ],
    [
      'a module without a default export',
      ['run', 'no-default.ts', '--out', 'b.json'],
      'has no default export',
    ],
    ['a function for a workload', ['list', 'function.js'], 'received a function'],
    ['a syntax error', ['list', 'broken.ts'], 'broken.ts:2:17: Expected identifier but found end of file.'],
    ['a folder to write to', ['run', 'mine.ts', '--out', 'empty'], 'empty'],
    ['a folder that is not there', ['run', 'mine.ts', '--out', 'no/'], '--out: expected the name of a file'],
    ['no result to report on', ['report'], 'report: expected 1 file, received none.'],
    ['a name behind --', ['report', '--', '-a.json'], 'Cannot read the result file ./-a.json: there is no'],
    ['a folder behind --', ['history', '--', 'nowhere'], 'received nowhere, which cannot be read'],
    ['nothing to merge', ['merge', '--out', 'm.json'], 'merge: expected one or more files, received none.'],
    ['two results to report on', ['report', 'a.json', 'b.json'], 'received b.json, which is one too many'],
    ['a result that is not there', ['report', 'a.json'], 'Cannot read the result file a.json: there is no'],
    ['a result that is a folder', ['report', 'empty'], 'Cannot read the result file empty: it is a folder'],
    ['a broken result', ['report', 'twin.py'], 'twin.py is not JSON'],
    ['a result of a newer boundby', ['report', 'newer.json'], 'newer.json has `formatVersion` 2, but this'],
    ['an unknown format', ['report', 'a.json', '--format', 'tabel'], '"tabel". Did you mean table?'],
    [
      'a format given twice',
      ['report', 'a.json', '--format', 'json', '--format', 'table'],
      'expected one value',
    ],
    [
      'a report to a folder',
      ['report', 'result.json', '--out', 'empty'],
      'Cannot write the report to empty: it is a folder',
    ],
    [
      'a report in place of its result',
      ['report', 'result.json', '--out', './result.json'],
      'is the result itself',
    ],
    ['a report into a folder', ['run', 'mine.ts', '--reporter', 'json=empty'], 'empty'],
  ])('%s', async (_, args, sentence) => {
    const { exitCode, stdout, stderr } = await answered(args)
    expect(stderr).toContain(sentence)
    expect(stderr).toMatch(/^boundby: .*[.?)]\n$/u)
    expect(stderr).not.toMatch(/^\s+at /mu)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
  })
})

describe('list', () => {
  it('shows workloads, what their authors expect, and executors', async () => {
    const { exitCode, stdout, stderr } = await boundby(['list', 'mine.ts'], { cwd: folder })
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toContain('mine  cpu  10 (1000)  Nothing much  mine.ts')
    expect(stdout).toContain(`Executors: ${executorIds.join(', ')}`)
  })

  it('shows the name of a file, whatever it holds, in its line', async () => {
    const name = 'odd\n\u001B[31m.ts'
    await mkdir(join(folder, 'names'))
    await copyFile(join(folder, 'mine.ts'), join(folder, 'names', name))
    const { stdout } = await boundby(['list', 'names'], { cwd: folder })
    expect(stdout).toContain(String.raw`names/odd \u{1b}[31m.ts`)
  })

  it('prints JSON for programs', async () => {
    const { stdout } = await boundby(['list', 'mine.ts', '--reporter', 'json'], { cwd: folder })
    expect(JSON.parse(stdout)).toEqual({
      workloads: [
        {
          name: 'mine',
          summary: 'Nothing much',
          expects: 'cpu',
          sizes: [10, 1000],
          defaultSizes: [10],
          transfer: 'clone',
          twin: null,
          file: join(folder, 'mine.ts'),
        },
      ],
      executors: executorIds,
    })
  })
})
