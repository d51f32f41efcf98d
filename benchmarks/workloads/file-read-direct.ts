/** I/O-bound: reads from the disk itself, past the page cache. */

import { constants, open, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { defineWorkload, WorkloadUnavailableError } from 'boundby'
import { randomBytes } from '../data/random.ts'
import { makeTemporaryFolder, removeTemporaryFolder } from '../data/temporary-folder.ts'

const blockBytes = 2 ** 20
const fileBlocks = 64
/** Reads in flight a worker, at most: more than libuv's pool and most disks take at once. */
const blocksAtOnce = 16
const wasmPageBytes = 2 ** 16
/** `TMPFS_MAGIC` of Linux: newer kernels take O_DIRECT there, but there is no disk. */
const tmpfs = 0x0102_1994

/** The part used here of what every Node has, and whose types come only with those of browsers. */
declare const WebAssembly: {
  readonly Memory: new (descriptor: { initial: number }) => { readonly buffer: ArrayBuffer }
}

/** A block of a file. */
export interface Block {
  readonly file: string
  readonly position: number
}

/** Memory at the start of a page, as O_DIRECT demands: of all buffers only WebAssembly's promise that. */
const { buffer } = new WebAssembly.Memory({ initial: (blocksAtOnce * blockBytes) / wasmPageBytes })
const free = Array.from(
  { length: blocksAtOnce },
  (_, index) => new Uint8Array(buffer, index * blockBytes, blockBytes),
)
const waiting: ((memory: Uint8Array<ArrayBuffer>) => void)[] = []

async function takeMemory(): Promise<Uint8Array<ArrayBuffer>> {
  return free.pop() ?? new Promise((resolve) => waiting.push(resolve))
}

function giveBack(memory: Uint8Array<ArrayBuffer>): void {
  const next = waiting.shift()
  if (next === undefined) free.push(memory)
  else next(memory)
}

/** The last byte of a block, all of which is read. */
export async function readBlock({ file, position }: Block): Promise<number | undefined> {
  const memory = await takeMemory()
  try {
    const handle = await open(file, constants.O_RDONLY | constants.O_DIRECT)
    try {
      const { bytesRead } = await handle.read(memory, 0, blockBytes, position)
      if (bytesRead !== blockBytes) throw new Error(`${file} ended after ${position + bytesRead} bytes.`)
      return memory.at(-1)
    } finally {
      await handle.close()
    }
  } finally {
    giveBack(memory)
  }
}

async function checkDirectReads(folder: string, file: string): Promise<void> {
  const { type } = await statfs(folder)
  if (type === tmpfs)
    throw new WorkloadUnavailableError(`${folder} is in memory (tmpfs); set TMPDIR to a folder on a disk.`)
  try {
    await readBlock({ file, position: 0 })
  } catch (error) {
    throw new WorkloadUnavailableError(
      `The file system of ${folder} has no direct reads (O_DIRECT); set TMPDIR to a folder of one that has.`,
      { cause: error },
    )
  }
}

export default defineWorkload({
  name: 'file-read-direct',
  summary: 'Reads blocks of 1 MiB from the disk, past the page cache',
  source: 'O_DIRECT of open(2), into page-aligned memory',
  expects: 'io',
  module: import.meta.url,
  task: readBlock,
  sizes: [1, 10, 100, 1000],
  defaultSizes: [],
  inputs: (size, { file }) =>
    Array.from({ length: size }, (_, index) => ({ file, position: (index % fileBlocks) * blockBytes })),
  setup: () => {
    // Left out of the constants where the platform has no such flag, whatever the types say.
    if (!('O_DIRECT' in constants))
      throw new WorkloadUnavailableError(`Direct reads (O_DIRECT) do not exist on ${process.platform}.`)
    return makeTemporaryFolder('file-read-direct', async (folder) => {
      const file = join(folder, 'data')
      await writeFile(file, randomBytes(fileBlocks * blockBytes, 1), { flush: true })
      await checkDirectReads(folder, file)
      return { file }
    })
  },
  teardown: removeTemporaryFolder,
})
