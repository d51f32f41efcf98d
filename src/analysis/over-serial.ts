/** How each arm compares with the serial executor of its runtime, decided at the error of the whole run. */

import type { Cell } from '../results/schema.ts'
import { bySize, raceOf } from './contest.ts'
import type { Arm, Contest } from './contest.ts'
import { pairStanding } from './pair-crossover.ts'
import { serialOf } from './runtime.ts'
import type { Spreads } from './spreads.ts'
import { compareArms } from './verdict.ts'
import type { VerdictOptions } from './verdict.ts'

type OverSerial = NonNullable<Cell['overSerial']>

const outcomes = { first: 'faster', second: 'slower', equivalent: 'equivalent', open: 'open' } as const

/** What a cell of a result and an arm of a contest have in common. */
function keyOf(size: number, { executor, workers, ...rest }: Arm | Cell): string {
  return JSON.stringify([size, executor, workers, runtimeOf(rest)])
}

function runtimeOf(arm: object): unknown {
  return 'runtime' in arm ? arm.runtime : null
}

/** Looks a cell of the contest's workload up; undefined for serial itself, and where one of the two has no launches. */
export function comparedWithSerial(
  { cells, control, settled }: Contest,
  spreads: Spreads,
  options: VerdictOptions,
): (cell: Cell) => OverSerial | undefined {
  const found = new Map<string, OverSerial>()
  for (const { size, cells: racing } of control === null ? bySize(cells) : []) {
    const at = { size, race: raceOf(racing), settled: settled.get(size) }
    for (const [own, { arm }] of racing.entries()) {
      const serial = racing.findIndex(
        (other) => other.arm.executor === serialOf(arm.executor) && runtimeOf(other.arm) === runtimeOf(arm),
      )
      if (serial === -1 || serial === own) continue
      const { ratio, interval, launches } = compareArms(at.race, own, serial, spreads, options)
      if (launches === 0) continue
      found.set(keyOf(size, arm), {
        ratio,
        interval: Number.isFinite(interval[1]) ? [...interval] : null,
        outcome: outcomes[pairStanding(at, [own, serial], spreads, options)],
      })
    }
  }
  return (cell) => found.get(keyOf(cell.size, cell))
}
