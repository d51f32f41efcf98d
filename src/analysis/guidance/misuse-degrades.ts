/** "Misuse makes a program slower": the executor that lost most against one thread, and where. */

import { compared } from './cases.ts'
import type { RuntimeCases, WorkloadCase } from './cases.ts'
import { atSize, describePair, ruleByOne } from './claim.ts'
import type { Claim, Finding } from './claim.ts'

export const misuseDegrades: Claim = {
  id: 'misuse-degrades',
  text: 'The wrong executor makes a program slower',
  judge: (cases) =>
    ruleByOne(
      cases.workloads.flatMap((workload) => findMisuse(cases, workload) ?? []),
      'no executor was raced against one thread: boundby run --workloads tiny',
      {
        holds: 'Each task pays for its way to a worker and back, whatever it gains there.',
        refuted: 'Every task measured was worth its way to a worker and back.',
      },
    ),
}

const outcomes = { slower: 'holds', open: 'undecided', equivalent: 'refuted', faster: 'refuted' } as const
/** What is told of a workload: the worst that is sure, else that something is not sure. */
const order = ['holds', 'undecided', 'refuted'] as const

/** The executor that took longest by serial's measure at any size; null if none was compared with it. */
export function findMisuse(cases: RuntimeCases, { name, sizes }: WorkloadCase): Finding | null {
  const findings = sizes.flatMap((at) =>
    (['event-loop', 'threads', 'processes'] as const)
      .flatMap((role) => compared(at, cases.executor(role)))
      .map((cell): Finding => ({
        workload: name,
        outcome: outcomes[cell.overSerial.outcome],
        evidence: `${atSize(at.size)} ${describePair(cell, cases.executor('serial'), cases.margin)}`,
        effect: Math.max(0, -Math.log(cell.overSerial.ratio)),
      })),
  )
  const [worst] = findings.toSorted(
    (one, other) =>
      order.indexOf(one.outcome) - order.indexOf(other.outcome) ||
      other.effect - one.effect ||
      (one.evidence < other.evidence ? -1 : 1),
  )
  return worst ?? null
}
