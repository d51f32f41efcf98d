/** CPU-bound in native code that blocks its thread, on large binary inputs. */

import { createHash } from 'node:crypto'
import { defineWorkload } from 'boundby'
import { randomBytes } from '../data/random.ts'
import { splitRange } from '../data/ranges.ts'

/** The SHA-256 of some bytes, in hex. */
export function hashBytes(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

export default defineWorkload({
  name: 'sha256',
  summary: 'Hashes random bytes with SHA-256, natively and synchronously',
  source: 'node:crypto; SHA-256 as in FIPS 180-4',
  expects: 'cpu',
  module: import.meta.url,
  task: hashBytes,
  sizes: [2 ** 12, 2 ** 17, 2 ** 22, 2 ** 27],
  defaultSizes: [],
  // As CPython's threads have them.
  transfer: 'share',
  inputs: (size) => splitRange(size, 4096).map(({ from, to }, index) => randomBytes(to - from, index)),
})
