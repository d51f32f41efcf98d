/** CPU-bound with one multiplication a number: moving the lists to a worker takes longer than the work. */

import { defineWorkload } from 'boundby'
import { randomUint32s } from '../data/random.ts'
import { splitRange } from '../data/ranges.ts'

/** The same part of two vectors, as plain lists. */
export interface VectorPart {
  readonly left: readonly number[]
  readonly right: readonly number[]
}

/** The sum of the products of their entries. */
export function dotProduct({ left, right }: VectorPart): number {
  let sum = 0
  for (let index = 0; index < left.length; index++) sum += (left[index] ?? 0) * (right[index] ?? 0)
  return sum
}

/** Numbers in [0, 1). */
function randomVector(length: number, seed: number): number[] {
  return Array.from(randomUint32s(length, seed), (value) => value / 2 ** 32)
}

export default defineWorkload({
  name: 'dot-product',
  summary: 'Multiplies two vectors, plain lists of numbers: moving them takes longer than the work',
  source:
    'Textbook sum of products, in parts; the example against a pool for work that is light and data that is not',
  expects: 'cpu',
  module: import.meta.url,
  task: dotProduct,
  sizes: [1e3, 1e4, 1e5, 1e6],
  defaultSizes: [],
  inputs: (size) => {
    const left = randomVector(size, 1)
    const right = randomVector(size, 2)
    return splitRange(size, 1000).map(({ from, to }) => ({
      left: left.slice(from, to),
      right: right.slice(from, to),
    }))
  },
})
