/** How many times as fast as the reference each arm was, launch by launch, as the verdicts compare them. */

import type { Result } from '../results/schema.ts'
import { measuredCell } from './by-workload.ts'
import type { Arm, SizeResult, WorkloadResult } from './by-workload.ts'
import type { Race } from './race.ts'
import { Spreads } from './spreads.ts'
import { compareArms } from './verdict.ts'

export interface SpeedUp {
  /** Above 1: faster than the reference. */
  readonly ratio: number
  /** At the confidence of the run, of this pair alone; null with too few launches. */
  readonly interval: readonly [number, number] | null
}

/** Null where one of the two was not measured. */
export type SpeedUpOf = (at: SizeResult, arm: Arm, reference: Arm) => SpeedUp | null

/** All races of a result together say how launches spread, so they have to be known before one is judged. */
export function speedUps(workloads: readonly WorkloadResult[], options: Result['options']): SpeedUpOf {
  const races = new Map<SizeResult, { readonly race: Race; readonly places: ReadonlyMap<Arm, number> }>()
  const known = new Map<string, number>()
  for (const { arms, sizes } of workloads) {
    const places = placesOf(arms, known)
    for (const at of sizes) {
      const launches: (readonly (readonly number[])[])[] = Array.from({ length: known.size }, () => [])
      for (const arm of at.cells.keys())
        launches[places.get(arm) ?? 0] = measuredCell(at, arm)?.launches ?? []
      races.set(at, { race: { arms: launches }, places })
    }
  }
  const spreads = new Spreads([...races.values()].map(({ race }) => race))
  const { confidence, margin } = options
  return (at, arm, reference) => {
    const [own, other] = [measuredCell(at, arm), measuredCell(at, reference)]
    if (own === undefined || other === undefined || own.medianMs === 0) return null
    const { race, places } = races.get(at) ?? { race: { arms: [] }, places: new Map<Arm, number>() }
    const { ratio, interval } = compareArms(race, places.get(arm) ?? 0, places.get(reference) ?? 0, spreads, {
      confidence,
      margin,
      plannedPairs: 1,
    })
    if (!(ratio > 0 && Number.isFinite(ratio)))
      return { ratio: other.medianMs / own.medianMs, interval: null }
    return { ratio, interval: interval.every(Number.isFinite) && interval[0] > 0 ? interval : null }
  }
}

/** An executor has the same place in every race; several worker counts of it follow each other. */
function placesOf(arms: readonly Arm[], known: Map<string, number>): ReadonlyMap<Arm, number> {
  const seen = new Map<string, number>()
  return new Map(
    arms.map((arm) => {
      const ordinal = seen.get(arm.executor) ?? 0
      seen.set(arm.executor, ordinal + 1)
      const key = `${arm.executor} ${ordinal}`
      const place = known.get(key) ?? known.size
      known.set(key, place)
      return [arm, place]
    }),
  )
}
