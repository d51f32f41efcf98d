/** CPU-bound in plain JavaScript: integer arithmetic, next to no data. */

import { defineWorkload } from 'boundby'
import { splitRange, type Range } from '../data/ranges.ts'

/** How many primes lie in a range. */
export function countPrimes({ from, to }: Range): number {
  let count = from <= 2 && to > 2 ? 1 : 0
  for (let candidate = Math.max(3, from | 1); candidate < to; candidate += 2) if (isPrime(candidate)) count++
  return count
}

function isPrime(odd: number): boolean {
  for (let divisor = 3; divisor * divisor <= odd; divisor += 2) if (odd % divisor === 0) return false
  return true
}

export default defineWorkload({
  name: 'primes',
  summary: 'Counts the primes below a number by trial division',
  source: 'Trial division by odd numbers up to the root; the example of most tutorials on process pools',
  expects: 'cpu',
  module: import.meta.url,
  task: countPrimes,
  sizes: [1e3, 1e4, 1e5, 1e6, 1e7],
  defaultSizes: [1e3, 1e5, 1e6],
  inputs: (size) => splitRange(size, 1000),
  checksum: (counts) => `${counts.reduce((sum, count) => sum + count, 0)} primes`,
})
