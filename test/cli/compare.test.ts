/** `boundby compare` as CI calls it: its answer, its exit codes, and one sentence for each mistake. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Result } from '../../src/results/schema.ts'
import { fixture, fixturePath } from '../results/fixture.ts'
import { answered, boundby } from './command-line.ts'

const baseline = fixturePath('default-suite')
let folder: string

/** A file made from the example result. */
async function changed(name: string, change: (result: Result) => Result): Promise<string> {
  const path = join(folder, `${name}.json`)
  await writeFile(path, JSON.stringify(change(await fixture('default-suite'))))
  return path
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boundby-compare-'))
})
afterAll(() => rm(folder, { recursive: true }))

const slower = (result: Result): Result => ({
  ...result,
  cells: result.cells.map((cell) =>
    cell.workload === 'http-get'
      ? { ...cell, launches: cell.launches.map((launch) => launch.map((ms) => 1.25 * ms)) }
      : cell,
  ),
})
const elsewhere = (result: Result): Result => ({
  ...slower(result),
  environment: { ...result.environment, cpuModel: 'Another', node: 'v99.0.0' },
})

describe('boundby compare', () => {
  it('says that nothing changed, and what would have gone unseen', async () => {
    const { exitCode, stdout, stderr } = await boundby(['compare', baseline, baseline])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toMatch(/^No alarm/u)
    expect(stdout).toContain('Smallest slowdown that would be found')
    expect(stdout).not.toContain('\u001B')
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
  })

  it('exits with 1 for a slowdown, unless told not to', async () => {
    const candidate = await changed('slower', slower)
    const { exitCode, stdout } = await answered(['compare', baseline, candidate])
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/^Alarm: cells became slower/u)
    expect(stdout).toMatch(/▲ slower +http-get/u)
    const ignored = await answered(['compare', baseline, candidate, '--fail-on', 'none'])
    expect(ignored.exitCode).toBe(0)
  })

  it('answers a program in JSON, and writes Markdown beside it', async () => {
    const candidate = await changed('slower', slower)
    const markdown = join(folder, 'comment.md')
    const reports = ['--reporter', 'json', '--reporter', `markdown=${markdown}`]
    const { exitCode, stdout } = await answered(['compare', baseline, candidate, ...reports])
    expect(exitCode).toBe(1)
    const { cells, flipped, alarm } = JSON.parse(stdout) as Record<string, unknown>
    expect({ flipped, alarm }).toEqual({ flipped: [], alarm: true })
    expect(cells).toContainEqual(
      expect.objectContaining({
        workload: 'http-get',
        executor: 'serial',
        change: 'slower',
        ratio: expect.closeTo(1.25, 5) as number,
        interval: [expect.any(Number), expect.any(Number)],
      }),
    )
    expect(await readFile(markdown, 'utf8')).toMatch(/^### boundby: Alarm: cells became slower\.\n/u)
  })

  it('does not pass what it could not compare', async () => {
    const candidate = await changed('elsewhere-named', (result) => ({
      ...result,
      cells: result.cells.map((cell) => ({ ...cell, workload: `${cell.workload}-2` })),
    }))
    const { exitCode, stdout, stderr } = await answered(['compare', baseline, candidate])
    expect(exitCode).toBe(2)
    expect(stdout).toMatch(/^Nothing to compare: the results have no cell in common/u)
    expect(stderr).toMatch(/nothing to compare.*--save-baseline/u)
    expect((await answered(['compare', baseline, candidate, '--fail-on', 'none'])).exitCode).toBe(0)
  })

  it.skipIf(process.platform === 'win32')(
    'takes /dev/stdout for what it is, beside other reports',
    async () => {
      const reports = [
        '--reporter',
        'junit=/dev/stdout',
        '--reporter',
        'table',
        '--reporter',
        'json=/dev/null',
      ]
      const { exitCode, stdout } = await boundby(['compare', baseline, baseline, ...reports])
      expect(exitCode).toBe(0)
      expect(stdout).toMatch(/^<\?xml.*<\/testsuites>\nNo alarm/su)
    },
  )

  it('refuses results of different machines, unless only ratios are asked for', async () => {
    const candidate = await changed('elsewhere', elsewhere)
    const refused = await answered(['compare', baseline, candidate])
    expect(refused.exitCode).toBe(2)
    expect(refused.stderr).toMatch(
      /another machine.*CPU: .*, now Another; Node major: .*, now 99.*--across-environments/u,
    )
    expect(refused.stderr.trim().split('\n')).toHaveLength(1)
    const across = await answered(['compare', baseline, candidate, '--across-environments'])
    expect(across.exitCode).toBe(0)
    expect(across.stdout).toMatch(/only ratios and\s+verdicts are compared/u)
  })

  it.each<[string, string[], string]>([
    ['a file that is not there', ['nowhere.json'], 'nowhere.json'],
    ['one file', [], 'See boundby compare --help'],
    ['an unknown alarm', [baseline, '--fail-on', 'slow'], '--fail-on'],
    ['an unknown format', [baseline, '--reporter', 'xml'], '--reporter'],
  ])('answers %s with one sentence and exit code 2', async (_, given, named) => {
    const { exitCode, stdout, stderr } = await answered(['compare', baseline, ...given])
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain(named)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })
})
