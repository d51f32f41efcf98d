/** Looks I/O-bound: reads a file that the operating system has in memory, so that copying it is what remains. */

import { open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { defineWorkload } from 'boundby'
import { randomBytes } from '../data/random.ts'
import { splitRange } from '../data/ranges.ts'
import { makeTemporaryFolder, removeTemporaryFolder } from '../data/temporary-folder.ts'

const fileBytes = 2 ** 24

/** A part of a file, in bytes. */
export interface FilePart {
  readonly file: string
  readonly position: number
  readonly length: number
}

/** The last byte of a part, all of which is read. */
export async function readPart({ file, position, length }: FilePart): Promise<number> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafeSlow(length), 0, length, position)
    if (bytesRead !== length) throw new Error(`${file} ended after ${position + bytesRead} bytes.`)
    return buffer.readUInt8(length - 1)
  } finally {
    await handle.close()
  }
}

export default defineWorkload({
  name: 'file-read',
  summary: 'Reads a file that was just written, asynchronously: it looks like I/O',
  source: 'node:fs/promises through the page cache',
  expects: 'io',
  module: import.meta.url,
  task: readPart,
  sizes: [2 ** 16, 2 ** 20, 2 ** 24, 2 ** 28],
  defaultSizes: [2 ** 16, 2 ** 24, 2 ** 28],
  inputs: (size, { file }) =>
    splitRange(size, 2 ** 16).map(({ from, to }) => ({
      file,
      position: from % fileBytes,
      length: to - from,
    })),
  setup: () =>
    makeTemporaryFolder('file-read', async (folder) => {
      const file = join(folder, 'data')
      await writeFile(file, randomBytes(fileBytes, 1))
      return { file }
    }),
  teardown: removeTemporaryFolder,
})
