/** By what the results of two measurements are known to be alike. */

import { createHash } from 'node:crypto'
import { stableChecksum } from '../workloads/checksum.ts'
import type { LoadedWorkload } from '../workloads/load.ts'

/** A result file is no place for a result: a long checksum is kept as its hash. */
const longestChecksum = 100

/** @throws TypeError if the workload's own checksum is no string. */
export function checksumOf({ workload }: LoadedWorkload, outputs: readonly unknown[]): string {
  if (workload.checksum === undefined) return stableChecksum(outputs)
  const checksum: unknown = workload.checksum(outputs)
  if (typeof checksum !== 'string')
    throw new TypeError(`\`checksum\` must return a string, not ${typeof checksum}`)
  return checksum.length <= longestChecksum ? checksum : createHash('sha256').update(checksum).digest('hex')
}
