/** `boundby diagnose` as a user calls it, on functions of a file anywhere on disk. */
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { diagnosisSchema } from '#dist/results/schema/diagnosis.js'
import type { Advice } from '#dist/analysis/advice.js'
import type { Diagnosis } from '#dist/results/schema.js'
import { answered, boundby } from './command-line.ts'
import type { Ended } from './command-line.ts'

const functions = `
import { setTimeout as sleep } from 'node:timers/promises'
export const spin = (ms: number): number => {
  const cpu = () => process.cpuUsage().user + process.cpuUsage().system
  const end = cpu() + 1000 * ms
  let turns = 0
  while (cpu() < end) turns++
  return Math.random()
}
export const wait = async (ms: number): Promise<string> => {
  await sleep(ms)
  return 'done'
}
export const fails = (input: { name: string }): number => {
  throw new Error('cannot', { cause: new TypeError(String(input?.name.length)) })
}
export const hangs = () => new Promise(() => {})
export const exits = () => process.exit(3)
export class Thing {}
export function* generates() {}
`
let folder: string
const cwd = process.cwd()
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'boundby-diagnose-')))
  process.chdir(folder)
  await writeFile(join(folder, 'functions.ts'), functions)
  await writeFile(
    join(folder, 'one.mjs'),
    'export default function (input) { return input }\nexport const also = () => 1\n',
  )
  await writeFile(join(folder, 'common.js'), 'exports.twice = (n) => 2 * n\nexports.half = (n) => n / 2\n')
  await writeFile(join(folder, 'input.json'), '[1, 2]')
})
afterAll(() => {
  process.chdir(cwd)
  return rm(folder, { recursive: true })
})

const diagnose = (...args: string[]): Promise<Ended> => boundby(['diagnose', ...args, '--quiet'])

type Entry = Diagnosis & { advice: Advice; calls: number; notes: string[]; repeatable: boolean | null }

async function entryOf(budget: string, ...args: string[]): Promise<Entry> {
  const { exitCode, stdout, stderr } = await diagnose('--reporter', 'json', '--budget', budget, ...args)
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  const entry = JSON.parse(stdout) as Entry
  expect(diagnosisSchema.safeParse(entry).error).toBeUndefined()
  expect(entry.cpuShare + entry.blockedShare + (entry.runQueueShare ?? 0)).toBeCloseTo(1)
  return entry
}

describe('boundby diagnose', () => {
  it('knows a function that computes, whatever it returns', async () => {
    const { bound, advice, calls, repeatable, notes } = await entryOf(
      '2s',
      'functions.ts#spin',
      '--input',
      '5',
    )
    expect(bound).toBe('cpu')
    expect(advice.executor).not.toBe('event-loop')
    expect(calls).toBeGreaterThan(10)
    expect(repeatable).toBe(false)
    expect(notes.join(' ')).toContain('different results')
  })

  it('knows one that waits, and says in words what to do', async () => {
    const { exitCode, stdout } = await diagnose('functions.ts#wait', '--input', '10', '--budget', '2s')
    expect(exitCode).toBe(0)
    expect(stdout).toContain('wait (functions.ts) is bound by I/O')
    expect(stdout).toMatch(/tart the calls at once on the main thread|Call it where you are/u)
    for (const word of ['blocked', 'Size: ', 'Latency: ', 'Cores: ', 'It was called'])
      expect(stdout).toContain(word)
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
  })

  it('takes the default export, inputs in turn and from a file', async () => {
    const inputs = ['--input', '@input.json', '--input', 'null']
    const { bound, notes, advice } = await entryOf('500ms', 'one.mjs', ...inputs)
    expect(bound).toBe('overhead')
    expect(advice.executor).toBe('serial')
    expect(advice.code).toContain("import { default as task } from './one.mjs'")
    expect(notes[0]).toContain('2 inputs in turn')
  })

  it('finds what a CommonJS module exports', async () => {
    const { workload, advice } = await entryOf('500ms', 'common.js#half', '--input', '4')
    expect([workload, advice.executor]).toEqual(['half', 'serial'])
  })

  it.for([
    [
      'throws',
      ['functions.ts#fails', '--input', '{}'],
      /^functions\.ts#fails failed: TypeError: .*length.* \(functions\.ts:\d+\)/u,
    ],
    ['hangs', ['functions.ts#hangs', '--timeout', '500ms'], /took longer than 500 ms \(--timeout\)/u],
    ['ends its process', ['functions.ts#exits'], /exited with code 3/u],
  ] as const)('exits with 1 for a function that %s', async ([, args, sentence]) => {
    const { exitCode, stderr, stdout } = await diagnose(...args)
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
    expect(stderr).toMatch(sentence)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })

  // A process of its own for each would take several times as long; those above show that it answers alike.
  it.for([
    ['a missing file', ['functoins.ts#spin'], 'Did you mean functions.ts?'],
    ['a missing export', ['functions.ts#spni'], 'has no export spni. Did you mean spin?'],
    ['several functions', ['functions.ts'], 'Its functions: exits, fails, hangs, spin, wait.'],
    ['a missing property', ['common.js#hafl'], 'Did you mean half? Its functions: half, twice.'],
    ['a class', ['functions.ts#Thing'], 'expected a function, received a class'],
    ['a generator', ['functions.ts#generates'], 'expected a function, received a generator function'],
    ['no JSON', ['functions.ts#spin', '--input', '{a'], '--input: expected JSON, received "{a"'],
    ['no file', ['functions.ts#spin', '--input', '@none'], 'none cannot be read'],
    ['a folder', ['.'], 'is a folder'],
    ['nothing', [], 'expected 1 file, received none'],
  ] as const)('exits with 2 for %s', async ([, args, sentence]) => {
    const { exitCode, stderr, stdout } = await answered(['diagnose', ...args, '--quiet'])
    expect({ exitCode, stdout, lines: stderr.trim().split('\n').length }).toEqual({
      exitCode: 2,
      stdout: '',
      lines: 1,
    })
    expect(stderr).toContain(sentence)
  })
})
