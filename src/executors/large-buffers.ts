/** Finds the large buffers in a value, which travel beside it without being copied first. */

import { types } from 'node:util'

/** Smaller ones are cheaper to copy. */
const minBytes = 32_768
/** Parts looked at; what is farther away is copied with the rest, which is slower and as right. */
const maxParts = 256
/** Buffers that one message takes along beside it. */
export const maxBuffers = 1024

/** Each once; only what V8 would write as a whole, so not what can be resized. */
export function findLargeBuffers(values: readonly unknown[]): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>()
  const seen = new Set<object>()
  const open: unknown[] = [values]
  for (let value = open.pop(); open.length > 0 || value !== undefined; value = open.pop()) {
    if (typeof value !== 'object' || value === null) continue
    const buffer = ArrayBuffer.isView(value) ? value.buffer : value
    if (buffer instanceof ArrayBuffer) {
      const isResizable = (buffer as { resizable?: boolean }).resizable === true
      if (buffer.byteLength >= minBytes && !isResizable && found.size < maxBuffers) found.add(buffer)
      continue
    }
    if (seen.size >= maxParts || seen.has(value) || types.isProxy(value)) continue
    seen.add(value)
    open.push(...partsOf(value))
  }
  return [...found]
}

/** The objects in an object, without running any getter of its own. */
function partsOf(value: object): unknown[] {
  if (Array.isArray(value)) return value.slice(0, maxParts)
  if (value instanceof Map || value instanceof Set) return [...take(value.values(), maxParts)]
  const parts: unknown[] = []
  for (const key of Object.keys(value).slice(0, maxParts)) {
    const part: unknown = Object.getOwnPropertyDescriptor(value, key)?.value
    if (typeof part === 'object' && part !== null) parts.push(part)
  }
  return parts
}

function* take(values: Iterable<unknown>, count: number): Generator {
  let taken = 0
  for (const value of values) {
    if (taken++ === count) return
    yield value
  }
}
