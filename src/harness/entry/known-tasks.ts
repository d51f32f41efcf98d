/** The workload of the calibration: tasks of which it is known what they ask of a machine. */

import { access } from 'node:fs/promises'
import { performance } from 'node:perf_hooks'
import { defineWorkload } from '../../workloads/workload.ts'
import { knownTasks, sizeOf } from '../known-tasks.ts'
import type { KnownTasks } from '../known-tasks.ts'

type KnownInput = number | string | { readonly calls: number } | undefined

/** Keeps the CPU busy for so many turns of a loop that no compiler can leave out. */
function spin(turns: number): number {
  let state = turns | 1
  for (let turn = 0; turn < turns; turn++) state = Math.imul(state ^ (state >>> 15), 0x2c1b_3c6d)
  return state
}

/** Asks libuv's threads for next to nothing, one time after the other. */
async function call(calls: number): Promise<void> {
  for (let made = 0; made < calls; made++) await access('/')
}

/** Spins for so many turns, or calls so many times; does nothing with anything else. */
export function doAsTold(input: KnownInput): void | Promise<void> {
  if (typeof input === 'number') spin(input)
  else if (typeof input === 'object') return call(input.calls)
}

let turnsPerMs: number | undefined

/** Turns of `spin` in a millisecond, once it is compiled. */
function measureTurnsPerMs(): number {
  for (let warmUp = 0; warmUp < 5; warmUp++) spin(100_000)
  const turns = 500_000
  const rates = Array.from({ length: 5 }, () => {
    const startMs = performance.now()
    spin(turns)
    return turns / (performance.now() - startMs)
  })
  return Math.max(...rates)
}

function inputOf({ spinMs, bytes, calls }: KnownTasks): KnownInput {
  if (calls > 0) return { calls }
  // In one piece, as what was read or decoded is.
  if (bytes > 0) return Buffer.alloc(bytes, 'x').toString('latin1')
  if (spinMs === 0) return undefined
  // Once in a process: all its makespans have to be of the same work.
  turnsPerMs ??= measureTurnsPerMs()
  return Math.round(spinMs * turnsPerMs)
}

export default defineWorkload({
  name: 'calibration',
  summary: 'Tasks that do nothing, spin for a known time, take known bytes, or call the threads of libuv',
  expects: 'cpu',
  module: import.meta.url,
  task: doAsTold,
  sizes: [sizeOf.empty(1)],
  inputs: (size) => {
    const known = knownTasks(size)
    return Array.from({ length: known.tasks }, () => inputOf(known))
  },
  checksum: () => '',
})
