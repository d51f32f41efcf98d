/** CPU-bound floating point on a large input, of which every task needs a whole matrix. */

import { defineWorkload } from 'boundby'
import { randomUint32s } from '../data/random.ts'
import { splitRange } from '../data/ranges.ts'

/** Some rows of the left matrix, and the right matrix, each row by row; plain lists, as its Python twin has them. */
export interface RowBlock {
  readonly rows: readonly number[]
  readonly right: readonly number[]
  /** Rows, and columns, of the right matrix. */
  readonly order: number
}

/** The same rows of the product. */
export function multiplyRows({ rows, right, order }: RowBlock): number[] {
  const product = Array.from(rows, () => 0)
  for (let start = 0; start < rows.length; start += order)
    for (let inner = 0; inner < order; inner++) {
      const factor = rows[start + inner] ?? 0
      const rightStart = inner * order
      // Along both rows: a column of the right matrix would miss the cache at every step.
      for (let column = 0; column < order; column++)
        product[start + column] = (product[start + column] ?? 0) + factor * (right[rightStart + column] ?? 0)
    }
  return product
}

/** A square matrix of numbers in [0, 1). */
function randomMatrix(order: number, seed: number): number[] {
  return Array.from(randomUint32s(order * order, seed), (value) => value / 2 ** 32)
}

export default defineWorkload({
  name: 'matrix-multiply',
  summary: 'Multiplies square matrices; each task takes some rows and a whole matrix',
  source: 'Textbook O(n³) multiplication, loops in the order row-inner-column, blocked by rows',
  expects: 'cpu',
  module: import.meta.url,
  task: multiplyRows,
  sizes: [8, 32, 128, 256, 512],
  defaultSizes: [],
  inputs: (size) => {
    const left = randomMatrix(size, 1)
    const right = randomMatrix(size, 2)
    return splitRange(size, 8).map(({ from, to }) => ({
      rows: left.slice(from * size, to * size),
      right,
      order: size,
    }))
  },
})
