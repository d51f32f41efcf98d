/** Real text that every installation has, downloaded by nobody: the TypeScript sources that zod ships. */

import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { WorkloadUnavailableError } from 'boundby'
import type { Range } from './ranges.ts'

const lineFeed = 0x0a

/**
 * Some three megabytes of UTF-8: the sources in the order of their paths.
 * @throws WorkloadUnavailableError if they are not installed.
 */
export function readText(): Uint8Array<ArrayBuffer> {
  try {
    const manifest = createRequire(import.meta.url).resolve('zod/package.json')
    const folder = join(dirname(manifest), 'src')
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .toSorted()
    return new Uint8Array(Buffer.concat(files.map((path) => readFileSync(join(folder, path)))))
  } catch (error) {
    throw new WorkloadUnavailableError(
      'The sources of the package `zod` serve as text and cannot be read; run `npm install zod`.',
      { cause: error },
    )
  }
}

/**
 * The parts of a text, each moved on to whole lines, so that no word and no character is cut. A range beyond the
 * end of the text goes on at its beginning.
 */
export function cutLines(text: Uint8Array, ranges: readonly Range[]): Uint8Array<ArrayBuffer>[] {
  const end = ranges.at(-1)?.to ?? 0
  const whole = new Uint8Array(Math.ceil(end / text.length) * text.length)
  for (let position = 0; position < whole.length; position += text.length) whole.set(text, position)
  const nextLine = (position: number): number =>
    position === 0 ? 0 : whole.indexOf(lineFeed, position) + 1 || whole.length
  return ranges.map(({ from, to }) => whole.slice(nextLine(from), nextLine(to)))
}
