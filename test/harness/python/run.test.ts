/** Whole runs with twins, good and bad: whatever Python does, Node's cells stand. */
import { fileURLToPath } from 'node:url'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { byWorkload } from '#dist/analysis/by-workload.js'
import { run } from '#dist/harness/run.js'
import type { RunRequest } from '#dist/harness/run.js'
import type { Cell, Result } from '#dist/results/schema.js'
import { resultSchema } from '#dist/results/schema.js'
import { folder } from '../../executors/support.ts'
import { python, withoutPython } from './python.ts'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const ofNode = ['serial', 'threads']
const ofPython = ['python-serial', 'python-threads', 'python-processes']

async function race(
  names: readonly string[],
  executors: string[],
  { asked, budgetMs = 500 }: { asked?: RunRequest['python']; budgetMs?: number } = {},
): Promise<{ result: Result; notes: string[] }> {
  const notes: string[] = []
  const files = names.map((name) =>
    fileURLToPath(new URL(`../../fixtures/twin-workloads/${name}.ts`, import.meta.url)),
  )
  const result = await run(
    {
      files,
      workloads: null,
      sizes: null,
      ...(asked === undefined ? {} : { python: asked }),
      options: {
        files,
        suite: 'full',
        executors,
        maxWorkers: [1],
        tasksInFlightPerWorker: 1,
        budgetMs,
        confidence: 0.95,
        margin: 0.05,
        seed: 1,
        timeoutMs: 10_000,
      },
    },
    {
      listener: (event) => {
        if (event.kind === 'note') notes.push(event.message)
      },
      signal: new AbortController().signal,
    },
  )
  return { result, notes }
}

/** An interpreter that tells of itself what a test wants. */
function fakePython(told: object): string {
  const path = join(folder(), 'python3')
  writeFileSync(path, `#!/bin/sh\necho '${JSON.stringify(told)}'\n`)
  chmodSync(path, 0o755)
  return path
}

const old = {
  path: '/usr/bin/python3',
  version: [3, 6],
  release: '3.6.9',
  implementation: 'CPython',
  gil: null,
}

afterEach(() => vi.unstubAllEnvs())

describe.skipIf(python === undefined)(`twins in a run (skipped where ${withoutPython})`, () => {
  let result: Result
  const cells = (workload: string, isOfPython: boolean): Cell[] =>
    result.cells.filter((cell) => cell.workload === workload && (cell.runtime !== undefined) === isOfPython)

  beforeAll(async () => {
    const names = ['equal', 'differs', 'raises', 'crashes', 'alone']
    ;({ result } = await race(names, [...ofPython, ...ofNode], { budgetMs: 2000 }))
  }, 60_000)

  it('stand beside Node in cells of their own, with equal checksums', () => {
    const twins = cells('equal', true)
    expect(twins.map(({ executor }) => executor)).toEqual(ofPython)
    for (const { runtime, error, launches, costsMs } of twins) {
      expect({ runtime, error }).toEqual({ runtime: python?.record.runtime, error: null })
      expect(launches.flat().length).toBeGreaterThan(0)
      expect(costsMs.startup).toBeGreaterThan(0)
    }
    expect(twins.map(({ workerProcesses }) => workerProcesses)).toEqual([0, 0, 1])
    expect(new Set([...twins, ...cells('equal', false)].map(({ checksum }) => checksum)).size).toBe(1)
  })

  it('have verdicts of their own, after that of Node, which knows nothing of them', () => {
    const verdicts = result.verdicts.filter(({ workload }) => workload === 'equal')
    expect(verdicts.map(({ runtime, over }) => [runtime, over])).toEqual([
      [undefined, 'serial'],
      [python?.record.runtime, 'python-serial'],
    ])
    expect(verdicts[0]?.executors.every((executor) => ofNode.includes(executor))).toBe(true)
    expect(verdicts[1]?.executors.every((executor) => ofPython.includes(executor))).toBe(true)
    const equal = byWorkload(result).find(({ name }) => name === 'equal')
    expect(equal?.arms.map(({ executor }) => executor)).toEqual(ofNode)
    expect(equal?.twins.map(({ arms }) => arms.map(({ executor }) => executor))).toEqual([ofPython])
  })

  it('share the error of the run with Node by their pairs', () => {
    // Five workloads with two arms of Node's; four have a twin with three arms.
    expect(result.plannedPairs).toBe(5 * 2 + 4 * 6)
  })

  it('fail where they give something else; Node does not', () => {
    expect(cells('differs', true).map(({ error }) => error?.name)).toEqual(
      ofPython.map(() => 'ChecksumMismatch'),
    )
    expect(cells('differs', true)[0]?.error?.message).toMatch(/but [0-9a-f]{64} under serial$/u)
  })

  it('fail with their line where they raise, and with the signal where they crash', () => {
    for (const { error } of cells('raises', true))
      expect(error).toEqual({ name: 'LookupError', message: 'nothing is 0', location: 'raises.py:5' })
    const messages = cells('crashes', true).map(({ error }) => error?.message)
    expect(messages.slice(0, 2)).toEqual(Array.from({ length: 2 }, () => 'Python exited with signal SIGSEGV'))
    expect(messages[2]).toMatch(/terminated abruptly/u)
  })

  it('leave Node alone, whatever happens to them', () => {
    for (const name of ['differs', 'raises', 'crashes', 'alone'])
      for (const { error, medianMs } of cells(name, false)) {
        expect(error).toBeNull()
        expect(medianMs).toBeGreaterThan(0)
      }
  })

  it('are missed where there is none, with the reason', () => {
    expect(cells('alone', true)).toEqual([])
    const reason = 'it has no Python twin: a file alone.py beside it would take part'
    expect(result.skipped).toEqual(
      ofPython.map((executor) => ({ workload: 'alone', size: null, executor, reason })),
    )
  })

  it('make a result that its own reader takes, without the path of an interpreter', () => {
    expect(resultSchema.safeParse(JSON.parse(JSON.stringify(result))).error).toBeUndefined()
    expect(result.environment.pythons).toEqual([python?.record])
    const methods = ['submit', 'map', 'shutdown']
    expect(result.environment.poolMethods?.[python?.record.runtime ?? '']).toEqual({
      threads: methods,
      processes: methods,
    })
    expect(JSON.stringify(result.environment)).not.toContain(python?.path)
  })
})

describe('without a Python that can run twins', () => {
  it('the run succeeds, and says what was not tested and how to get it', async () => {
    vi.stubEnv('PATH', folder())
    const { result, notes } = await race(['equal'], [...ofNode, ...ofPython])
    expect(result.cells.map(({ executor, error }) => [executor, error])).toEqual(
      ofNode.map((id) => [id, null]),
    )
    const reason =
      'there is no python3 on the PATH: install Python >= 3.9 (https://www.python.org/downloads/), or name one with --python'
    expect(result.skipped).toEqual(
      ofPython.map((executor) => ({ workload: 'equal', size: null, executor, reason })),
    )
    expect(notes).toEqual([`CPython is not tested: ${reason}.`])
    expect(result.environment.pythons).toBeUndefined()
  })

  it('one that is too old fails the cells that were asked for, and is left out otherwise', async () => {
    const path = fakePython(old)
    const asked = await race(['equal'], [...ofNode, ...ofPython], { asked: { paths: [path], isAsked: true } })
    const failed = asked.result.cells.filter(({ runtime }) => runtime === 'cpython 3.6.9')
    expect(failed.map(({ executor, error }) => [executor, error?.name])).toEqual(
      ofPython.map((executor) => [executor, 'PythonUnfit']),
    )
    expect(failed[0]?.error?.message).toContain('Python 3.6.9 is too old for boundby, which needs 3.9')
    expect(asked.result.cells.filter(({ error }) => error === null)).toHaveLength(2)

    vi.stubEnv('PATH', join(path, '..'))
    const found = await race(['equal'], [...ofNode, ...ofPython])
    expect(found.result.cells.every(({ error }) => error === null)).toBe(true)
    expect(found.notes[0]).toContain('Python 3.6.9 is too old')
  })

  it.each([
    ['/no/such/python', 'which cannot be started or is none'],
    [process.execPath, 'which cannot be started or is none'],
  ])('naming %s is a mistake', async (path, sentence) => {
    await expect(race(['equal'], ofPython, { asked: { paths: [path], isAsked: true } })).rejects.toThrow(
      sentence,
    )
  })
})
