/** Tasks of which it is known what they ask of a machine: the calibration runs them. */

/** Keeps the CPU busy for so many turns of a loop that no compiler can leave out. */
export function spin(turns: number): number {
  let state = turns | 1
  for (let turn = 0; turn < turns; turn++) state = Math.imul(state ^ (state >>> 15), 0x2c1b_3c6d)
  return state
}

/** Takes bytes, and does nothing with them. */
export const byteLength = (bytes: Uint8Array): number => bytes.byteLength
