/** Launches of known nature, to see what is found in them. */

import { seededRandom } from '#dist/stats/random.js'
import { findSlowLaunches } from '#dist/stats/slow-launches.js'

type Random = () => number

export const gauss = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

/** The logarithm of one measurement's noise. */
export const noises = {
  '5 % iid': (random: Random) => 0.05 * gauss(random),
  '15 % iid': (random: Random) => 0.15 * gauss(random),
  'log-normal delays': (random: Random) => 0.05 * Math.exp(gauss(random)),
  '5 % outliers': (random: Random) =>
    0.05 * gauss(random) + (random() < 0.05 ? Math.log(1.5 + 1.5 * random()) : 0),
}

export interface Simulation {
  readonly noise: keyof typeof noises
  readonly cells: number
  readonly launches: number
  readonly rounds: number
  /** Probability that a launch is 25 % slower for its whole life. */
  readonly slow?: number
  /** What is slow together: each cell alone, the sizes of one pool, or all cells. */
  readonly shared?: 'cell' | 'pool' | 'all'
  /** Standard deviation of each launch's own offset. */
  readonly offset?: number
}

const arms = 4
const sizes = 3

interface Simulated {
  readonly isFound: boolean
  /** Whether at least two lives of pools were slow, and fewer than half of their cell's launches. */
  readonly isThere: boolean
}

function simulate(seed: number, simulation: Simulation): Simulated {
  const { noise, cells, launches, rounds, slow = 0, shared = 'pool', offset = 0 } = simulation
  const random = seededRandom(seed)
  const states = new Map<string, boolean>()
  const slowLives = new Set<string>()
  const simulated = Array.from({ length: cells }, (_, cell) => {
    const pool = `${Math.floor(cell / (arms * sizes))}-${cell % arms}`
    const isSlow = Array.from({ length: launches }, (__, launch) => {
      const key = { cell: `${cell} ${launch}`, pool: `${pool} ${launch}`, all: `${launch}` }[shared]
      const state = states.get(key) ?? random() < slow
      states.set(key, state)
      return state
    })
    if (isSlow.filter(Boolean).length < launches / 2)
      for (const [launch, state] of isSlow.entries()) if (state) slowLives.add(`${pool} ${launch}`)
    return {
      pool,
      launches: isSlow.map((state) => {
        const shift = (state ? Math.log(1.25) : 0) + offset * gauss(random)
        return Array.from({ length: rounds }, () => shift + noises[noise](random))
      }),
    }
  })
  return { isFound: findSlowLaunches(simulated, random).length > 0, isThere: slowLives.size > 1 }
}

/** Share of runs in which slow launches were found, of those that have some, or of all if there are none to have. */
export function foundShare(simulation: Simulation, runs: number, firstSeed = 1): number {
  let counted = 0
  let found = 0
  for (let seed = firstSeed; counted < runs && seed < firstSeed + 100 * runs; seed++) {
    const { isFound, isThere } = simulate(seed, simulation)
    if ((simulation.slow ?? 0) > 0 && !isThere) continue
    counted++
    if (isFound) found++
  }
  return found / counted
}
