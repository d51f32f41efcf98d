/** CPU-bound in native code that blocks its thread, on real text. */

import { gzipSync } from 'node:zlib'
import { defineWorkload } from 'boundby'
import { checksumOfGunzipped } from '../data/gunzipped.ts'
import { splitRange } from '../data/ranges.ts'
import { cutLines, readText } from '../data/text.ts'

/** The gzip file that holds some bytes. */
export function compress(bytes: Uint8Array): Uint8Array {
  return gzipSync(bytes)
}

export default defineWorkload({
  name: 'gzip',
  summary: 'Compresses source code with zlib, natively and synchronously',
  source: 'node:zlib at its default level; gzip as in RFC 1952; the text is the TypeScript sources of zod',
  expects: 'cpu',
  module: import.meta.url,
  task: compress,
  sizes: [3e4, 3e5, 3e6, 3e7],
  defaultSizes: [],
  inputs: (size, { text }) => cutLines(text, splitRange(size, 1e4)),
  checksum: checksumOfGunzipped,
  setup: () => ({ text: readText() }),
})
