/** The examples' task: work for a core, and who did it. */

export function countPrimes(limit: number): string {
  let count = 0
  for (let candidate = 2; candidate < limit; candidate++) {
    let divisor = 2
    while (divisor * divisor <= candidate && candidate % divisor !== 0) divisor++
    if (divisor * divisor > candidate) count++
  }
  return `${count} primes below ${limit}, counted by process ${process.pid}`
}
