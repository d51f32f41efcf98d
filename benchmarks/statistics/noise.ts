/** What may disturb a measurement: models of noise, as offsets of the logarithm of a makespan. */

import type { Random } from '#dist/stats/random.js'

/** Which measurement: its workload and size (0 to 2), the arm, the launch. */
export interface Place {
  readonly workload: number
  readonly size: number
  readonly arm: number
  readonly launch: number
}

export interface Noise {
  /** What a launch is off by for its whole life. */
  readonly ofLaunch: (place: Place) => number
  /** What one measurement is off by besides. */
  readonly ofRound: (place: Place) => number
  /** Step of the clock in ms. */
  readonly clockStepMs?: number
}

/** Standard normal numbers (Box and Muller). */
function normals(random: Random): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** One value for each key, drawn when it is first asked for. */
function shared(draw: () => number): (key: string) => number {
  const values = new Map<string, number>()
  return (key) => {
    const value = values.get(key) ?? draw()
    values.set(key, value)
    return value
  }
}

const none = (): number => 0
const armOf = ({ workload, size, arm }: Place): string => `${workload} ${size} ${arm}`
const poolOf = ({ arm, launch }: Place): string => `${arm} ${launch}`

type Model = (random: Random) => Noise

const independent =
  (sigma: number): Model =>
  (random) => {
    const normal = normals(random)
    return { ofLaunch: none, ofRound: () => sigma * normal() }
  }

const launchNoise =
  (ofLaunch: (normal: () => number, random: Random) => (place: Place) => number): Model =>
  (random) => {
    const normal = normals(random)
    return { ofLaunch: ofLaunch(normal, random), ofRound: () => 0.03 * normal() }
  }

/** Neighbouring launches of an arm resemble each other: a first-order autoregression. */
function driftOf(normal: () => number, sigma: number, correlation: number): (place: Place) => number {
  const states = new Map<string, number>()
  return (place) => {
    const key = armOf(place)
    const before = states.get(key)
    const now =
      before === undefined
        ? sigma * normal()
        : correlation * before + Math.sqrt(1 - correlation ** 2) * sigma * normal()
    states.set(key, now)
    return now
  }
}

/** The models of the table, by what they are called there. */
export const noiseModels: Readonly<Record<string, Model>> = {
  '5 %, independent': independent(0.05),
  '15 %, independent': independent(0.15),
  '5 %, and 5 % of the measurements 1.5 to 2.5 times as long': (random) => {
    const normal = normals(random)
    const outlier = (): number => (random() < 0.05 ? Math.log(1.5 + random()) : 0)
    return { ofLaunch: none, ofRound: () => 0.05 * normal() + outlier() }
  },
  'each arm drifts by 3 %, over about four launches': launchNoise((normal) => driftOf(normal, 0.03, 0.8)),
  'a drift of up to 6 % that reverses': launchNoise((normal) => {
    const slope = shared(() => 0.06 * normal())
    return (place) => slope(armOf(place)) * (1 - 2 * Math.abs(place.launch / 10 - 1))
  }),
  'each launch off by 10 %': launchNoise((normal) => () => 0.1 * normal()),
  'each launch off by 10 %, shared by all cells': launchNoise((normal) => {
    const offset = shared(() => 0.1 * normal())
    return (place) => offset(poolOf(place))
  }),
  'each launch off by 40 %': launchNoise((normal) => () => 0.4 * normal()),
  'a slow mode (+25 %) in one launch of ten, shared by all cells': launchNoise((_, random) => {
    const offset = shared(() => (random() < 0.1 ? Math.log(1.25) : 0))
    return (place) => offset(poolOf(place))
  }),
  'one launch in twenty 1.5 times as long': launchNoise(
    (_, random) => () => (random() < 0.05 ? Math.log(1.5) : 0),
  ),
  'noise that grows with size: 2, 5, 15 %': launchNoise(
    (normal) =>
      ({ size }) =>
        ([0.02, 0.05, 0.15][size] ?? 0) * normal(),
  ),
  'noise of short makespans: 40, 10, 5 %': launchNoise(
    (normal) =>
      ({ size }) =>
        ([0.4, 0.1, 0.05][size] ?? 0) * normal(),
  ),
  'noise that differs by workload: 1 to 30 %': launchNoise(
    (normal) =>
      ({ workload }) =>
        ([0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.05, 0.03][workload % 8] ?? 0) * normal(),
  ),
  'noise that differs by executor: 1 to 20 %': launchNoise(
    (normal) =>
      ({ arm }) =>
        ([0.01, 0.02, 0.2, 0.05][arm % 4] ?? 0) * normal(),
  ),
  'a clock of 0.1 ms under makespans from 1 ms': (random) => {
    const normal = normals(random)
    return { ofLaunch: () => 0.02 * normal(), ofRound: () => 0.03 * normal(), clockStepMs: 0.1 }
  },
}
