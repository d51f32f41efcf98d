/** What was not measured, in words. */

import { formatList, formatSize } from '../analysis/quantities.ts'
import type { Skip } from '../results/schema.ts'

/** What was left out for one reason is told in one sentence. */
export function describeSkips(skips: readonly Skip[]): string[] {
  const alike = new Map<string, Skip[]>()
  for (const skip of skips) {
    const key = JSON.stringify([skip.size, skip.reason])
    alike.set(key, [...(alike.get(key) ?? []), skip])
  }
  return [...alike.values()].map((group) => {
    const executors = [...new Set(group.flatMap(({ executor }) => executor ?? []))]
    const { size = null, reason = '' } = group[0] ?? {}
    const what = [
      ...(size === null ? [] : [`size ${formatSize(size)}`]),
      ...(executors.length === 0 ? [] : [`under ${formatList(executors)}`]),
    ]
    return `${['Skipped', ...what].join(' ')}: ${reason}`
  })
}
