/** Another boundby measuring on the same machine at the same time. */

import type { Environment } from '../../results/schema.ts'
import { formatList } from '../quantities.ts'
import type { Warning } from './warning.ts'

/** More of them are not named one by one. */
const mostNamed = 5

export function anotherBoundbyWarnings({ during }: Environment): readonly Warning[] {
  const pids = during?.otherBoundbyPids ?? []
  if (pids.length === 0) return []
  const named = pids.slice(0, mostNamed).map(String)
  const rest = pids.length - named.length
  const who = formatList([...named, ...(rest === 0 ? [] : [`${rest} more`])])
  const runs = pids.length === 1 ? 'another boundby runs' : `${pids.length} others of boundby run`
  return [
    {
      caution: 'another-boundby',
      message: `${runs} on this machine at the same time (pid ${who}), and each disturbs the other; let one end before the next begins`,
    },
  ]
}
