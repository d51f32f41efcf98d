/** How many races and cells a run plans: what its error budget is shared by, and what its progress is told of. */

import type { RunOptions } from '../results/schema.ts'
import type { DescribedWorkload } from './describe.ts'
import { armsAsked } from './plan.ts'
import { pythonKind } from './python/executors.ts'

/** A workload at some sizes. */
export interface PlannedWorkload {
  readonly workload: DescribedWorkload
  readonly sizes: readonly number[]
}

/** The same, and the executor that races itself there; null where executors race each other. */
export type PlannedContest = PlannedWorkload & { readonly control: string | null }

/** Each workload once; in a control once for each executor, which then races itself. */
export function contestsOf(
  planned: readonly PlannedWorkload[],
  { control, executors }: Pick<RunOptions, 'control' | 'executors'>,
): PlannedContest[] {
  const controlled = control === true ? executors : [null]
  return planned.flatMap((each) => controlled.map((executor) => ({ ...each, control: executor })))
}

/** Arms of each race: one an executor, but one a worker count where the call names several; two in a control. */
function armsPlanned({ control, maxWorkers }: RunOptions, executors: readonly string[]): number {
  if (control === true) return 2
  return executors.reduce((count, executor) => count + (armsAsked(executor, maxWorkers)?.length ?? 1), 0)
}

/** Races of one runtime, and how many arms each of them has. */
interface PlannedCount {
  readonly races: number
  readonly arms: number
}

/** The races of Node and of all interpreters. */
export function countPlanned(
  contests: readonly PlannedContest[],
  options: RunOptions,
  interpreters: number,
): PlannedCount[] {
  return [false, true].map((isPython) => {
    const executors = options.executors.filter((id) => (pythonKind(id) !== undefined) === isPython)
    const taking = contests.filter(
      ({ workload, control }) =>
        (!isPython || workload.twin !== null) &&
        (control === null ? executors.length > 0 : executors.includes(control)),
    )
    const races = taking.reduce((count, { sizes }) => count + sizes.length, 0)
    return { races: isPython ? races * interpreters : races, arms: armsPlanned(options, executors) }
  })
}

/** Ordered pairs of arms: what the run's error budget is shared by. */
export function pairsPlanned([ofNode, ...others]: readonly PlannedCount[], racesAdded: number): number {
  const pairs = ({ races, arms }: PlannedCount): number => races * arms * (arms - 1)
  const added = ofNode === undefined ? [] : [{ ...ofNode, races: racesAdded }]
  return [ofNode ?? [], added, others].flat().reduce((sum, count) => sum + pairs(count), 0)
}
