/** CPU-bound through a callback, on plain arrays, which are copied element by element. */

import { defineWorkload } from 'boundby'
import { randomUint32s } from '../data/random.ts'
import { splitRange } from '../data/ranges.ts'

/** The numbers in ascending order, in a new array. */
export function sortNumbers(numbers: readonly number[]): number[] {
  return numbers.toSorted((left, right) => left - right)
}

export default defineWorkload({
  name: 'sort',
  summary: 'Sorts parts of a list of random numbers; plain arrays go in and come back',
  source: 'Array.prototype.toSorted with a comparing function (Timsort in V8)',
  expects: 'cpu',
  module: import.meta.url,
  task: sortNumbers,
  sizes: [1e3, 1e4, 1e5, 1e6],
  defaultSizes: [],
  inputs: (size) => {
    const numbers = Array.from(randomUint32s(size, 1))
    return splitRange(size, 1000).map(({ from, to }) => numbers.slice(from, to))
  },
})
