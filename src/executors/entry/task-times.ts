/** When a task ran in this worker, and what it cost there. */

import { readWorkerTimes } from '../thread-times.ts'

const difference = (after: number | null, before: number | null): bigint | null =>
  after === null || before === null ? null : BigInt(Math.round(Math.max(0, after - before)))

/** Looks at the clocks, and returns what looks at them again: start, end, CPU time and wait for a core. */
export function startTask(): () => (bigint | null)[] {
  const before = readWorkerTimes()
  const startedAtNs = process.hrtime.bigint()
  return () => {
    const endedAtNs = process.hrtime.bigint()
    const after = readWorkerTimes()
    return [
      startedAtNs,
      endedAtNs,
      difference(after.cpuNs, before.cpuNs),
      difference(after.runQueueNs, before.runQueueNs),
    ]
  }
}
