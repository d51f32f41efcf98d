/** Random input that is the same on every machine. */

/**
 * `length` pseudo-random 32-bit integers, by the seed alone.
 * Source: xorshift32, George Marsaglia, "Xorshift RNGs", Journal of Statistical Software 8 (14), 2003.
 */
export function randomUint32s(length: number, seed: number): Uint32Array<ArrayBuffer> {
  const values = new Uint32Array(length)
  // An odd multiplier keeps seeds apart; the state must never be 0.
  let state = Math.imul(seed + 1, 0x9e37_79b1) || 1
  for (let index = 0; index < length; index++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    values[index] = state
  }
  return values
}

/** `length` pseudo-random bytes, by the seed alone. */
export function randomBytes(length: number, seed: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(randomUint32s(Math.ceil(length / 4), seed).buffer, 0, length)
}
