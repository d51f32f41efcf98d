/**
 * Real runs, ended by force at random moments and taken up again: no measurement that was journaled is lost, none is
 * counted twice, and the result file is valid or absent. BOUNDBY_KILLS=100 tries it as often.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, readdir, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CellPatch, RaceRow } from '#dist/harness/journal-rows.js'
import { readResult } from '#dist/results/file.js'
import type { Result } from '#dist/results/schema.js'
import { until } from '../executors/support.ts'
import { bin, boundby } from './command-line.ts'

const kills = Number(process.env['BOUNDBY_KILLS'] ?? 2)
const workload = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/workloads/${name}.ts`, import.meta.url))

let folder: string
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'boundby-resume-')))
})
afterAll(() => rm(folder, { recursive: true }))

const call = (out: string, budget: string, ...more: string[]): string[] => {
  const what = ['run', workload('fine'), '--suite', 'full', '--executors', 'serial,event-loop']
  return [...what, '--budget', budget, '--out', out, ...more]
}

/** Measurements in a journal, as if nothing but its lines were known: makespans by cell, launch and round. */
function journaled(path: string): Map<string, number> {
  const found = new Map<string, number>()
  if (!existsSync(path)) return found
  const text = readFileSync(path, 'utf8')
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n')
  const patches = lines
    .filter((line) => line !== '')
    .flatMap((line): CellPatch[] => (JSON.parse(line) as Partial<RaceRow>).cells ?? [])
  for (const { size, arm, rounds = [] } of patches)
    for (const { launch, from, makespansMs } of rounds)
      for (const [index, makespanMs] of makespansMs.entries()) {
        const key = `${size} ${arm.executor} ${launch} ${from + index}`
        expect(found.has(key)).toBe(false)
        found.set(key, makespanMs)
      }
  return found
}

const measuredIn = ({ cells }: Result): Map<string, number> =>
  new Map(
    cells.flatMap(({ size, executor, launches }) =>
      launches.flatMap((rounds, launch) =>
        rounds.map((makespanMs, round) => [`${size} ${executor} ${launch} ${round}`, makespanMs] as const),
      ),
    ),
  )

/** Starts a run and kills it as soon as `isTime`, unless it ends before. */
async function killed(args: readonly string[], isTime: () => boolean): Promise<void> {
  const child = spawn(process.execPath, [bin, ...args], { stdio: 'ignore' })
  const ended = once(child, 'close')
  await until(() => isTime() || child.exitCode !== null)
  child.kill('SIGKILL')
  await ended
}

describe('a run that is killed', () => {
  it(
    `goes on with all that was journaled (killed ${kills} times)`,
    async () => {
      let measurements = 0
      let typicalMs = 2000
      for (let trial = 0; trial < kills; trial++) {
        const out = join(folder, `killed-${trial}.json`)
        const journal = `${out}.journal`
        // Half of them at any moment of a short run, its end too. The others amid a long one, after some measurements,
        // and again when it has gone on for some.
        const isMeasuring = trial % 2 === 1
        if (isMeasuring)
          for (const resume of [[], ['--resume']]) {
            const wanted = journaled(journal).size + Math.ceil(Math.random() * 8)
            await killed(call(out, '60s', ...resume), () => journaled(journal).size >= wanted)
          }
        else {
          const killMs = performance.now() + Math.random() * typicalMs
          await killed(call(out, '2s'), () => performance.now() >= killMs)
        }
        if (existsSync(out)) await readResult(out)
        const isOver = existsSync(out) && !existsSync(journal)
        const before = journaled(journal)
        const startMs = performance.now()
        const { exitCode, stderr } = await boundby(call(out, '2s', '--resume'))
        if (!isMeasuring) typicalMs = performance.now() - startMs
        expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr })
        if (!isOver && before.size > 0)
          expect(stderr).toMatch(/going on with \d+ launch(?:es)? of an earlier run/u)
        const result = await readResult(out)
        const after = measuredIn(result)
        for (const [key, makespanMs] of before) expect([key, after.get(key)]).toEqual([key, makespanMs])
        measurements += before.size
        expect(result.interrupted).toBeNull()
        expect(result.cells).toHaveLength(4)
        expect(result.verdicts).toHaveLength(2)
        expect(existsSync(journal)).toBe(false)
      }
      expect((await readdir(folder)).filter((name) => name.endsWith('.lock'))).toEqual([])
      // Otherwise the moments told nothing.
      expect(measurements).toBeGreaterThan(kills >> 1)
    },
    Math.max(120_000, kills * 30_000),
  )
})

describe('a run that is interrupted', () => {
  it('saves what it has, keeps its journal, and goes on; meanwhile the result belongs to it', async () => {
    const out = join(folder, 'interrupted.json')
    let other: ReturnType<typeof boundby> | undefined
    const long = call(out, '60s', '--seed', '5')
    const { exitCode, stderr } = await boundby(long, {
      whenStderr: {
        has: 'fine · 4',
        act: (child) => {
          other = boundby(call(out, '2s'))
          void other.then(() => child.kill('SIGTERM'))
        },
      },
    })
    const refused = await other
    expect(refused?.exitCode).toBe(2)
    expect(refused?.stderr).toMatch(
      /^boundby: --out: \S+interrupted\.json belongs to another run, which is still going on \(process \d+, since \S+\); wait for its end, or name another file\.\n$/u,
    )
    // On a quick machine all may be decided by then.
    if (exitCode === 0) return
    expect(exitCode).toBe(143)
    expect(stderr).toMatch(/interrupted\.json\. The same call with --resume goes on\.\n$/u)
    const saved = await readResult(out)
    expect(saved.interrupted).toBe('SIGTERM')
    // Without --seed: the one it had. With another budget: the one that it is given now.
    const same = long.filter((text) => text !== '--seed' && text !== '5')
    const ended = await boundby([
      ...same.map((text) => (text === '60s' ? '1s' : text)),
      '--resume',
      '--quiet',
    ])
    expect({ exitCode: ended.exitCode, stderr: ended.stderr }).toEqual({ exitCode: 0, stderr: '' })
    const result = await readResult(out)
    expect(result.options.seed).toBe(5)
    expect(result).toMatchObject({ options: { budgetMs: 1000 }, earlierBudgetsMs: [60_000] })
    expect(ended.stdout).toMatch(/planned for a budget of 60\.0 s, and went on with 1\.0+ s/u)
    expect(result.startedAt).toBe(saved.startedAt)
    const after = measuredIn(result)
    for (const [key, makespanMs] of measuredIn(saved))
      expect([key, after.get(key)]).toEqual([key, makespanMs])
    expect(existsSync(`${out}.journal`)).toBe(false)
  }, 180_000)
})

it('without a journal starts afresh, and says so', async () => {
  const out = join(folder, 'afresh.json')
  const { exitCode, stderr } = await boundby(call(out, '500ms', '--resume', '--quiet', '--sizes', '2'))
  expect({ exitCode, stderr }).toEqual({
    exitCode: 0,
    stderr: `There is no journal ${out}.journal to go on with: starting afresh.\n`,
  })
})
