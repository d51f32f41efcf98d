/** How memory grows: readings of a process, and the line through them. */

import { readFileSync } from 'node:fs'

const bytesPerPage = 4096

/** Bytes of a process that are in memory; of another process only where there is a /proc. */
export function residentBytes(pid: number): number {
  if (pid === process.pid) return process.memoryUsage.rss()
  return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * bytesPerPage
}

export interface Growth {
  /** The slope of the line through the readings, by least squares. */
  readonly bytesPerTask: number
  readonly firstBytes: number
  readonly lastBytes: number
}

/** Growth without the first tenth of the readings, in which code is compiled and heaps find their size. */
export function growthOf(allTasks: readonly number[], allBytes: readonly number[]): Growth {
  const skipped = Math.floor(allTasks.length / 10)
  const [tasks, bytes] = [allTasks.slice(skipped), allBytes.slice(skipped)]
  const [meanTasks, meanBytes] = [meanOf(tasks), meanOf(bytes)]
  let [squares, products] = [0, 0]
  tasks.forEach((count, index) => {
    squares += (count - meanTasks) ** 2
    products += (count - meanTasks) * ((bytes[index] ?? meanBytes) - meanBytes)
  })
  return { bytesPerTask: products / squares, firstBytes: bytes[0] ?? 0, lastBytes: bytes.at(-1) ?? 0 }
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
