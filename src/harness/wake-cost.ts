/** What it costs a thread to be woken: caches and clocks of a core have cooled down meanwhile. */

import { setTimeout as delay } from 'node:timers/promises'
import { readOwnCpuNs, readOwnTimes } from '../executors/thread-times.ts'

const wakes = 6
const sleepMs = 10

/** CPU time of the calling thread. */
function readCpuMs(): number {
  // Asking makes the kernel bring its counts up to date.
  const { user, system } = process.cpuUsage()
  const ns = readOwnTimes()?.onCpuNs ?? readOwnCpuNs()
  return ns === null ? (user + system) / 1000 : ns / 1e6
}

async function cpuMsOf(wait: () => Promise<unknown>): Promise<number> {
  const before = readCpuMs()
  await wait()
  return readCpuMs() - before
}

/** CPU time that timers of 10 ms in a row take more than as many at once, for each time of being woken. */
export async function measureWake(): Promise<number> {
  const inARowMs = await cpuMsOf(async () => {
    for (let index = 0; index < wakes; index++) await delay(sleepMs)
  })
  const atOnceMs = await cpuMsOf(() => Promise.all(Array.from({ length: wakes }, () => delay(sleepMs))))
  return Math.max(0, inARowMs - atOnceMs) / (wakes - 1)
}
