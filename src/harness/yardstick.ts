/**
 * A computation that is always the same, timed right before and right after every measurement: how fast the machine was
 * just then. Two results of different days differ by that as well as by the code, and only this tells the two apart.
 */

import { performance } from 'node:perf_hooks'

/** Some 0.4 ms on the machine of docs/ci.md: short beside what it stands by, long beside the clock's resolution. */
const largest = 16_000
/** Until it is compiled. */
const warmUps = 10

/** Trial division: a loop of whole numbers that allocates nothing and stays within the first cache. */
function countPrimes(): number {
  let count = 0
  for (let candidate = 3; candidate < largest; candidate += 2) {
    let isPrime = true
    for (let divisor = 3; divisor * divisor <= candidate; divisor += 2)
      if (candidate % divisor === 0) {
        isPrime = false
        break
      }
    if (isPrime) count++
  }
  return count
}

/** Milliseconds. */
export function timeYardstick(): number {
  const startMs = performance.now()
  countPrimes()
  return performance.now() - startMs
}

export function warmUpYardstick(): void {
  for (let time = 0; time < warmUps; time++) countPrimes()
}
