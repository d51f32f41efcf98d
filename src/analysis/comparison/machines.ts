/** Results that were merged from different machines: each race was measured on one of them, and is known by its workload. */

import type { Result } from '../../results/schema.ts'

/**
 * The result with its workloads called as they are elsewhere, since which machine a race comes to, and which number the
 * machine gets, is another every day. A crossover of one machine's sizes is none of all.
 */
export function withoutMachines(result: Result): Result {
  const names = new Map(
    (result.workloads ?? []).flatMap(({ name, machine }) => {
      const suffix = ` (machine ${machine})`
      return name.endsWith(suffix) ? [[name, name.slice(0, -suffix.length)] as const] : []
    }),
  )
  if (names.size === 0) return result
  const rename = <Named extends { readonly workload: string }>(entry: Named): Named => ({
    ...entry,
    workload: names.get(entry.workload) ?? entry.workload,
  })
  return {
    ...result,
    cells: result.cells.map(rename),
    verdicts: result.verdicts.map(rename),
    crossovers: [],
  }
}
