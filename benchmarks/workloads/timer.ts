/** I/O-bound at its purest: waits, and does nothing else. */

import { setTimeout as delay } from 'node:timers/promises'
import { defineWorkload } from 'boundby'

const waitMs = 10

/** Answers with its input, after 10 ms. */
export function wait(index: number): Promise<number> {
  return delay(waitMs, index)
}

export default defineWorkload({
  name: 'timer',
  summary: 'Waits for a timer of 10 ms',
  source: 'node:timers; the `time.sleep` of most tutorials on thread pools',
  expects: 'io',
  module: import.meta.url,
  task: wait,
  sizes: [1, 3, 10, 100, 1000],
  defaultSizes: [1, 10],
  inputs: (size) => Array.from({ length: size }, (_, index) => index),
})
