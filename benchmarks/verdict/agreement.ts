/** Whether two verdicts on the same race can both be right. */

import type { Result } from '../boundby-run.ts'

export type Verdict = Result['verdicts'][number]

export const isDecided = ({ kind }: Pick<Verdict, 'kind'>): boolean => kind !== 'undecided'

/** Only what is decided can contradict: by another kind, or by other executors. */
export function contradicts(
  one: Pick<Verdict, 'kind' | 'executors'>,
  other: Pick<Verdict, 'kind' | 'executors'>,
): boolean {
  if (!isDecided(one) || !isDecided(other)) return false
  const [named, others] = [new Set(one.executors), new Set(other.executors)]
  return (
    one.kind !== other.kind ||
    named.size !== others.size ||
    [...named].some((executor) => !others.has(executor))
  )
}
