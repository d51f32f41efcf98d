/** The tasks that the tutorial hands to a pool. */

export function countPrimes(limit) {
  let count = 0
  for (let candidate = 2; candidate < limit; candidate++) {
    let divisor = 2
    while (divisor ** 2 <= candidate && candidate % divisor !== 0) divisor++
    if (divisor ** 2 > candidate) count++
  }
  return `${count} primes below ${limit}, counted by process ${process.pid}`
}

export function double(number) {
  return 2 * number
}
