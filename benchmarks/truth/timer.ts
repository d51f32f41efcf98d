/** Known truth: waits for a timer, which holds no thread. */

import { setTimeout as delay } from 'node:timers/promises'
import { defineWorkload } from 'boundby'
import { inputs, sizes, taskMs } from './known-time.ts'

export function wait(index: number): Promise<number> {
  return delay(taskMs, index)
}

export default defineWorkload({
  name: 'timer',
  summary: 'Waits for a timer of a known time',
  expects: 'io',
  module: import.meta.url,
  task: wait,
  sizes,
  inputs,
})
