/** I/O-bound: waits until the disk has what was written. */

import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { defineWorkload } from 'boundby'
import { makeTemporaryFolder, removeTemporaryFolder } from '../data/temporary-folder.ts'

const contents = 'durable\n'.repeat(512)

/** Writes 4 KiB to a file and waits for the disk; answers with the bytes written. */
export async function writeDurably(file: string): Promise<number> {
  const handle = await open(file, 'w')
  try {
    const { bytesWritten } = await handle.write(contents)
    await handle.sync()
    return bytesWritten
  } finally {
    await handle.close()
  }
}

export default defineWorkload({
  name: 'file-sync-write',
  summary: 'Writes files of 4 KiB and waits until each is on the disk',
  source: 'write(2) and fsync(2), as a database does at each commit',
  expects: 'io',
  module: import.meta.url,
  task: writeDurably,
  sizes: [1, 10, 100, 1000],
  defaultSizes: [],
  inputs: (size, { folder }) => Array.from({ length: size }, (_, index) => join(folder, `${index}`)),
  setup: () => makeTemporaryFolder('file-sync-write', () => ({})),
  teardown: removeTemporaryFolder,
})
