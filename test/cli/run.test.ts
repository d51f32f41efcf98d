/** What `run` does around the harness: results saved, reports sent where they belong, exit codes. */
import { mkdir, mkdtemp, readFile, readdir, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { RunArguments } from '#dist/cli/run.js'
import { runCommand } from '#dist/cli/run.js'
import { ResultFileError, UsageError } from '#dist/errors.js'
import type { RunRequest } from '#dist/harness/run.js'
import { readResult } from '#dist/results/file.js'
import type { Result, RunOptions } from '#dist/results/schema.js'
import { fixture } from '../results/fixture.ts'
import { node } from './command-line.ts'

let folder: string
let result: Result
let out: string

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'boundby-run-')))
  await writeFile(join(folder, 'mine.ts'), '')
  const measured = await fixture('default-suite')
  result = { ...measured, cells: measured.cells.map((cell) => ({ ...cell, error: null })) }
})
beforeEach(() => {
  out = join(folder, `${Math.random()}.json`)
})
afterAll(() => rm(folder, { recursive: true }))

function terminal() {
  const written = { stdout: '', stderr: '' }
  const stream = (name: 'stdout' | 'stderr') =>
    new Writable({
      write(text: Buffer, _, done) {
        written[name] += text.toString()
        done()
      },
    })
  return { written, terminal: { stdout: stream('stdout'), stderr: stream('stderr') } }
}

const never = () => Promise.reject(new Error('measured'))

const options = (change: Partial<RunOptions> = {}): RunOptions => ({
  ...result.options,
  files: [join(folder, 'mine.ts')],
  ...change,
})

const call = (change: Partial<RunArguments> = {}): RunArguments => ({
  options: options(),
  python: { paths: null, isAsked: false },
  out,
  reports: [{ reporter: 'table', file: null }],
  quiet: false,
  resume: false,
  isSeedGiven: false,
  keep: { baseline: false, history: false },
  ...change,
})

const measured =
  (change: Partial<Result> = {}) =>
  () =>
    Promise.resolve({ ...result, ...change })

describe('runCommand', () => {
  it('saves the result, prints the report on stdout, and the rest on stderr', async () => {
    const { written, terminal: here } = terminal()
    expect(await runCommand(call(), here, measured())).toBe(0)
    expect((await readResult(out)).cells).toEqual(result.cells)
    expect(written.stdout).toContain(result.cells[0]?.workload)
    expect(written.stdout).not.toContain('\u{1b}[')
    expect(written.stderr).toBe(`The result is in ${out}.\n`)
  })

  it('hands the selection to the harness', async () => {
    const requests: RunRequest[] = []
    const run = (request: RunRequest) => {
      requests.push(request)
      return Promise.resolve(result)
    }
    await runCommand(call({ options: options({ workloads: ['p*'], sizes: [7] }) }), terminal().terminal, run)
    expect(requests).toMatchObject([{ files: [join(folder, 'mine.ts')], workloads: ['p*'], sizes: [7] }])
    expect(requests[0]?.options).toEqual(options({ workloads: ['p*'], sizes: [7] }))
  })

  it('sends each report where it was told to', async () => {
    const { written, terminal: here } = terminal()
    const file = join(folder, 'reports', 'table.txt')
    const reports = [
      { reporter: 'json', file: null },
      { reporter: 'table', file },
    ]
    await runCommand(call({ reports }), here, measured())
    expect(JSON.parse(written.stdout)).toMatchObject({ formatVersion: 1 })
    expect(await readFile(file, 'utf8')).toContain(result.cells[0]?.workload)
  })

  it('ends with 1 for a failed cell', async () => {
    const [first, ...others] = result.cells
    if (first === undefined) throw new Error('the fixture has no cells')
    const failed = { ...first, error: { name: 'Error', message: 'broke' } }
    expect(await runCommand(call(), terminal().terminal, measured({ cells: [failed, ...others] }))).toBe(1)
  })

  it('says nothing on stderr if it is to be quiet', async () => {
    const { written, terminal: here } = terminal()
    await runCommand(call({ quiet: true }), here, async (_, { listener }) => {
      listener({ kind: 'note', message: 'look' })
      return measured()()
    })
    expect(written.stderr).toBe('')
  })

  it('finds out before measuring that there is nothing to measure, or no place for the result', async () => {
    const here = terminal().terminal
    await expect(
      runCommand(call({ options: options({ files: [join(folder, 'none.ts')] }) }), here, never),
    ).rejects.toThrow(UsageError)
    await expect(runCommand(call({ out: folder }), here, never)).rejects.toThrow(ResultFileError)
    const reports = [{ reporter: 'json', file: folder }]
    await expect(runCommand(call({ reports }), here, never)).rejects.toThrow(ResultFileError)
  })

  it.each([
    [{ control: true }, '--what-if: expected a race of executors, received --control'],
    [{ executors: ['threads'] }, '--what-if: expected serial among --executors, received threads'],
    [{ budgetMs: 5000 }, '--what-if: expected a --budget of at least 10s, received 5s'],
  ])('refuses to predict where it has nothing to predict from: %j', async (change, sentence) => {
    const whatIf = { cores: 16, latencyMs: null }
    const mistaken = call({ options: options({ whatIf, ...change }) })
    await expect(runCommand(mistaken, terminal().terminal, never)).rejects.toThrow(sentence)
    await expect(runCommand(mistaken, terminal().terminal, never)).rejects.toThrow(UsageError)
  })

  it('refuses a control of several worker counts at once', async () => {
    const control = { control: true, maxWorkers: [2, 8] }
    await expect(runCommand(call({ options: options(control) }), terminal().terminal, never)).rejects.toThrow(
      '--control: expected one number for --max-workers, received 2,8',
    )
  })

  it('prints what it could not save', async () => {
    const { written, terminal: here } = terminal()
    const run = async () => {
      // The place of the result is taken while the run is under way.
      await rm(out, { force: true })
      await mkdir(out)
      return result
    }
    await expect(runCommand(call(), here, run)).rejects.toThrow(ResultFileError)
    expect(written.stdout).toContain(result.cells[0]?.workload)
  })

  it('leaves no listener for signals behind', async () => {
    const before = process.listenerCount('SIGINT')
    await runCommand(call(), terminal().terminal, measured())
    expect(process.listenerCount('SIGINT')).toBe(before)
  })
})

const url = (path: string) => JSON.stringify(new URL(`../../dist/${path}`, import.meta.url).href)

/** A process that runs the command with a harness that ends when it is told to, or never. */
function interruptible(heedsSignal: boolean): string[] {
  const script = `
    import { runCommand } from ${url('cli/run.js')}
    const result = ${JSON.stringify(result)}
    const run = (request, { signal }) => new Promise((resolve) => {
      const alive = setInterval(() => {}, 1000)
      process.stderr.write('measuring\\n')
      signal.addEventListener('abort', () => {
        if (!${heedsSignal}) return
        clearInterval(alive)
        resolve({ ...result, interrupted: String(signal.reason) })
      })
    })
    process.exitCode = await runCommand(${JSON.stringify(call())}, process, run)`
  return ['--input-type=module', '-e', script]
}

describe.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s', (signal, exitCode) => {
  it(`saves and reports what was measured, and ends with ${exitCode}`, async () => {
    const ended = await node(interruptible(true), {
      whenStderr: {
        has: 'measuring',
        act: (child) => child.kill(signal),
      },
    })
    expect(ended.exitCode).toBe(exitCode)
    expect(ended.stderr).toContain(`Interrupted: what was measured until then is in ${out}.`)
    expect(ended.stdout).toContain(result.cells[0]?.workload)
    expect((await readResult(out)).interrupted).toBe(signal)
  })
})

it('ends at once on a second Ctrl-C', async () => {
  const ended = await node(interruptible(false), {
    whenStderr: {
      has: 'measuring',
      act: (child) => {
        child.kill('SIGINT')
        const again = setInterval(() => child.kill('SIGINT'), 100)
        child.once('exit', () => clearInterval(again))
      },
    },
  })
  expect(ended.exitCode).toBe(130)
  expect(await readdir(folder)).not.toContain(out)
})

it('takes the Ctrl-C that npm passes on for the one that the terminal sent', async () => {
  const script = `
    import { listenForInterrupt } from ${url('cli/interrupt.js')}
    let nowMs = 1000
    const interrupt = listenForInterrupt((signal) => console.log(signal), () => nowMs)
    process.emit('SIGINT', 'SIGINT')
    nowMs += 200
    process.emit('SIGINT', 'SIGINT')
    console.log(interrupt.signal.reason, interrupt.exitCode)
    nowMs += 200
    process.emit('SIGTERM', 'SIGTERM')
    console.log('never')`
  const { exitCode, stdout } = await node(['--input-type=module', '-e', script])
  expect({ exitCode, stdout }).toEqual({ exitCode: 143, stdout: 'SIGINT\nSIGINT 130\n' })
})
