/** The crossovers of a workload, as the result keeps them. */

import { findCrossovers } from '../analysis/crossover.ts'
import type { CrossoverOptions } from '../analysis/pair-crossover.ts'
import type { Spreads } from '../analysis/spreads.ts'
import type { Crossover } from '../results/schema.ts'
import type { Arm } from './events.ts'
import { bySize, sizeRaces } from './race.ts'
import type { WorkloadRace } from './workload-race.ts'

/** What an arm is called: its executor, with its workers where several counts of it race. */
function nameOf({ executor, workers }: Arm, arms: readonly Arm[]): string {
  const isOne = arms.filter((other) => other.executor === executor).length === 1
  return isOne ? executor : `${executor} x${workers}`
}

export function crossoversOf(
  { workload, cells, settled }: Pick<WorkloadRace, 'workload' | 'cells' | 'settled'>,
  spreads: Spreads,
  options: CrossoverOptions,
): Crossover[] {
  const arms = bySize(cells)[0]?.cells.map(({ arm }) => arm) ?? []
  const names = arms.map((arm) => nameOf(arm, arms))
  const serial = arms.findIndex(({ executor }) => executor === 'serial')
  const found = findCrossovers(sizeRaces(cells, settled), names, serial, spreads, options)
  return found.map(({ from, to, answer, size, interval, bracket, reason }) => ({
    workload: workload.name,
    from: arms[from]?.executor ?? '',
    to: arms[to]?.executor ?? '',
    workers: [arms[from]?.workers ?? null, arms[to]?.workers ?? null],
    answer,
    size,
    interval: interval && [...interval],
    bracket: [...bracket],
    reason,
  }))
}
