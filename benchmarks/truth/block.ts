/** Known truth: holds its thread for a known time without a core. */

import { defineWorkload } from 'boundby'
import { inputs, sizes, taskMs } from './known-time.ts'

const bell = new Int32Array(new SharedArrayBuffer(4))

export function block(index: number): number {
  // Nobody rings: it waits until its time is up.
  Atomics.wait(bell, 0, 0, taskMs)
  return index
}

export default defineWorkload({
  name: 'block',
  summary: 'Blocks its thread for a known time',
  expects: 'io',
  module: import.meta.url,
  task: block,
  sizes,
  inputs,
})
