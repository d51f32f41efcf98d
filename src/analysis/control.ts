/** What a control shows: how often a winner was named where none can be, since each executor raced itself. */

import type { Result, Verdict } from '../results/schema.ts'
import { formatCount, formatList, formatPercent, formatSize } from './quantities.ts'
import { minLaunches } from './race.ts'

export interface ControlSummary {
  readonly races: number
  /** Every one of them is false. */
  readonly named: readonly Verdict[]
  /** The same in words. */
  readonly sentences: readonly string[]
}

/** Null for a result that is no control. */
export function summarizeControl({ options, verdicts }: Result): ControlSummary | null {
  if (options.control !== true) return null
  const named = verdicts.filter(({ kind }) => kind === 'winner')
  return {
    races: verdicts.length,
    named,
    sentences: [describeCounts(verdicts, named.length), ...describeNamed(named, options)],
  }
}

function describeCounts(verdicts: readonly Verdict[], named: number): string {
  const ties = verdicts.filter(({ kind }) => kind === 'tie').length
  const unjudged = verdicts.filter(({ launches = 0 }) => launches < minLaunches).length
  const counts = `Control: a winner was named in ${named} of ${formatCount(verdicts.length, 'race')} of an executor against itself; ${formatCount(ties, 'tie')}, ${verdicts.length - named - ties} undecided.`
  return unjudged === 0
    ? counts
    : `${counts} ${unjudged} had fewer than ${minLaunches} launches, from which no winner is ever named: a longer --budget tests more.`
}

function describeNamed(
  named: readonly Verdict[],
  { confidence, margin }: Result['options'],
): readonly string[] {
  if (named.length === 0) return []
  const where = named.map(
    ({ workload, size, executors, arms }) =>
      `${workload} at ${formatSize(size)} (${executors[0]} ${arms?.[0] ?? ''})`,
  )
  return [
    `False winners: ${formatList(where)}.`,
    `By chance at most ${formatPercent(1 - confidence)} of the runs have one. If it happens again, boundby cries wolf on this machine or with these workloads: do not trust winners that are ahead by as little. End other programs, give a longer --budget or a --margin above ${formatPercent(margin)}, and repeat the control.`,
  ]
}
