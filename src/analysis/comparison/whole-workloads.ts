/**
 * The cells of a workload as one. A launch measures all of them, and what disturbs it disturbs them alike: so they are
 * joined launch by launch, and what they then spread by is what a change of the whole workload has to be told from.
 */

import { groupBy } from '../group-by.ts'
import { serialOf } from '../runtime.ts'
import type { Measured } from './differences.ts'

/** A cell with what its launches tell. */
export interface Member extends Measured {
  readonly workload: string
  readonly computing: number
  /** Of the difference between its days. */
  readonly standardError: number
}

export interface Whole<Cell extends Member> extends Measured {
  readonly workload: string
  readonly computing: number
  readonly members: readonly Cell[]
}

/** Of what is known exactly, and would count for all the rest. */
const leastError = 1e-6

const countsOf = ({ days }: Member): [number, number] => [days.baseline.length, days.candidate.length]

/** Those that were measured to the end: launches of others are not the same ones, counted from the first. */
function toTheEnd<Cell extends Member>(cells: readonly Cell[]): Cell[] {
  const most = [0, 1].map((side) =>
    cells.reduce((longest, cell) => Math.max(longest, countsOf(cell)[side] ?? 0), 0),
  )
  return cells.filter((cell) => countsOf(cell).every((count, side) => count === most[side]))
}

/** By its precision each, in parts of one. */
function weightsOf(members: readonly Member[]): number[] {
  const precisions = members.map(({ standardError }) => 1 / Math.max(standardError, leastError) ** 2)
  const all = precisions.reduce((sum, precision) => sum + precision, 0)
  return precisions.map((precision) => precision / all)
}

/** Workloads with one cell are left out, since that is them; cells of CPython are a workload of their own. */
export function wholesOf<Cell extends Member>(cells: readonly Cell[]): Whole<Cell>[] {
  const workloads = groupBy(cells, ({ workload, executor }) => JSON.stringify([workload, serialOf(executor)]))
  return [...workloads.values()].flatMap((ofWorkload) => {
    const members = toTheEnd(ofWorkload)
    const [first] = members
    if (first === undefined || members.length < 2) return []
    const weights = weightsOf(members)
    const weighed = (valueOf: (member: Member) => number): number =>
      members.reduce((sum, member, index) => sum + (weights[index] ?? 0) * valueOf(member), 0)
    const joined = (side: 'baseline' | 'candidate'): number[] =>
      first.days[side].map((_, launch) => weighed(({ days }) => days[side][launch] ?? NaN))
    return [
      {
        workload: first.workload,
        executor: 'all',
        computing: weighed(({ computing }) => computing),
        members,
        days: {
          baseline: joined('baseline'),
          candidate: joined('candidate'),
          // How far cells follow the machine, they may misjudge alike.
          standardError: weighed(({ days }) => days.standardError),
        },
      },
    ]
  })
}
