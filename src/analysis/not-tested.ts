/** What a whole run had to leave out for one reason, which is said once and not of every workload. */

import type { Result, Skip } from '../results/schema.ts'
import { isPythonExecutor } from './by-workload.ts'

const isOfTwin = ({ size, executor }: Skip): boolean => size === null && isPythonExecutor(executor)

/** Why none of the workloads was tested in CPython: the reasons, each of which holds for all of them. */
export function reasonsEverywhere({ skipped = [], workloads = [] }: Result): readonly string[] {
  const reasons = new Set(skipped.filter(isOfTwin).map(({ reason }) => reason))
  return [...reasons].filter((reason) => {
    const left = new Set(
      skipped.filter((skip) => isOfTwin(skip) && skip.reason === reason).map(({ workload }) => workload),
    )
    return workloads.length > 0 && workloads.every(({ name }) => left.has(name))
  })
}
