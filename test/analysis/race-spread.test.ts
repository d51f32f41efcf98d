/** What all arms of a race say of a pair's noise: the law of the two-way layout, by simulation and by hand. */
import { describe, expect, it } from 'vitest'
import { raceSpread } from '#dist/analysis/race-spread.js'
import { seededRandom } from '#dist/stats/random.js'
import { mean } from '#dist/stats/summary.js'
import { normals } from './crossover-races.js'

const normal = normals(seededRandom(7))
/** Arms of their own speed, launches that hit all alike, and noise of one measurement a launch. */
const race = (sigmas: readonly number[], launches: number) => {
  const ofLaunch = Array.from({ length: launches }, () => 0.3 * normal())
  return {
    arms: sigmas.map((sigma, arm) =>
      ofLaunch.map((shared) => [10 * (1 + arm) * Math.exp(shared + sigma * normal())]),
    ),
  }
}
const variance = ({ squares, freedom }: { squares: number; freedom: number }): number => squares / freedom

describe('the spread of a pair', () => {
  it('is that of its race, without what a launch does to all arms', () => {
    const found = Array.from({ length: 400 }, () => raceSpread(race([0.1, 0.1, 0.1, 0.1], 3), 0, 1))
    const shared = found.filter(({ arms }) => arms === 4)
    expect(shared.length).toBeGreaterThan(340)
    for (const { spread } of shared) expect(spread.freedom).toBe(6)
    // A pair's log-ratio has the noise of two arms.
    expect(mean(found.map(({ spread }) => variance(spread)))).toBeCloseTo(0.02, 2)
  })

  it("is the pair's own where there is no third arm, or where the pair is noisier than the others", () => {
    const two = race([0.1, 0.1], 4)
    expect(raceSpread(two, 0, 1)).toMatchObject({ arms: 2, spread: { freedom: 3 } })
    const found = Array.from({ length: 100 }, () =>
      raceSpread(race([0.5, ...Array.from({ length: 9 }, () => 0.01)], 6), 0, 1),
    )
    expect(mean(found.map(({ spread }) => variance(spread)))).toBeGreaterThan(0.2)
  })

  it('does not depend on which of the two comes first', () => {
    const raced = race([0.1, 0.2, 0.05], 5)
    const [one, other] = [raceSpread(raced, 0, 2), raceSpread(raced, 2, 0)]
    expect(one.arms).toBe(other.arms)
    expect(one.spread.squares).toBeCloseTo(other.spread.squares, 9)
  })

  it('asks only arms that are still measured', () => {
    const raced = race([0.1, 0.1, 0.1], 6)
    const beaten = { arms: raced.arms.map((arm, index) => (index === 1 ? arm.slice(0, 3) : arm)) }
    expect(raceSpread(beaten, 0, 2)).toMatchObject({ arms: 2, spread: { freedom: 5 } })
    expect(raceSpread(beaten, 0, 1)).toMatchObject({ arms: 3, spread: { freedom: 4 } })
  })
})
