/** "A single thread can be the fastest while the problem is small", and from which size on it no longer is. */

import { describeEstimate } from '../crossover-sentences.ts'
import { compared } from './cases.ts'
import type { ComparedCell, RuntimeCases, SizeCase, WorkloadCase } from './cases.ts'
import { atSize, describePair, ruleByOne } from './claim.ts'
import type { Claim, Finding } from './claim.ts'
import { isLarge } from './habitats.ts'

export const oneThreadForSmall: Claim = {
  id: 'one-thread-for-small',
  text: 'One thread can be the fastest for CPU work while it is small',
  judge: (cases) =>
    ruleByOne(
      cases.workloads.filter(({ bound }) => bound === 'cpu').flatMap((workload) => find(cases, workload)),
      'no workload that is bound by the CPU was raced under one thread and a pool at a size below 10 ms: boundby run --workloads primes',
      {
        holds: 'Handing a task to a worker and its result back takes longer than the task.',
        refuted: 'Even the smallest size measured is worth a pool: smaller ones were not tried.',
      },
    ),
}

/** What was compared with serial at a size, the fastest first. */
function pools({ executor }: RuntimeCases, at: SizeCase): ComparedCell[] {
  return (['threads', 'processes'] as const)
    .flatMap((role) => compared(at, executor(role)))
    .toSorted((one, other) => other.overSerial.ratio - one.overSerial.ratio)
}

/** At the smallest size, where no pool may be faster. */
function find(cases: RuntimeCases, workload: WorkloadCase): Finding[] {
  const { executor, margin } = cases
  const at = workload.sizes.find((candidate) => pools(cases, candidate).length > 0)
  const racing = at === undefined ? [] : pools(cases, at)
  const [best] = racing
  if (at === undefined || best === undefined || isLarge(cases, at)) return []
  const outcomes = new Set(racing.map(({ overSerial }) => overSerial.outcome))
  const outcome = outcomes.has('faster') ? 'refuted' : outcomes.has('open') ? 'undecided' : 'holds'
  const pair = `${atSize(at.size)} ${describePair(best, executor('serial'), margin)}`
  const evidence = outcome === 'holds' ? `${pair}, ${describeEnd(cases, workload)}` : pair
  return [{ workload: workload.name, outcome, evidence, effect: Math.log(best.overSerial.ratio) }]
}

/** Up to which size: the first crossover that was found with a pool, else the next size at which one was faster. */
function describeEnd(cases: RuntimeCases, { crossovers, sizes }: WorkloadCase): string {
  const ids = new Set([cases.executor('threads'), cases.executor('processes')])
  const found = crossovers.find(
    ({ size, answer, to }) => size !== null && (answer ?? 'found') === 'found' && ids.has(to),
  )
  if (found !== undefined && found.size !== null)
    return `until ${found.to} overtook it ${describeEstimate(found.size, found.interval)}`
  for (const at of sizes) {
    const [best] = pools(cases, at)
    if (best?.overSerial.outcome === 'faster') return `but ${atSize(at.size)} ${best.label} was faster`
  }
  return 'and no pool surely overtook it'
}
