/** Which workloads a claim is about; told from what they are, never from who won. */

import type { RuntimeCases, SizeCase, WorkloadCase } from './cases.ts'
import { compared } from './cases.ts'

/** Workloads that come with boundby whose work is done by native code: hashing and compressing. */
const inNativeCode: ReadonlySet<string> = new Set(['sha256', 'gzip'])
/** Whose work is less than moving its data. */
const withMuchData: ReadonlySet<string> = new Set(['dot-product'])

/** From so much work on, as one thread needs it, a problem is large; below, it is small. */
const largeMs = 10

export function isLarge({ executor }: RuntimeCases, { cells }: SizeCase): boolean {
  return cells.some((cell) => cell.executor === executor('serial') && cell.medianMs >= largeMs)
}

export const waits = ({ bound }: WorkloadCase): boolean => bound === 'io'

export const worksInNativeCode = ({ name }: WorkloadCase): boolean => inNativeCode.has(name)

/**
 * By its kind, or as traced beside the race: at its largest size the bytes alone took the workers of the process
 * pool longer than serial took for everything.
 */
export function movesMoreThanItWorks({ executor }: RuntimeCases, { name, sizes }: WorkloadCase): boolean {
  const largest = sizes.at(-1)
  if (withMuchData.has(name) || largest === undefined) return withMuchData.has(name)
  const serialMs = largest.cells.find((cell) => cell.executor === executor('serial'))?.medianMs
  return compared(largest, executor('processes')).some(
    ({ transferMs, workers }) =>
      serialMs !== undefined && transferMs !== null && transferMs * (workers ?? 1) > serialMs,
  )
}

/** CPU work in the language itself that is more than moving its data: what the rule for processes is about. */
export function computes(cases: RuntimeCases, workload: WorkloadCase): boolean {
  return workload.bound === 'cpu' && !worksInNativeCode(workload) && !movesMoreThanItWorks(cases, workload)
}
