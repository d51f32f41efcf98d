/**
 * What accounting costs: `npm run bench:accounting` times the same calls with and without an account around each, in
 * turns, for several kinds and lengths of call. The account is read before and after; what it can cost the call is
 * what it leaves behind: cold caches, garbage, an observer of the collector. The bar is 1 % of a makespan of a
 * millisecond. Makespans that count have no account around them at all: others are observed beside them.
 */

import { performance } from 'node:perf_hooks'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { prepareAccounting, startAccount } from '#dist/harness/accounting.js'
import { measureMakespan } from '#dist/harness/measure.js'

const self = fileURLToPath(import.meta.url)

function multiply(turns: number): number {
  let value = 1
  for (let turn = 0; turn < turns; turn++) value = (Math.imul(value, 31) + turn) | 0
  return value
}

function allocate(turns: number): number {
  const kept: unknown[] = []
  for (let turn = 0; turn < turns; turn++) kept[turn % 1000] = { turn, list: [turn] }
  return kept.length
}

const calls: Readonly<Record<string, () => unknown>> = {
  'computing, 0.1 ms': () => multiply(5e4),
  'computing, 1 ms': () => multiply(5e5),
  'computing, 10 ms': () => multiply(5e6),
  'allocating, 1 ms': () => allocate(2e4),
  'allocating, 10 ms': () => allocate(2e5),
  'reading a file': () => readFile(self),
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

/** One makespan, with or without an account around it. */
async function makespan(call: () => unknown, isAccounted: boolean): Promise<number> {
  let end: ReturnType<typeof startAccount> | undefined
  let ended: Promise<unknown> | undefined
  const { makespanMs } = await measureMakespan(
    [async () => call()],
    isAccounted
      ? {
          before: () => {
            end = startAccount()
          },
          after: () => {
            ended = end?.()
          },
        }
      : {},
  )
  await ended
  return makespanMs
}

/** Reading itself, which no makespan contains. */
async function readingUs(): Promise<number> {
  const turns = 2000
  let spentMs = 0
  for (let turn = 0; turn < turns; turn++) {
    const end = startAccount()
    const startMs = performance.now()
    const ended = end()
    spentMs += performance.now() - startMs
    await ended
  }
  return (1000 * spentMs) / turns
}

prepareAccounting()
process.stdout.write(
  `reading the counters once: ${(await readingUs()).toFixed(0)} µs, outside of the makespan\n`,
)
const secondsEach = 4
for (const [name, call] of Object.entries(calls)) {
  const plain: number[] = []
  const ratios: number[] = []
  const endMs = performance.now() + 1000 * secondsEach
  for (let turn = 0; performance.now() < endMs; turn++) {
    // Neighbours in time are compared, each first in every other pair: the machine's speed drifts.
    const first = await makespan(call, turn % 2 === 0)
    const second = await makespan(call, turn % 2 !== 0)
    const [accounted, unaccounted] = turn % 2 === 0 ? [first, second] : [second, first]
    plain.push(unaccounted)
    ratios.push(accounted / unaccounted)
  }
  // Binomial: the order statistics that bracket the median with 95 % confidence.
  const sorted = ratios.toSorted((a, b) => a - b)
  const half = 0.98 * Math.sqrt(sorted.length)
  const at = (rank: number): string =>
    `${(100 * ((sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(rank)))] ?? Number.NaN) - 1)).toFixed(2)} %`
  const middle = sorted.length / 2
  process.stdout.write(
    `${name.padEnd(18)} ${median(plain).toFixed(3).padStart(8)} ms  cost ${at(middle)} (95 %: ${at(middle - half)} to ${at(middle + half)}, ${sorted.length} pairs)\n`,
  )
}
