/** How each arm compares with the serial one of its contest, decided at the error of the whole run. */

import type { Cell } from '../results/schema.ts'
import { isSerial } from './by-workload.ts'
import { bySize, raceOf } from './contest.ts'
import type { Contest } from './contest.ts'
import { pairStanding } from './pair-crossover.ts'
import type { Spreads } from './spreads.ts'
import { compareArms } from './verdict.ts'
import type { VerdictOptions } from './verdict.ts'

type OverSerial = NonNullable<Cell['overSerial']>

const outcomes = { first: 'faster', second: 'slower', equivalent: 'equivalent', open: 'open' } as const

type CellName = Pick<Cell, 'size' | 'executor' | 'workers'>

/** What a cell of a result and an arm of a contest have in common. */
function keyOf(workload: string, runtime: string | null, { size, executor, workers }: CellName): string {
  return JSON.stringify([workload, runtime, size, executor, workers])
}

/** By cell; those of serial itself are left out, and where one of the two has no launches. */
export class ComparedWithSerial {
  readonly #found = new Map<string, OverSerial>()

  add(
    { workload, runtime, cells, control, settled }: Contest,
    spreads: Spreads,
    options: VerdictOptions,
  ): void {
    if (control !== null) return
    for (const { size, cells: racing } of bySize(cells)) {
      const at = { size, race: raceOf(racing), settled: settled.get(size) }
      const serial = racing.findIndex(({ arm }) => isSerial(arm.executor))
      if (serial === -1) continue
      for (const [own, { arm }] of racing.entries()) {
        const { ratio, interval, launches } = compareArms(at.race, own, serial, spreads, options)
        if (own === serial || launches === 0) continue
        this.#found.set(keyOf(workload.name, runtime, { size, ...arm }), {
          ratio,
          interval: Number.isFinite(interval[1]) ? [...interval] : null,
          outcome: outcomes[pairStanding(at, [own, serial], spreads, options)],
        })
      }
    }
  }

  of(cell: Cell): OverSerial | undefined {
    return this.#found.get(keyOf(cell.workload, cell.runtime ?? null, cell))
  }
}
