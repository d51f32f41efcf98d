/** The command that a report gives to measure the same again. */
import { expect, it } from 'vitest'
import { reproduce } from '#dist/reporters/reproduce.js'
import type { RunOptions } from '../../src/results/schema.ts'
import { resultOf } from '../results/fixture.ts'

async function commandFor(options: Partial<RunOptions>): Promise<string> {
  const result = await resultOf({})
  return reproduce({ ...result, options: { ...result.options, seed: 1, ...options } })
}

it('is a run, quoted for the shell', async () => {
  expect(await commandFor({ files: ["it's.ts"], leastLaunches: 10, control: true })).toMatch(
    /^boundby run 'it'\\''s\.ts' --control .*--least-launches 10 .*--seed 1$/u,
  )
})

it.each([
  ['../before', '../before'],
  ['main (0123456789)', '0123456789'],
])(
  'of versions in turns against %s it is their comparison, with what that takes',
  async (against, version) => {
    const command = await commandFor({ against, files: ['mine.ts'], leastLaunches: 20, control: true })
    expect(command).toMatch(/^boundby compare mine\.ts --against \S+ --executors/u)
    expect(command).toContain(` ${version} `)
    expect(command).not.toMatch(/control|launches|crossover/u)
  },
)
