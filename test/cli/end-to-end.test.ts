/** Real runs of the built executable over real workloads, through pipes and in a terminal. */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { executorIds } from '#dist/executors/index.js'
import { readResult } from '#dist/results/file.js'
import { bin, boundby } from './command-line.ts'

const workload = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/workloads/${name}.ts`, import.meta.url))
const escape = '\u{1b}'

let folder: string
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'boundby-cli-')))
})
afterAll(() => rm(folder, { recursive: true }))

describe('through pipes', () => {
  it('writes the report to stdout, a line a cell to stderr, and the result', async () => {
    const out = join(folder, 'results', 'fine.json')
    const args = ['run', workload('fine'), '--budget', '1s', '--sizes', '4', '--seed', '7', '--out', out]
    const { exitCode, stdout, stderr } = await boundby(args)
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr })
    expect(stdout).toContain('fine: Squares numbers')
    expect(stdout + stderr).not.toContain(escape)
    for (const executor of executorIds)
      expect(stderr).toMatch(new RegExp(`^fine · 4 · ${executor}.*: \\d`, 'mu'))
    const { cells, options, timelines } = await readResult(out)
    expect(cells.map(({ executor }) => executor).toSorted()).toEqual([...executorIds].toSorted())
    expect(new Set(cells.map(({ checksum }) => checksum)).size).toBe(1)
    expect(timelines?.map(({ executor }) => executor).toSorted()).toEqual([...executorIds].toSorted())
    expect(timelines?.map(({ tasks }) => tasks.length)).toEqual(cells.map(({ tasks }) => tasks))
    expect(options).toMatchObject({
      seed: 7,
      budgetMs: 1000,
      confidence: 0.95,
      margin: 0.05,
      timeoutMs: 30_000,
    })
  })

  it('races an executor against itself', async () => {
    const out = join(folder, 'control.json')
    const args = ['run', workload('fine'), '--control', '--executors', 'threads', '--sizes', '4']
    const { exitCode, stdout, stderr } = await boundby([...args, '--budget', '1s', '--out', out])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr })
    expect(stderr).toMatch(/^fine · 4 · threads B/mu)
    expect(stdout).toContain('fine, threads against itself')
    expect(stdout).toMatch(/Control: a winner was named in [01] of 1 race/u)
    const { cells, options, verdicts } = await readResult(out)
    expect(cells.map(({ executor, arm }) => `${executor} ${arm}`)).toEqual(['threads A', 'threads B'])
    expect(options.control).toBe(true)
    expect(verdicts).toHaveLength(1)
  })

  it('ends with 1 and the place where a task failed', async () => {
    const args = [
      'run',
      workload('throws'),
      '--budget',
      '1s',
      '--sizes',
      '4',
      '--executors',
      'serial,threads',
      '--quiet',
    ]
    const { exitCode, stdout, stderr } = await boundby([...args, '--out', join(folder, 'throws.json')])
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' })
    expect(stdout).toMatch(/TypeError: cannot take 3/u)
    expect(stdout).toMatch(/throws\.ts:5/u)
  })

  it('does not mind a reader that leaves early', async () => {
    const out = join(folder, 'early.json')
    const child = spawn(
      process.execPath,
      [bin, 'run', workload('fine'), '--budget', '500ms', '--executors', 'serial', '--quiet', '--out', out],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    )
    child.stdout.destroy()
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    const exitCode = await new Promise((resolve) => child.once('close', resolve))
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect((await readResult(out)).cells).not.toEqual([])
  })

  it('colours where it is asked to', async () => {
    const args = ['run', workload('fine'), '--budget', '500ms', '--executors', 'serial', '--quiet']
    const { stdout } = await boundby([...args, '--out', join(folder, 'colour.json')], {
      env: { FORCE_COLOR: '1' },
    })
    expect(stdout).toContain(escape)
  })
})

// util-linux's `script` gives the command a terminal; `-e` passes its exit code on.
const hasScript = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0

interface Session {
  readonly exitCode: number | null
  readonly text: string
}

/** Runs boundby in a terminal; `keys` are typed once `when` is on the screen. */
function inTerminal(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  typed?: { readonly when: string; readonly keys: string },
): Promise<Session> {
  return new Promise((resolve, reject) => {
    const command = [process.execPath, bin, ...args].map((part) => `'${part}'`).join(' ')
    const child = spawn('script', ['-qec', command, '/dev/null'], {
      env: {
        ...process.env,
        NO_COLOR: undefined,
        FORCE_COLOR: undefined,
        CI: undefined,
        TERM: 'xterm',
        ...env,
      },
    })
    let text = ''
    let isWaiting = typed !== undefined
    child.stdout.setEncoding('utf8').on('data', (more: string) => {
      text += more
      if (!isWaiting || typed === undefined || !text.includes(typed.when)) return
      isWaiting = false
      child.stdin.write(typed.keys)
    })
    child.on('error', reject)
    child.on('close', (exitCode) => resolve({ exitCode, text }))
  })
}

describe.skipIf(!hasScript)('in a terminal (needs util-linux script)', () => {
  it('draws one live line and clears it before the report', async () => {
    const args = [
      'run',
      workload('fine'),
      '--budget',
      '1s',
      '--sizes',
      '4',
      '--executors',
      'serial,threads',
      '--out',
      join(folder, 'live.json'),
    ]
    const { exitCode, text } = await inTerminal(args)
    expect(exitCode).toBe(0)
    const [live = '', report = ''] = text.split('boundby 0.')
    expect(live).toMatch(/\[#*\.*\] +\d+ % · fine · race, launch 1.* left/u)
    expect(live.trimEnd()).not.toContain('\n')
    expect(live.slice(live.lastIndexOf(`${escape}[2K`))).not.toContain('%')
    expect(report).toContain(`${escape}[`)
  })

  it('is without colour if NO_COLOR is set', async () => {
    const args = ['run', workload('fine'), '--budget', '500ms', '--executors', 'serial', '--quiet']
    const { text } = await inTerminal([...args, '--out', join(folder, 'plain.json')], { NO_COLOR: '1' })
    expect(text).toContain('fine')
    expect(stripVTControlCharacters(text)).toBe(text)
  })

  it('saves and reports what was measured on Ctrl-C', async () => {
    const out = join(folder, 'interrupted.json')
    const { exitCode, text } = await inTerminal(
      ['run', workload('fine'), '--executors', 'serial,threads', '--budget', '60s', '--out', out],
      {},
      { when: 'race, launch 2', keys: '\u{3}' },
    )
    expect(exitCode).toBe(130)
    expect(text).toContain('saving what was measured')
    expect(text).toContain(`Interrupted: what was measured until then is in ${out}.`)
    const { interrupted, cells } = await readResult(out)
    expect(interrupted).toBe('SIGINT')
    expect(cells.some(({ medianMs }) => medianMs !== null)).toBe(true)
  })
})
