/** Made-up results of two days with known truth: what cells wait for, their noise, and what the days do to them. */

import type { Sample } from '#dist/analysis/comparison/changes.js'
import type { Launch } from '#dist/analysis/comparison/launches.js'
import { seededRandom } from '#dist/stats/random.js'
import { normals } from '../crossover-races.js'

const executors = ['serial', 'event-loop', 'threads', 'processes']

export interface Place {
  readonly workload: number
  readonly size: number
  readonly executor: number
}

export interface Truth {
  readonly workloads?: number
  readonly sizes?: number
  readonly launches: number
  /** Standard deviation of a launch's logarithm. */
  readonly noise: (place: Place) => number
  /** Share of its time that a cell computes, and so takes part in what the days do; all of it by default. */
  readonly computing?: (workload: number) => number
  /** What each cell, and each workload as a whole, is off by on a day. */
  readonly ofCell?: number
  readonly ofWorkload?: number
  /** The same, as a multiple of the noise of the cell, whether it computes or waits. */
  readonly ofNoise?: number
  /** How often a launch takes half as long again. */
  readonly outliers?: number
  /** How many times as long everything takes on the second day: the machine's, and nobody's change. */
  readonly slowerDay?: number
  /** How fast the machine is, which a yardstick beside each launch tells with an error of its own; without it, none does. */
  readonly speed?: Speed
  /** Ratio by which all of workload 2 is slower in the candidate. */
  readonly planted?: number
  /** The same for one executor of four, in all workloads. */
  readonly plantedExecutor?: number
}

/** Standard deviations of logarithms. */
interface Speed {
  readonly ofDay: number
  readonly ofLaunch: number
  readonly misread: number
  /** How far a cell follows, beyond the share that it computes. */
  readonly follows: number
}

const steadySpeed: Speed = { ofDay: 0, ofLaunch: 0, misread: 0, follows: 0 }

export const plantedWorkload = 2
/** The pool of threads. */
const slowedExecutor = 2

export const plainLaunch = (log: number): Launch => ({ log, yardstick: null })

export function samplesOf(seed: number, truth: Truth): Sample[] {
  const random = seededRandom(seed * 7919)
  const normal = normals(random)
  const { workloads = 8, sizes = 3, launches, noise, computing = () => 1, slowerDay = 1.2 } = truth
  const { ofCell = 0, ofWorkload = 0, ofNoise = 0, outliers = 0, planted = 1, plantedExecutor = 1 } = truth
  const { ofDay, ofLaunch, misread, follows } = truth.speed ?? steadySpeed
  const places = Array.from({ length: workloads }, (_, workload) =>
    Array.from({ length: sizes * executors.length }, (__, index) => ({
      workload,
      size: Math.floor(index / executors.length),
      executor: index % executors.length,
    })),
  )
  const following = places.map((ofOne) => ofOne.map(() => follows * normal()))
  const changeOf = ({ workload, executor }: Place): number =>
    (workload === plantedWorkload ? Math.log(planted) : 0) +
    (executor === slowedExecutor ? Math.log(plantedExecutor) : 0)
  const day = (shift: number, change: (place: Place) => number): Launch[][] => {
    const daySpeed = ofDay * normal()
    return places.flatMap((ofOne, workload) => {
      const share = computing(workload)
      const together = share * (shift + ofWorkload * normal())
      return ofOne.map((place, index) => {
        const follow = share * (1 + (following[workload]?.[index] ?? 0))
        const ownDay = share * ofCell * normal() + (ofNoise === 0 ? 0 : ofNoise * noise(place) * normal())
        const centre = 3 * place.size + together + change(place) + ownDay
        const outlier = (): number => (outliers > 0 && random() < outliers ? share * Math.log(1.5) : 0)
        return Array.from({ length: launches }, () => {
          const speed = truth.speed === undefined ? 0 : daySpeed + ofLaunch * normal()
          return {
            log: centre + follow * speed + noise(place) * normal() + outlier(),
            yardstick: truth.speed === undefined ? null : speed + misread * normal(),
          }
        })
      })
    })
  }
  const [before, after] = [day(0, () => 0), day(Math.log(slowerDay), changeOf)]
  return places.flat().map(({ workload, executor }, index) => ({
    workload: `w${workload}`,
    executor: executors[executor] ?? '',
    computing: computing(workload),
    baseline: before[index] ?? [],
    candidate: after[index] ?? [],
  }))
}
