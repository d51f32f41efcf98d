/** `boundby compare --against`: a commit, a folder, and what is neither. */
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answered, boundby } from './command-line.ts'

const execute = promisify(execFile)
let folder: string
const cwd = process.cwd()

const workload = (name: string, loops: number) => `import { defineWorkload } from 'boundby'
export const spin = (n: number): number => {
  let x = 0
  for (let loop = 0; loop < ${loops}; loop++) { x = 0; for (let i = 0; i < n; i++) x = (x * 31 + i) % 1000003 }
  return x
}
export default defineWorkload({
  name: '${name}', summary: 'Spins', expects: 'cpu', module: import.meta.url,
  task: spin, sizes: [10000], inputs: (size) => [size, size],
})
`
const git = (...args: string[]) =>
  execute('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.invalid', ...args], { cwd: folder })

const read = (file: string) => readFile(join(folder, file), 'utf8')

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'boundby-turns-')))
  process.chdir(folder)
  await writeFile(join(folder, 'mine.ts'), workload('mine', 1))
  await mkdir(join(folder, 'here'))
  for (const name of ['mine', 'gone']) await writeFile(join(folder, 'here', `${name}.ts`), workload(name, 1))
  await git('init', '--quiet')
  await git('add', 'mine.ts', 'here')
  await git('commit', '--quiet', '--message', 'one')
  await cp(join(folder, 'here'), join(folder, 'old', 'here'), { recursive: true })
  await rm(join(folder, 'here', 'gone.ts'))
  const larger = workload('mine', 1).replace('sizes: [10000]', 'sizes: [10000, 20000]')
  await writeFile(join(folder, 'old', 'here', 'mine.ts'), larger)
  await writeFile(join(folder, 'old', 'here', 'broken.ts'), 'import "no-such-package-here"')
  // In another file now, and no less the same workload.
  await writeFile(join(folder, 'old', 'here', 'before.ts'), workload('moved', 1))
  await writeFile(join(folder, 'here', 'now.ts'), workload('moved', 1))
  await writeFile(join(folder, 'here', 'new.ts'), workload('new', 1))
  await mkdir(join(folder, 'before'))
  await cp(join(folder, 'mine.ts'), join(folder, 'before', 'mine.ts'))
  await writeFile(join(folder, 'mine.ts'), workload('mine', 30))
  await writeFile(join(folder, 'new.ts'), workload('new', 1))
})
afterAll(() => {
  process.chdir(cwd)
  return rm(folder, { recursive: true })
})

const call = ['--executors', 'serial', '--budget', '8s', '--reporter', 'json']

describe('boundby compare --against', () => {
  it.each([
    ['a commit', 'HEAD'],
    ['a folder', 'before'],
  ])('finds what became slower since %s', async (_, against) => {
    // Its own: others on the machine have theirs beside what is looked for.
    const temporary = await mkdtemp(join(folder, 'temporary-'))
    const { exitCode, stdout, stderr } = await boundby(
      ['compare', '--against', against, 'mine.ts', ...call],
      {
        env: { TMPDIR: temporary },
      },
    )
    expect(exitCode, stderr).toBe(1)
    const { cells, alarm } = JSON.parse(stdout) as { cells: { ratio: number }[]; alarm: boolean }
    expect(alarm).toBe(true)
    expect(cells).toMatchObject([{ workload: 'mine', executor: 'serial', change: 'slower' }])
    expect(cells[0]?.ratio).toBeGreaterThan(5)
    expect(stderr).toContain('results/against.json')
    // A verdict on something so clear takes three.
    const result = JSON.parse(await read('results/against.json')) as { cells: { launches: unknown[] }[] }
    for (const { launches } of result.cells) expect(launches.length).toBeGreaterThan(3)
    const again = await answered(['report', 'results/against.json', '--format', 'json'])
    expect(JSON.parse(again.stdout)).toMatchObject({ by: 'turns', cells })
    // Nothing is left of the commit.
    expect(await readdir(temporary)).toEqual([])
  })

  const briefly = ['here', '--executors', 'serial', '--budget', '2s']
  const told = 'Only in the other version, and so not compared:'

  it('leaves out what is only here or only there, and says so', async () => {
    const against = ['compare', '--against', 'HEAD', ...briefly, '--fail-on', 'slower']
    const { exitCode, stdout } = await answered(against)
    const text = stdout.replaceAll(/\s+/gu, ' ')
    expect(text).toContain(`${told} gone.`)
    expect(text).toMatch(/Not measured: new: HEAD \([0-9a-f]+\) has no such workload/u)
    expect(exitCode).toBe(0)
  })

  it('misses in every report what is only there, where that is watched for', async () => {
    const reports = ['junit=junit.xml', 'json=report.json', 'markdown=report.md', 'html=report.html', 'table']
    const against = ['compare', '--against', 'old', ...briefly, '--fail-on', 'missing']
    const { exitCode, stdout } = await answered([
      ...against,
      ...reports.flatMap((report) => ['--reporter', report]),
    ])
    expect(exitCode).toBe(1)
    expect(stdout.replaceAll(/\s+/gu, ' ')).toContain(`${told} here/broken.ts; gone; mine at 20,000.`)
    for (const file of ['report.md', 'report.html']) expect(await read(file)).toContain(told)
    const { cells, missing, alarms } = JSON.parse(await read('report.json')) as Record<string, unknown[]>
    expect(alarms).toEqual(['missing'])
    expect(cells).toMatchObject([{ workload: 'mine', size: 10_000 }, { workload: 'moved' }])
    expect(missing).toMatchObject([
      { workload: 'here/broken.ts', size: null, executor: null },
      { workload: 'gone', size: null, executor: null },
      { workload: 'mine', size: 20_000, executor: null },
    ])
    const junit = await read('junit.xml')
    expect(junit).toContain('<testcase classname="boundby.mine" name="20,000 all executors" time="0.000000">')
    expect(junit).toMatch(/classname="boundby.gone" name="all sizes"[^]*other version only/u)
  })

  it('misses of the other version only what the call asks for', async () => {
    const only = ['--workloads', 'mi*', '--sizes', '10000', '--fail-on', 'missing', '--reporter', 'json']
    const { exitCode, stdout } = await answered(['compare', '--against', 'old', ...briefly, ...only])
    expect(JSON.parse(stdout)).toMatchObject({ missing: [], alarm: false })
    expect(exitCode).toBe(0)
  })

  it('does not pass what it had no time to compare', async () => {
    const slow = workload('slow', 1)
      .replace('(n: number): number', 'async (n: number): Promise<number>')
      .replace('let x = 0', 'let x = 0; await new Promise((resolve) => { setTimeout(resolve, 250) })')
    for (const file of ['slow.ts', 'before/slow.ts']) await writeFile(join(folder, file), slow)
    const against = ['compare', '--against', 'before', 'slow.ts', '--executors', 'serial']
    const { exitCode, stdout, stderr } = await answered([...against, '--budget', '500ms'])
    expect(exitCode).toBe(2)
    expect(stdout).toMatch(/^Nothing to compare/u)
    expect(stderr).toContain('Give a longer --budget')
  })

  it.each<[string, string[], string]>([
    ['what is neither folder nor commit', ['--against', 'nowhere', 'mine.ts'], 'neither'],
    ['what looks like an option', ['--against=--all', 'mine.ts'], 'neither'],
    ['a file', ['--against', 'mine.ts', 'mine.ts'], 'received the file mine.ts'],
    ['no workload in common', ['--against', 'HEAD', 'new.ts'], 'none of the workloads (new)'],
    ['a watch for all and for nothing', ['a.json', 'b.json', '--fail-on', 'slower,none'], 'none alone'],
    ['what needs two machines', ['--against', 'HEAD', 'mine.ts', '--across-environments'], 'Leave it out'],
    ['an option that goes with it', ['a.json', 'b.json', '--budget', '5s'], '--budget goes with --against'],
  ])('answers %s with one sentence and exit code 2', async (_, given, sentence) => {
    const { exitCode, stderr } = await answered(['compare', ...given])
    expect(exitCode).toBe(2)
    expect(stderr).toContain(sentence)
  })

  it('says what to do in a clone that has only one commit', async () => {
    await git('commit', '--quiet', '--message', 'two', '--allow-empty')
    await git('clone', '--quiet', '--depth', '1', pathToFileURL(folder).href, 'shallow')
    const { exitCode, stderr } = await boundby(['compare', '--against', 'HEAD~1', 'mine.ts'], {
      cwd: join(folder, 'shallow'),
    })
    expect(exitCode).toBe(2)
    expect(stderr).toContain('git fetch --depth 1 origin main')
  })

  it('says which program is missing that unpacks a commit', async () => {
    const { stdout: at } = await execute('which', ['git'])
    const programs = await mkdtemp(join(folder, 'programs-'))
    await symlink(at.trim(), join(programs, 'git'))
    const { exitCode, stderr } = await boundby(['compare', '--against', 'HEAD', 'mine.ts'], {
      env: { PATH: programs },
    })
    expect(exitCode).toBe(2)
    expect(stderr).toContain('could not be unpacked into a temporary folder (there is no tar here)')
  })

  it('says that a folder is in no repository', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'boundby-turns-'))
    await cp(join(folder, 'mine.ts'), join(elsewhere, 'mine.ts'))
    const { exitCode, stderr } = await boundby(['compare', '--against', 'main', 'mine.ts'], {
      cwd: elsewhere,
    })
    await rm(elsewhere, { recursive: true })
    expect(exitCode).toBe(2)
    expect(stderr).toContain('commits cannot be looked up here: not a git repository')
  })
})
