/** `boundby merge` as a user calls it: shards of a real run become the run. */
import { mkdtemp, readdir, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mergeCommand } from '#dist/cli/merge.js'
import { readResult } from '#dist/results/file.js'
import type { Result } from '#dist/results/schema.js'
import { answered, boundby } from './command-line.ts'

const workload = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/workloads/${name}.ts`, import.meta.url))

let folder: string
let whole: Result
const shardPaths: string[] = []

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'boundby-merge-')))
  const call = ['run', workload('fine'), workload('throws'), '--suite', 'full', '--quiet']
  const rest = ['--executors', 'serial,event-loop', '--find-crossover=false', '--budget', '500ms']
  const run = async (name: string, more: readonly string[]): Promise<string> => {
    const out = join(folder, `${name}.json`)
    const { exitCode, stderr } = await answered([...call, ...rest, ...more, '--out', out])
    // One of the sizes has a task that throws.
    expect({ exitCode, stderr }).toEqual({ exitCode: expect.toBeOneOf([0, 1]), stderr: '' })
    return out
  }
  whole = await readResult(await run('whole', ['--seed', '0']))
  for (const index of [1, 2, 3]) shardPaths.push(await run(`shard-${index}`, ['--shard', `${index}/3`]))
}, 60_000)
afterAll(() => rm(folder, { recursive: true }))

const cellsOf = ({ cells }: Result): string[] =>
  cells
    .map(({ workload: name, size, executor, workers }) => `${name} ${size} ${executor} ${workers}`)
    .toSorted()

const merge = (results: readonly string[], out: string): Promise<number> => {
  const silent = new Writable({ write: (_, __, done) => done() })
  return mergeCommand({ results, out, keepEnvironments: false }, { stdout: silent, stderr: silent })
}

describe('boundby merge', () => {
  it('joins three shards into the unsharded plan, cell by cell', async () => {
    const out = join(folder, 'merged.json')
    const { exitCode, stderr, stdout } = await boundby(['merge', ...shardPaths, '--out', out])
    // One of the tasks throws.
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
    expect(stderr).toMatch(/^Joined 3 results with \d+ cells in .*merged\.json\.\n$/u)
    const merged = await readResult(out)
    expect(cellsOf(merged)).toEqual(cellsOf(whole))
    expect(merged.plannedPairs).toBe(whole.plannedPairs)
    expect(merged.verdicts.map(({ workload: name, size }) => `${name} ${size}`).toSorted()).toEqual(
      whole.verdicts.map(({ workload: name, size }) => `${name} ${size}`).toSorted(),
    )
    expect(merged.diagnoses).toHaveLength(whole.diagnoses.length)
    expect(merged.options).toEqual(whole.options)
  })

  it('says that a shard is missing, and ends with 1', async () => {
    const out = join(folder, 'part.json')
    const { exitCode, stderr } = await answered(['merge', ...shardPaths.slice(1), '--out', out])
    expect(exitCode).toBe(1)
    expect(stderr).toContain('1 shard of the plan is missing: 1/3.')
    expect((await readResult(out)).warnings?.[0]).toMatch(/^missing-shard: 1\/3 of the plan was not there/u)
  })

  it('replaces none of the results, takes none twice, and nothing that is no result', async () => {
    const [first = ''] = shardPaths
    const out = join(folder, 'none.json')
    await expect(merge(shardPaths, first)).rejects.toThrow(/is one of the results to merge/u)
    await expect(merge([first, first], out)).rejects.toThrow(/is in both/u)
    await expect(merge([workload('fine')], out)).rejects.toThrow(/is not JSON/u)
    await expect(merge(shardPaths, folder)).rejects.toThrow(/it is a folder/u)
    expect(await readdir(folder)).not.toContain('none.json')
  })

  it('needs --out', async () => {
    const { exitCode, stderr } = await answered(['merge', ...shardPaths])
    expect({ exitCode, lines: stderr.trim().split('\n').length }).toEqual({ exitCode: 2, lines: 1 })
    expect(stderr).toMatch(/out/u)
  })
})
