/** Seeded randomness, so that a plan or a simulation can be repeated exactly. */

/** A stream of uniform numbers in [0, 1). */
export type Random = () => number

/**
 * A stream determined by its seed (mulberry32, Tommy Ettinger 2017, public domain): 32 bits of state, ample for
 * shuffling rounds; not for cryptography.
 */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A new array in random order (Fisher and Yates, as in Durstenfeld 1964). */
export function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  const result = [...items]
  for (let index = result.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1))
    ;[result[index], result[other]] = [result[other] as Item, result[index] as Item]
  }
  return result
}
