/** CPU-bound floating point with a small input and a large result. */

import { defineWorkload } from 'boundby'
import { splitRange, type Range } from '../data/ranges.ts'

const maxIterations = 500

/** Rows of a square picture. */
export interface Band {
  /** Pixels a side of the whole picture. */
  readonly width: number
  readonly rows: Range
}

/** For each pixel of a band, row by row, the iterations until it escapes. */
export function renderBand({ width, rows }: Band): Uint16Array {
  const pixels = new Uint16Array((rows.to - rows.from) * width)
  let index = 0
  for (let row = rows.from; row < rows.to; row++)
    for (let column = 0; column < width; column++)
      pixels[index++] = escapeTime((3 * column) / width - 2.25, (3 * row) / width - 1.5)
  return pixels
}

function escapeTime(real: number, imaginary: number): number {
  let x = 0
  let y = 0
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    const xSquared = x * x
    const ySquared = y * y
    if (xSquared + ySquared > 4) return iteration
    y = 2 * x * y + imaginary
    x = xSquared - ySquared + real
  }
  return maxIterations
}

export default defineWorkload({
  name: 'mandelbrot',
  summary: 'Renders the Mandelbrot set; the argument is small, the result a large typed array',
  source: 'Escape-time algorithm, 500 iterations, the square from -2.25-1.5i to 0.75+1.5i, in bands of rows',
  expects: 'cpu',
  module: import.meta.url,
  task: renderBand,
  sizes: [16, 64, 256, 1024],
  defaultSizes: [],
  inputs: (size) => splitRange(size, 4).map((rows) => ({ width: size, rows })),
})
