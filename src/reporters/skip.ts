/** What was not measured, in words. */

import { formatSize } from '../analysis/quantities.ts'
import type { Skip } from '../results/schema.ts'

export function describeSkip({ size, executor, reason }: Skip): string {
  const what = [
    ...(size === null ? [] : [`size ${formatSize(size)}`]),
    ...(executor === null ? [] : [`under ${executor}`]),
  ]
  return `${['Skipped', ...what].join(' ')}: ${reason}`
}
