/** The other exception: where moving the data costs more than the work, processes lose to one thread. */

import type { RuntimeCases, WorkloadCase } from './cases.ts'
import { atSize, describePair, ruleByMost } from './claim.ts'
import type { Claim, Finding } from './claim.ts'
import { movesMoreThanItWorks } from './habitats.ts'
import { largestCompared } from './speed-up.ts'

export const movingCostsMore: Claim = {
  id: 'moving-costs-more',
  text: 'The exception: one thread wins where moving data costs more than the work',
  judge: (cases) =>
    ruleByMost(
      cases.workloads
        .filter((workload) => movesMoreThanItWorks(cases, workload))
        .flatMap((workload) => find(cases, workload)),
      'no workload was compared that moves more than it works: boundby run --workloads dot-product',
      {
        holds:
          'Processes share no memory: what a task is given and gives back is copied, which here takes longer than the work.',
        refuted: 'The work outweighs its data after all.',
      },
    ),
}

const outcomes = { slower: 'holds', equivalent: 'refuted', faster: 'refuted', open: 'undecided' } as const

function find(cases: RuntimeCases, workload: WorkloadCase): Finding[] {
  const largest = largestCompared(workload, cases.executor('processes'))
  if (largest === undefined) return []
  const { at, best } = largest
  return [
    {
      workload: workload.name,
      outcome: outcomes[best.overSerial.outcome],
      evidence: `${atSize(at.size)} ${describePair(best, cases.executor('serial'), cases.margin)}`,
      effect: Math.log(best.overSerial.ratio),
    },
  ]
}
