/** The warnings of a workload's verdicts for a reader: the same caution at several sizes is said once. */

import type { SizeResult } from '../by-workload.ts'
import { formatList, formatSize } from '../quantities.ts'
import { splitWarning } from './warning.ts'

/** One text a caution, with the sizes that it is about; what was seen is told of the first. */
export function groupedWarnings(sizes: readonly SizeResult[]): readonly string[] {
  const groups = new Map<string, { text: string; message: string; caution: string | null; at: number[] }>()
  for (const { size, verdict } of sizes)
    for (const text of verdict?.warnings ?? []) {
      const { caution, message } = splitWarning(text)
      const group = groups.get(caution ?? text)
      if (group === undefined) groups.set(caution ?? text, { text, message, caution, at: [size] })
      else group.at.push(size)
    }
  return [...groups.values()].map(({ text, message, caution, at: [first, ...others] }) => {
    if (caution === null || sizes.length < 2 || first === undefined) return text
    const likewise = others.length === 0 ? '' : ` Likewise at ${formatList(others.map(formatSize))}.`
    return `${caution} at ${formatSize(first)}: ${message}${likewise}`
  })
}
