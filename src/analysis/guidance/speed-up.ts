/** Whether an executor speeds work up: its comparison with serial at the largest size, workload by workload. */

import type { Role } from '../runtime.ts'
import { compared } from './cases.ts'
import type { ComparedCell, RuntimeCases, SizeCase, WorkloadCase } from './cases.ts'
import { atSize, describePair } from './claim.ts'
import type { Finding } from './claim.ts'

/** The largest size at which the executor was compared with serial. */
export function largestCompared(
  { sizes }: WorkloadCase,
  executor: string,
): { at: SizeCase; best: ComparedCell; cells: readonly ComparedCell[] } | undefined {
  const at = sizes.findLast((candidate) => compared(candidate, executor).length > 0)
  const cells = at === undefined ? [] : compared(at, executor)
  const [best] = cells
  return at === undefined || best === undefined ? undefined : { at, best, cells }
}

/** Where several numbers of workers raced, one that is faster is enough, and all must not be for a refutation. */
export function speedUpOf(cells: readonly ComparedCell[]): Finding['outcome'] {
  if (cells.some(({ overSerial }) => overSerial.outcome === 'faster')) return 'holds'
  return cells.some(({ overSerial }) => overSerial.outcome === 'open') ? 'undecided' : 'refuted'
}

export function findSpeedUps(
  cases: RuntimeCases,
  role: Role,
  isAbout: (workload: WorkloadCase) => boolean,
): readonly Finding[] {
  return cases.workloads.filter(isAbout).flatMap((workload) => {
    const largest = largestCompared(workload, cases.executor(role))
    if (largest === undefined) return []
    const { at, best, cells } = largest
    const outcome = speedUpOf(cells)
    // The one that the outcome rests on.
    const shown = cells.find(({ overSerial }) => overSerial.outcome === 'faster') ?? best
    return [
      {
        workload: workload.name,
        outcome,
        evidence: `${atSize(at.size)} ${describePair(shown, cases.executor('serial'), cases.margin)}`,
        effect: Math.log(shown.overSerial.ratio),
      },
    ]
  })
}
