/** Verdicts on seeded races of known truth. */
import { describe, expect, it } from 'vitest'
import { Spreads } from '#dist/analysis/spreads.js'
import { compareArms, decide, makespanInterval } from '#dist/analysis/verdict.js'
import type { Race } from '#dist/analysis/race.js'
import { seededRandom } from '#dist/stats/random.js'

const options = { confidence: 0.95, margin: 0.05, plannedPairs: 12 }

/** Races whose arms truly take `truth` ms; each launch is off by its own luck, each round by less. */
function simulate(seed: number, truth: number[], launches: number, launchSpread: number, rounds = 5): Race {
  const random = seededRandom(seed)
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  return {
    arms: truth.map((ms) =>
      Array.from({ length: launches }, () => {
        const luck = normal() * launchSpread
        return Array.from({ length: rounds }, () => ms * Math.exp(luck + normal() * 0.02))
      }),
    ),
  }
}

const decideAlone = (race: Race) => decide(race, new Spreads([race]), options)

describe('decide', () => {
  it('names the arm that is faster by far after three launches', () => {
    const decision = decideAlone(simulate(1, [100, 98, 52, 200], 3, 0.02))
    expect(decision).toMatchObject({ kind: 'winner', leaders: [2], launches: 3, launchesNeeded: null })
  })

  it('names no winner before three launches, however clear it looks', () => {
    expect(decideAlone(simulate(1, [100, 10], 2, 0.01)).kind).toBe('undecided')
  })

  it('keeps those that only more launches can tell apart, and says how many', () => {
    const decision = decideAlone(simulate(2, [100, 99, 50, 54], 4, 0.02))
    expect(decision.kind).toBe('undecided')
    expect(new Set(decision.leaders)).toEqual(new Set([2, 3]))
  })

  it('names those still in the race with the smallest median first', () => {
    expect(decideAlone(simulate(2, [54, 50], 4, 0.02))).toMatchObject({ kind: 'undecided', leaders: [1, 0] })
  })

  it('has no winner before three launches even where nobody else runs', () => {
    expect(decideAlone({ arms: [[[10]]] })).toMatchObject({ kind: 'undecided', leaders: [0] })
  })

  it('asks for more where the run compares more', () => {
    const race = simulate(5, [100, 70], 4, 0.05)
    const outcome = (plannedPairs: number): string =>
      compareArms(race, 1, 0, new Spreads([race]), { ...options, plannedPairs }).outcome
    expect([outcome(12), outcome(1000)]).toEqual(['faster', 'open'])
  })

  it('calls a tie what stays within the margin', () => {
    const decision = decideAlone(simulate(3, [100, 50, 50.2], 20, 0.015))
    expect(decision.kind).toBe('tie')
    expect(new Set(decision.leaders)).toEqual(new Set([1, 2]))
  })

  it('never names a winner among equal arms, however often it looks (10 races of 18 looks)', () => {
    let named = 0
    for (let seed = 0; seed < 10; seed++) {
      const race = simulate(seed, [100, 100, 100, 100], 20, 0.1)
      for (let launches = 3; launches <= 20; launches++) {
        const seen: Race = { arms: race.arms.map((arm) => arm.slice(0, launches)) }
        if (decideAlone(seen).kind === 'winner') {
          named++
          break
        }
      }
    }
    expect(named).toBe(0)
  })

  it('leaves an arm without launches out', () => {
    const race = simulate(4, [100, 50, 90], 3, 0.02)
    expect(decideAlone({ arms: [race.arms[0] ?? [], [], race.arms[2] ?? []] }).leaders).not.toContain(1)
  })

  it('answers for a race nobody ran', () => {
    expect(decideAlone({ arms: [[], []] })).toMatchObject({ kind: 'undecided', leaders: [], launches: 0 })
  })
})

describe('spread', () => {
  it('seen in races alike makes few launches less sure of themselves', () => {
    const calm = simulate(6, [100, 62], 3, 0.01)
    const wild = simulate(7, [100, 60], 6, 0.5)
    expect(decide(calm, new Spreads([calm]), options).kind).toBe('winner')
    expect(decide(calm, new Spreads([calm, wild]), options).kind).toBe('undecided')
  })
})

describe('a beaten arm', () => {
  it('stays out, whatever is learnt later', () => {
    const race = simulate(1, [100, 98, 52, 60], 3, 0.02)
    const wild = simulate(2, [100, 100, 100, 100], 6, 0.8)
    const spreads = new Spreads([race, wild])
    expect(decide(race, spreads, options).leaders).toContain(3)
    expect(decide({ ...race, beaten: new Set([3]) }, spreads, options).leaders).not.toContain(3)
  })
})

const none = new Spreads([])

describe('compareArms', () => {
  it('gives the ratio with an interval that contains it, and turns round with its arms', () => {
    const race = simulate(5, [100, 50], 6, 0.03)
    const there = compareArms(race, 1, 0, none, options)
    const back = compareArms(race, 0, 1, none, options)
    expect(there.ratio).toBeCloseTo(2, 0)
    expect(there.interval[0]).toBeLessThan(2)
    expect(there.interval[1]).toBeGreaterThan(2)
    expect(back.ratio).toBeCloseTo(1 / there.ratio, 10)
  })

  it('compares rounds side by side: a slow spell that hits both arms cancels out', () => {
    const slowSpells = [1, 3, 1, 2, 1]
    const race: Race = {
      arms: [100, 80].map((ms) => [1, 1, 1].map(() => slowSpells.map((spell) => ms * spell))),
    }
    expect(compareArms(race, 1, 0, none, options).ratio).toBeCloseTo(1.25, 10)
  })
})

const isWithinMargin = (interval: readonly [number, number]): boolean =>
  Math.max(interval[1], 1 / interval[0]) < 1 + options.margin

describe('the error of a run', () => {
  const ratios = Array.from({ length: 50 }, (_, step) => 1 + step / 1000)

  it.each([1, 6, 500])('is shared by all pairs: each of %i is decided at its part of it', (pairs) => {
    const outcomes = ratios.map((ratio) => {
      const race = simulate(8, [100, 100 * ratio], 40, 0.01)
      const decided = compareArms(race, 0, 1, none, { ...options, plannedPairs: 2 * pairs })
      const part = { ...options, confidence: 1 - (1 - options.confidence) / pairs }
      const { interval } = compareArms(race, 0, 1, none, part)
      expect(decided.outcome === 'equivalent').toBe(isWithinMargin(interval))
      return decided.outcome
    })
    expect(new Set(outcomes)).toEqual(new Set(['equivalent', 'open']))
  })

  it('is not gambled on the calm of other races once there are launches enough', () => {
    const calm = Array.from({ length: 50 }, (_, seed) => simulate(seed, [100, 90], 8, 0.05))
    const wild = simulate(300, [100, 70], 8, 0.3)
    expect(compareArms(wild, 1, 0, new Spreads([...calm, wild]), options).outcome).toBe('open')
  })
})

/** Four arms, of which the last two are as wild as said. */
const raced = (seed: number, spread: number): Race => ({
  arms: [simulate(seed, [100, 100], 3, 0.01), simulate(seed + 100, [100, 55], 3, spread)].flatMap(
    ({ arms }) => arms,
  ),
})

it('a pair that is noisier than others in all races is not believed to be as calm', () => {
  // The wild ones agree here by chance.
  const lucky = raced(0, 0.01)
  const outcome = (spread: number): string => {
    const others = Array.from({ length: 24 }, (_, seed) => raced(seed + 1, spread))
    return compareArms(lucky, 3, 2, new Spreads(others), options).outcome
  }
  expect([outcome(0.01), outcome(0.6)]).toEqual(['faster', 'open'])
})

describe('makespanInterval', () => {
  it('surrounds the launches and needs two of them', () => {
    expect(makespanInterval([10], none, 0.95)).toBeNull()
    const [low, high] = makespanInterval([10, 11, 10.5], none, 0.95) ?? [0, 0]
    expect(low).toBeLessThan(10.5)
    expect(high).toBeGreaterThan(10.5)
  })
})
