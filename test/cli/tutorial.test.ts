/** The tutorial: its programs really run, what was seen is what they printed, and a mistake or a lack is told. */

import { readFile } from 'node:fs/promises'
import { PassThrough } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { tutorialCommand } from '#dist/cli/tutorial.js'
import { readBlock } from '#dist/cli/tutorial/block.js'
import { readFactor } from '#dist/cli/tutorial/cheap-tasks.js'
import { readProcesses } from '#dist/cli/tutorial/pool.js'
import { findPython } from '#dist/cli/tutorial/python.js'
import type { Output } from '../../src/cli/terminal.ts'
import { boundby } from './command-line.ts'

const noPython = { python: null, missing: 'there is no python3 on the PATH: install it' }
const { python } = await findPython()

/** The text of a step as one line, and its exit code. */
async function performed(
  step: string | null,
  found: typeof noPython | Awaited<ReturnType<typeof findPython>>,
) {
  let text = ''
  const stream = new PassThrough({ encoding: 'utf8' })
  stream.on('data', (more: string) => (text += more))
  const terminal = { stdout: stream as unknown as Output, stderr: stream as unknown as Output }
  const exitCode = await tutorialCommand(step, terminal, () => Promise.resolve(found))
  return { exitCode, text, words: text.replaceAll(/\s+/gu, ' ') }
}

/** The process ids that a program printed. */
const pidsIn = (text: string): string[] =>
  [...text.matchAll(/^ {2}> .*process (\d+)$/gmu)].map(([, pid]) => pid ?? '')

describe('the pool of three and two tasks', () => {
  it('prints two process ids, neither of them that of the program', async () => {
    const { exitCode, stdout, stderr } = await boundby(['tutorial', '--step', '2'])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    const pids = pidsIn(stdout)
    expect(pids).toHaveLength(python === null ? 3 : 6)
    expect(new Set(pids).size).toBe(pids.length)
    expect(stdout.match(/^Seen: two tasks, two processes/gmu)).toHaveLength(python === null ? 1 : 2)
    // For a reader that is no terminal.
    expect(stdout).toMatch(/^[^\p{Cc}]*$/mu)
    expect(stdout).not.toContain('\u{1b}')
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
  })

  it('shows the very program that ran', async () => {
    const file = fileURLToPath(new URL('../../examples/tutorial/pool.mjs', import.meta.url))
    const { text } = await performed('2', noPython)
    for (const line of (await readFile(file, 'utf8')).trimEnd().split('\n'))
      expect(text.split('\n')).toContain(line === '' ? '' : `  ${line}`)
  })
})

describe('without a Python', () => {
  it('says what is missing and goes on', async () => {
    const { exitCode, words } = await performed('3', noPython)
    expect(exitCode).toBe(0)
    expect(words).toContain('CPython is left out: there is no python3 on the PATH: install it.')
    expect(words).toContain('3 results in the order of their inputs, and no worker left after the block.')
    expect(words).not.toMatch(/CPython \d/u)
  })

  it('finds none on an empty PATH', async () => {
    const { exitCode, stdout } = await boundby(['tutorial', '--step', '2'], { env: { PATH: '' } })
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^CPython is left out: /mu)
    expect(pidsIn(stdout)).toHaveLength(3)
  })
})

it('tells of a program that fails, and ends with 1', async () => {
  // Node is no Python, and says so.
  const impostor = { python: { path: process.execPath, name: 'CPython 0' }, missing: null }
  const { exitCode, words } = await performed('3', impostor)
  expect(exitCode).toBe(1)
  expect(words).toContain('Failed: CPython 0 did not end well: ')
  expect(words.match(/Seen:/gu)).toHaveLength(1)
})

it('has no step 9', async () => {
  const { exitCode, stdout, stderr } = await boundby(['tutorial', '--step', '9'])
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
  expect(stderr).toBe(`boundby: --step: expected a whole number from 1 to 5, received "9".\n`)
})

const counted = (pid: number): string => `25 primes below 100, counted by process ${pid}`

describe('what was seen', () => {
  const submitted = 'submitted by process 1'

  it.each([
    [[submitted, counted(2), counted(3)], 'two tasks, two processes: 2 and 3'],
    [[submitted, counted(2), counted(2)], 'both tasks ran in process 2'],
    [[submitted, counted(1), counted(2)], 'the very one that submitted it'],
    [[submitted, counted(2)], 'not what was expected'],
    [[], 'not what was expected'],
  ])('is told of the processes as it was: %j', (lines, expected) => {
    expect(readProcesses(lines)).toContain(expected)
  })

  it.each([
    [['a', 'b', 'workers alive after the block: 0'], '2 results in the order of their inputs, and no worker'],
    [['a', 'workers alive after the block: 3'], 'and 3 left'],
    [['a'], 'not what was expected'],
  ])('is told of the block: %j', (lines, expected) => {
    expect(readBlock(lines)).toContain(expected)
  })

  it.each([
    [['the pool took 1234 times as long as the loop'], 'the pool was 1,234 times slower'],
    [['the pool took 0 times as long as the loop'], 'not slower'],
    [['nothing'], 'not what was expected'],
  ])('is told of the cheap tasks: %j', (lines, expected) => {
    expect(readFactor(lines)).toContain(expected)
  })
})
