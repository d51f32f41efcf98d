/** Bytes and trees of objects through a pool: megabytes (10^6) a second, counted once each way. */

import type { RacedPool } from './arm.ts'
import type { Numbers } from './measures.ts'

const MiB = 2 ** 20

/** Megabytes a second, of the best of some times. */
async function best(times: number, bytes: number, measured: () => Promise<unknown>): Promise<number> {
  let leastMs = Infinity
  for (let time = 0; time < times; time++) {
    const startMs = performance.now()
    await measured()
    leastMs = Math.min(leastMs, performance.now() - startMs)
  }
  return bytes / 1000 / leastMs
}

export async function measureSmall(pool: RacedPool): Promise<Numbers> {
  const small = new Uint8Array(1024).fill(1)
  const several = Array.from({ length: 256 }, () => small)
  const bytes = new Uint8Array(MiB).fill(1)
  const check = async (): Promise<void> => {
    if ((await pool.run('sizeOf', bytes)) !== MiB) throw new Error('Bytes were lost.')
  }
  return {
    smallMBs: await best(8, 2 * 1024 * several.length, () =>
      Promise.all(several.map((each) => pool.run('echo', each))),
    ),
    upMBs: await best(12, MiB, check),
  }
}

export async function measureLarge(pool: RacedPool): Promise<Numbers> {
  const large = new Uint8Array(64 * MiB).fill(1)
  return {
    largeUpMBs: await best(4, 64 * MiB, () => pool.run('sizeOf', large)),
    largeDownMBs: await best(4, 64 * MiB, () => pool.run('make', 64 * MiB)),
    largeMBs: await best(4, 2 * 64 * MiB, () => pool.run('echo', large)),
  }
}

/** Through SharedBytes: bytes that are elsewhere before and after, and bytes that are there. */
export async function measureShared(pool: RacedPool): Promise<Numbers> {
  if (pool.share === undefined) return {}
  const large = new Uint8Array(64 * MiB).fill(1)
  const shared = pool.share(large.byteLength)
  if (shared.copiedBecause !== null) return {}
  let times = 0
  const copyAndEcho = async (): Promise<void> => {
    shared.bytes.set(large)
    large.set(((await pool.run('echo', shared)) as typeof shared).bytes)
  }
  const changeEachPage = async (): Promise<void> => {
    await pool.run('changeEachPage', shared)
    times++
    if (shared.bytes.at(-4096) !== 1 + times) throw new Error('Changes were lost.')
  }
  const sharedMBs = await best(6, 2 * large.byteLength, copyAndEcho)
  const sharedInPlaceMBs = await best(6, 2 * large.byteLength, changeEachPage)
  shared.release()
  return { sharedMBs, sharedInPlaceMBs }
}

/** Enough for the heap of each worker to have found its size, also where tasks go to one of two idle workers only. */
const treeTimes = 24

/** About a mebibyte as JSON: records, strings, numbers, nesting. */
export async function measureTree(pool: RacedPool): Promise<Numbers> {
  const tree = Array.from({ length: 6000 }, (_, index) => ({
    id: index,
    name: `record ${index}`,
    price: index * 1.25,
    tags: ['red', 'green', `tag${index % 7}`],
    at: { x: index % 100, y: -index, isOpen: index % 2 === 0, note: null, label: `label of ${index}` },
  }))
  const bytes = JSON.stringify(tree).length
  return { treeMBs: await best(treeTimes, 2 * bytes, () => pool.run('echo', tree)) }
}
