/** The machines of a result in words: one, or those whose results were merged and kept apart. */

import { formatBytes, formatCount } from '../analysis/quantities.ts'
import type { Environment, Result } from '../results/schema.ts'

/** Of a heading. */
const mostMachines = 8

export function machineText({
  cores,
  cpuQuotaCores,
  cpuModel,
  memoryBytes,
  platform,
  arch,
}: Environment): string {
  const quota = cpuQuotaCores === null ? '' : `, quota ${cpuQuotaCores}`
  return `${formatCount(cores, 'core')}${quota} (${cpuModel}), ${formatBytes(memoryBytes)} of memory, ${platform} ${arch}`
}

/** Each machine by the number that workloads are named with; null where all was measured on one. */
export function severalMachines({ machines = [] }: Result): readonly string[] | null {
  if (machines.length < 2) return null
  const shown = machines
    .slice(0, mostMachines)
    .map((machine, index) => `Machine ${index + 1}: ${machineText(machine)}, Node ${machine.node}`)
  const more = machines.length - shown.length
  return more === 0 ? shown : [...shown, `And ${formatCount(more, 'machine')} more`]
}
