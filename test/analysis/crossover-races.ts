/** Races of known truth: arms whose makespans follow a cost curve, with luck by launch and by round. */
import type { SizeRace } from '#dist/analysis/pair-crossover.js'
import { seededRandom } from '#dist/stats/random.js'
import type { Random } from '#dist/stats/random.js'

/** Makespan in ms by size. */
export type Cost = (size: number) => number

export function normals(random: Random): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** One size: `launches` of each arm, each off by its own luck for its whole life. */
export function raceAt(
  size: number,
  costs: readonly Cost[],
  launches: number,
  launchSpread: number,
  normal: () => number,
): SizeRace {
  return {
    size,
    settled: undefined,
    race: {
      arms: costs.map((cost) =>
        Array.from({ length: launches }, () => {
          const luck = normal() * launchSpread
          return Array.from({ length: 3 }, () => cost(size) * Math.exp(luck + normal() * 0.01))
        }),
      ),
    },
  }
}

/** The same for several sizes. */
export function racesAt(
  sizes: readonly number[],
  costs: readonly Cost[],
  { launches = 4, launchSpread = 0.01, seed = 1 } = {},
): SizeRace[] {
  const normal = normals(seededRandom(seed))
  return sizes.map((size) => raceAt(size, costs, launches, launchSpread, normal))
}

/** The size at which two costs are equal, between two others. */
export function trueCrossing(one: Cost, other: Cost, low: number, high: number): number {
  const sign = Math.sign(one(low) - other(low))
  let [below, above] = [Math.log(low), Math.log(high)]
  for (let step = 0; step < 100; step++) {
    const middle = (below + above) / 2
    if (Math.sign(one(Math.exp(middle)) - other(Math.exp(middle))) === sign) below = middle
    else above = middle
  }
  return Math.exp(below)
}
