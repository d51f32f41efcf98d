/** Known truth: keeps a core busy until the clock on the wall has advanced, so that a core taken away changes nothing. */

import { defineWorkload } from 'boundby'
import { inputs, sizes, taskMs } from './known-time.ts'

export function spin(index: number): number {
  const endMs = performance.now() + taskMs
  while (performance.now() < endMs);
  return index
}

export default defineWorkload({
  name: 'spin',
  summary: 'Spins for a known time',
  expects: 'cpu',
  module: import.meta.url,
  task: spin,
  sizes,
  inputs,
})
