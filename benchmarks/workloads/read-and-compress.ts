/** Mixed: reads a file, then compresses it, both on the libuv pool: the event loop has threads of its own. */

import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { defineWorkload } from 'boundby'
import { checksumOfGunzipped } from '../data/gunzipped.ts'
import { splitRange } from '../data/ranges.ts'
import { makeTemporaryFolder, removeTemporaryFolder } from '../data/temporary-folder.ts'
import { cutLines, readText } from '../data/text.ts'

const compress = promisify(gzip)
const fileBytes = 5e4

/** The gzip file of a file. */
export async function readAndCompress(file: string): Promise<Uint8Array> {
  return compress(await readFile(file))
}

export default defineWorkload({
  name: 'read-and-compress',
  summary: 'Reads files of 50 KB and compresses them, asynchronously',
  source: 'node:fs/promises and asynchronous node:zlib; the files are cut from the TypeScript sources of zod',
  expects: 'mixed',
  module: import.meta.url,
  task: readAndCompress,
  sizes: [1, 10, 100, 1000],
  defaultSizes: [],
  inputs: (size, { files }) => Array.from({ length: size }, (_, index) => files[index % files.length] ?? ''),
  checksum: checksumOfGunzipped,
  setup: () =>
    makeTemporaryFolder('read-and-compress', async (folder) => {
      const text = readText()
      const parts = cutLines(text, splitRange(text.length, fileBytes))
      const files = parts.map((_, index) => join(folder, `${index}.ts`))
      await Promise.all(parts.map((part, index) => writeFile(files[index] ?? '', part)))
      return { files }
    }),
  teardown: removeTemporaryFolder,
})
