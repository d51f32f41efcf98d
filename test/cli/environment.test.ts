/** `boundby environment`: this machine in words and as JSON; warnings refuse nothing. */

import { Writable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { environmentCommand } from '#dist/cli/environment.js'
import type { FoundPythons } from '#dist/harness/python/interpreter.js'
import type { Environment } from '../../src/results/schema.ts'
import { fixture } from '../results/fixture.ts'
import { boundby } from './command-line.ts'

const { environment } = await fixture('default-suite')
const known: Environment = {
  ...environment,
  governors: ['performance'],
  turbo: false,
  clockStepMs: 0.0001,
  during: { durationMs: 1000, otherCpuShare: 0.01, stealShare: 0, otherBoundbyPids: [] },
}

const python: FoundPythons = {
  pythons: [
    {
      path: '/home/someone/bin/python3',
      record: {
        runtime: 'cpython 3.13.1 free-threaded',
        implementation: 'CPython',
        version: '3.13.1',
        gilEnabled: false,
        freeThreaded: true,
        startMethod: 'fork',
      },
      unfit: null,
    },
  ],
  missing: null,
  isAsked: false,
}
const noPython: FoundPythons = { pythons: [], missing: 'there is no python3 on the PATH', isAsked: false }

async function shown(machine: Environment, found = python, json = false): Promise<string> {
  let text = ''
  const stdout = Object.assign(
    new Writable({
      write(chunk: Buffer, _, done) {
        text += chunk.toString()
        done()
      },
    }),
    { columns: 100 },
  )
  const exitCode = await environmentCommand(
    { json },
    { stdout, stderr: stdout },
    { environment: () => Promise.resolve(machine), pythons: () => Promise.resolve(found) },
  )
  expect(exitCode).toBe(0)
  return text
}

describe('in words', () => {
  test('a quiet machine is described, and nothing is said to disturb', async () => {
    expect(await shown(known)).toBe(`This machine
  CPU      AMD EPYC 7B13, 2 cores
  usable   2 cores (no quota)
  memory   8 GiB
  system   linux x64
  Node     v20.20.2
  boundby  0.1.0
  Python   CPython 3.13.1 free-threaded; its global lock is off; processes start by fork
  clock    steps of 100 ns
  in use   1 % of the CPU, by other programs

Nothing was found that would disturb a measurement now.
`)
  })

  test('a busy one is told what disturbs and what to do', async () => {
    const text = await shown({ ...known, cpuQuotaCores: 1.5, during: { otherCpuShare: 0.5 } })
    expect(text).toContain('a quota of 1.5')
    expect(text).toMatch(/- load: .*used 50 %[^]*close[\s]other programs/u)
    expect(text).toContain('- quota: ')
    expect(text).not.toContain('Nothing was found')
  })

  test('what cannot be known is said', async () => {
    const text = await shown(environment, noPython)
    expect(text).toContain('there is no python3 on the PATH')
    expect(text).toContain('This system does not tell: what other programs use of the CPU')
  })

  test('hostile text moves nothing', async () => {
    const text = await shown({ ...known, cpuModel: '\u{1b}[2J', governors: ['\u{9b}2J'] })
    expect(text.replaceAll('\n', '')).toMatch(/^[^\p{Cc}]*$/u)
  })
})

test('as JSON for programs', async () => {
  const text = await shown({ ...known, turbo: true }, python, true)
  expect(JSON.parse(text)).toEqual({
    environment: { ...known, turbo: true, pythons: [python.pythons[0]?.record] },
    warnings: [expect.stringMatching(/^frequency: turbo is on/u)],
  })
})

test('this very machine', async () => {
  const { exitCode, stdout, stderr } = await boundby(['environment', '--reporter', 'json'])
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  const { environment: here, warnings } = JSON.parse(stdout) as {
    environment: Environment
    warnings: string[]
  }
  expect(here).toMatchObject({ node: process.version, platform: process.platform })
  expect(here.during?.durationMs).toBeGreaterThanOrEqual(900)
  for (const warning of warnings) expect(warning).toMatch(/^[a-z-]+: .*\.$/u)
})

test('a mistake in the call is one sentence', async () => {
  const { exitCode, stderr } = await boundby(['environment', '--reporter', 'xml'])
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: 'boundby: --reporter: there is no "xml". Choose from text, json.\n',
  })
})
