/** Whole runs on made-up noise and known truth, decided by the procedure that ships. */

import { minLaunches } from '#dist/analysis/race.js'
import { Spreads } from '#dist/analysis/spreads.js'
import { compareArms, decide, maxLaunches } from '#dist/analysis/verdict.js'
import { racedRounds, warmUpsFor } from '#dist/harness/plan.js'
import { seededRandom } from '#dist/stats/random.js'
import { noiseModels } from './noise.ts'

/** How long the arms of a race truly take, relative to each other; one entry a workload. */
export type Truth = readonly (readonly number[])[]

export interface Simulation {
  readonly model: string
  readonly truth: Truth
  readonly seed: number
}

/** What became of one run. */
export interface Outcome {
  readonly falseWinner: boolean
  /** A race in which one of the fastest was called beaten, or arms that differ by more than the margin tied. */
  readonly falseStatement: boolean
  readonly races: number
  /** Launches of each race that was decided. */
  readonly decidedAt: readonly number[]
  /** Intervals shown at the end, and how many of them missed the truth. */
  readonly intervals: number
  readonly missed: number
  /** Time spent measuring and warming up, and what 64 measurements of every cell take, warmed up too. */
  readonly measuredMs: number
  readonly fixedMs: number
}

const sizesMs = [1, 10, 100]
/** 64 that count, after the 16 that tinybench warms up with by itself. */
const fixedMeasurements = 64 + 16
const confidence = 0.95
const margin = 0.05

interface SimulatedRace {
  readonly workload: number
  readonly size: number
  readonly truth: readonly number[]
  readonly arms: number[][][]
  readonly beaten: Set<number>
  done: boolean
}

/** One run: first every workload in turn, then the open ones in turn until nobody can gain. */
export function simulate({ model, truth, seed }: Simulation): Outcome {
  const noise = noiseModels[model]?.(seededRandom(seed))
  if (noise === undefined) throw new Error(`There is no noise model ${model}.`)
  const races: SimulatedRace[] = truth.flatMap((relative, workload) =>
    sizesMs.map((_, size) => ({
      workload,
      size,
      truth: relative,
      arms: relative.map((): number[][] => []),
      beaten: new Set<number>(),
      done: false,
    })),
  )
  const arms = truth[0]?.length ?? 0
  const options = { confidence, margin, plannedPairs: races.length * arms * (arms - 1) }
  let falseWinner = false
  let falseStatement = false
  let measuredMs = 0
  const decidedAt: number[] = []

  const launch = (race: SimulatedRace): void => {
    const { workload, size, truth: relative } = race
    const slowest = Math.max(...relative) * (sizesMs[size] ?? 0)
    const rounds = racedRounds.of(slowest)
    const warmUps = warmUpsFor(slowest)
    for (const [arm, launches] of race.arms.entries()) {
      const place = { workload, size, arm, launch: launches.length }
      if (race.beaten.has(arm)) continue
      const trueMs = (relative[arm] ?? 0) * (sizesMs[size] ?? 0)
      const offset = noise.ofLaunch(place)
      const step = noise.clockStepMs
      launches.push(
        Array.from({ length: rounds }, () => {
          const ms = trueMs * Math.exp(offset + noise.ofRound(place))
          return step === undefined ? ms : Math.max(step, Math.round(ms / step) * step)
        }),
      )
      measuredMs += (rounds + warmUps) * trueMs
    }
  }

  const look = (race: SimulatedRace, spreads: Spreads): void => {
    const best = Math.min(...race.truth)
    const decision = decide(race, spreads, options)
    for (const arm of race.arms.keys()) {
      if (decision.leaders.includes(arm) || race.beaten.has(arm)) continue
      race.beaten.add(arm)
      if (race.truth[arm] === best) falseStatement = true
    }
    if (decision.kind === 'winner') {
      const [winner = -1] = decision.leaders
      const isBest = race.truth[winner] === best && race.truth.filter((other) => other === best).length === 1
      if (!isBest) falseWinner = true
    }
    if (decision.kind === 'tie') {
      const tied = decision.leaders.map((arm) => race.truth[arm] ?? 0)
      if (Math.max(...tied) > Math.min(...tied) * (1 + margin)) falseStatement = true
    }
    if (decision.kind !== 'undecided') decidedAt.push(decision.launches)
    race.done = decision.kind !== 'undecided' || decision.outOfReach
  }

  for (const workload of truth.keys()) {
    const own = races.filter((race) => race.workload === workload)
    for (let count = 0; count < minLaunches; count++) own.forEach(launch)
    const spreads = new Spreads(races)
    for (const race of own) look(race, spreads)
  }
  for (let count = minLaunches; count < maxLaunches; count++) {
    const open = races.filter(({ done }) => !done)
    open.forEach(launch)
    const spreads = new Spreads(races)
    for (const race of open) look(race, spreads)
  }

  const spreads = new Spreads(races)
  let intervals = 0
  let missed = 0
  for (const race of races)
    for (const i of race.arms.keys())
      for (let j = i + 1; j < arms; j++) {
        const { interval } = compareArms(race, i, j, spreads, options)
        const ratio = (race.truth[j] ?? 0) / (race.truth[i] ?? 1)
        intervals++
        if (ratio < interval[0] || ratio > interval[1]) missed++
      }
  const fixedMs = races
    .flatMap(({ truth: relative, size }) => relative.map((ms) => ms * (sizesMs[size] ?? 0)))
    .reduce((sum, ms) => sum + fixedMeasurements * ms, 0)
  return {
    falseWinner,
    falseStatement: falseStatement || falseWinner,
    races: races.length,
    decidedAt,
    intervals,
    missed,
    measuredMs,
    fixedMs,
  }
}
