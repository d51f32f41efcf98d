/** Two functions: one waits for something, the other keeps a core busy. */

import { setTimeout as delay } from 'node:timers/promises'

export async function waits() {
  await delay(60)
}

export function works() {
  let count = 0
  for (let candidate = 2; candidate < 300_000; candidate++) {
    let divisor = 2
    while (divisor ** 2 <= candidate && candidate % divisor !== 0) divisor++
    if (divisor ** 2 > candidate) count++
  }
  return count
}
