/** How many values a file of JSON may hold, told before it is parsed: each takes far more memory than its text. */

/** Up to here it fits into memory whatever it holds; beyond, values are counted. */
export const uncountedBytes = 16 * 1024 * 1024
/** A million measurements in as many as 50,000 cells have half as many there. */
export const maxValues = 3_000_000

/** By byte: 1 for those before which, or behind which, a value of a JSON text begins. */
const beginsValue = new Uint8Array(256)
for (const byte of Buffer.from(',[{')) beginsValue[byte] = 1

/** About how many values begin in this part of a JSON text: what stands in strings is counted too. */
export function valuesIn(text: Uint8Array): number {
  let values = 0
  // By index, and without a branch: this runs over all of a large file.
  for (let index = 0; index < text.length; index++) values += beginsValue[text[index] ?? 0] ?? 0
  return values
}
