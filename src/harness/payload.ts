/** How many bytes inputs and outputs are, and how many of them are copied on their way. */

import { Serializer } from 'node:v8'

export interface Payload {
  /** All of it, shared memory included (each piece once). */
  readonly bytes: number
  /** What is copied: neither buffers that are moved, nor memory that is shared. */
  readonly copiedBytes: number
}

/** Writes a reference for shared memory, as the transport between threads does. */
class Sizer extends Serializer {
  readonly shared = new Set<SharedArrayBuffer>()

  // Called by Node with this name; it is in no public type.
  _getSharedArrayBufferId(buffer: SharedArrayBuffer): number {
    this.shared.add(buffer)
    return this.shared.size
  }
}

/**
 * Sizes values as structured cloning writes them; each is serialized once for it, outside of any measurement.
 * Null if it cannot be told.
 * @param moved the buffers of each value that are transferred instead of copied.
 */
export function payloadOf(
  values: readonly unknown[],
  moved: (value: unknown) => readonly ArrayBuffer[] = () => [],
): Payload | null {
  try {
    return measure(values, moved)
  } catch {
    // What only threads can be given, a port for example, is no data.
    return null
  }
}

function measure(values: readonly unknown[], moved: (value: unknown) => readonly ArrayBuffer[]): Payload {
  const shared = new Set<SharedArrayBuffer>()
  let copiedBytes = 0
  let movedBytes = 0
  for (const value of values) {
    const sizer = new Sizer()
    for (const [id, buffer] of moved(value).entries()) {
      sizer.transferArrayBuffer(id, buffer)
      movedBytes += buffer.byteLength
    }
    sizer.writeHeader()
    sizer.writeValue(value)
    copiedBytes += sizer.releaseBuffer().length
    for (const buffer of sizer.shared) shared.add(buffer)
  }
  const sharedBytes = [...shared].reduce((total, { byteLength }) => total + byteLength, 0)
  return { bytes: copiedBytes + movedBytes + sharedBytes, copiedBytes }
}
