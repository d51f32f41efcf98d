/** The contests of a stored result, as far as its cells and verdicts tell them: for concluding again. */

import type { Cell, Result, Verdict } from '../results/schema.ts'
import { byWorkload } from './by-workload.ts'
import type { Arm as ShownArm, SizeResult, WorkloadResult } from './by-workload.ts'
import type { Contest, RacedCell } from './contest.ts'
import type { Decision } from './verdict.ts'

/** A cell that the file does not have: the arm was left out there. */
function missingCell(size: number, arm: ShownArm, refines: boolean, runtime: string | null): RacedCell {
  return {
    size,
    arm: {
      executor: arm.executor,
      workers: null,
      ...(runtime === null ? {} : { runtime }),
      ...(arm.name === null ? {} : { name: arm.name }),
    },
    refines,
    launches: [],
    error: null,
    skipped: 'not measured',
    isBeaten: false,
  }
}

function racedCell({
  size,
  executor,
  workers,
  arm,
  runtime,
  launches,
  error,
  refines,
  beaten,
}: Cell): RacedCell {
  return {
    size,
    arm: {
      executor,
      workers,
      ...(runtime === undefined ? {} : { runtime }),
      ...(arm === undefined ? {} : { name: arm }),
    },
    refines: refines === true,
    launches,
    error,
    skipped: null,
    isBeaten: beaten === true,
  }
}

/** The decision that a verdict tells; undefined if it decides nothing, or names arms that there are not. */
function decisionOf(
  verdict: Verdict,
  leaders: readonly ShownArm[],
  arms: readonly ShownArm[],
): Decision | undefined {
  if (verdict.kind === 'undecided' || leaders.length !== verdict.executors.length) return undefined
  return {
    kind: verdict.kind,
    leaders: leaders.map((arm) => arms.indexOf(arm)),
    launches: verdict.launches ?? 0,
    launchesNeeded: null,
    outOfReach: false,
  }
}

function contestOf({ name, control, runtime, arms, sizes }: WorkloadResult): Contest {
  const raced = sizes.filter(({ cells }) => cells.size > 0)
  const settled = ({ size, verdict, leaders }: SizeResult): [number, Decision][] => {
    const decision = verdict && decisionOf(verdict, leaders, arms)
    return decision === undefined ? [] : [[size, decision]]
  }
  return {
    workload: { name },
    control,
    runtime,
    cells: raced.flatMap(({ size, cells, refines }) =>
      arms.map((arm) => {
        const cell = cells.get(arm)
        return cell === undefined ? missingCell(size, arm, refines, runtime) : racedCell(cell)
      }),
    ),
    settled: new Map(raced.flatMap(settled)),
  }
}

/** The verdicts of the result that decide something are kept as decisions: what was once sure stays so. */
export function storedContests(result: Result): Contest[] {
  return byWorkload(result)
    .flatMap((workload) => [workload, ...workload.twins])
    .map(contestOf)
}
