/**
 * A computation that is always the same, timed right before and right after every measurement: how fast the machine was
 * just then. Two results of different days differ by that as well as by the code, and only this tells the two apart.
 *
 * Where a neighbour takes its share of a core, not all code becomes slower alike. Half of this sorts (branches on what it
 * loads), half writes JSON (much code, that allocates): of some twenty computations and sums of two, this followed three of
 * six workloads 1.5 to 2 times as closely as trial division, which has next to no memory and little code, and the other
 * three as closely. Whoever changes it must rename `yardstickMs` in the result file: results before and after cannot be
 * told apart otherwise.
 */

import { performance } from 'node:perf_hooks'

/** Either half takes some 0.2 ms on the machine of docs/ci.md: short beside makespans, long beside a clock's tick. */
const numberCount = 4096
const recordCount = 600
/** Until it is compiled. */
const warmUps = 10

/** In no order, and always the same: the quick generator of Numerical Recipes. */
function makeNumbers(): Uint32Array {
  const numbers = new Uint32Array(numberCount)
  for (let index = 1; index < numberCount; index++)
    numbers[index] = Math.imul(numbers[index - 1] ?? 0, 1_664_525) + 1_013_904_223
  return numbers
}

const numbers = makeNumbers()
const sorted = new Uint32Array(numberCount)
const records = Array.from({ length: recordCount }, (_, id) => ({ id, name: `n${id}`, values: [id, 2 * id] }))

function compute(): void {
  sorted.set(numbers)
  sorted.sort()
  JSON.stringify(records)
}

/** Milliseconds. */
export function timeYardstick(): number {
  const startMs = performance.now()
  compute()
  return performance.now() - startMs
}

export function warmUpYardstick(): void {
  for (let time = 0; time < warmUps; time++) compute()
}
