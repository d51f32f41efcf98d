/** Where the Python twin of a workload lies, and what its function is called. */

import { stat } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'

/** `primes.py` beside `primes.ts`, as an absolute path; null where there is none. */
export async function findTwin(workloadFile: string): Promise<string | null> {
  const file = join(dirname(workloadFile), `${basename(workloadFile, extname(workloadFile))}.py`)
  return stat(file).then(
    (found) => (found.isFile() ? file : null),
    () => null,
  )
}

/** Names that the function may have, the first found counts: the task's as Python writes names, or `task`. */
export function twinFunctions(taskName: string): readonly string[] {
  const name = taskName
    .replaceAll(/([a-z\d])([A-Z])/gu, '$1_$2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/gu, '$1_$2')
    .toLowerCase()
  return [...new Set([name, 'task'])]
}
