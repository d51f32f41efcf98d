/** How large binary inputs reach a thread: copied, moved, or shared, as the workload says. */

import type { Transferable } from '../executors/executor.ts'

type View = NodeJS.TypedArray | DataView

/** Rebuilds plain arrays and objects with every buffer in them replaced; other values stay the same object. */
function mapBuffers(value: unknown, replace: (buffer: ArrayBuffer) => ArrayBufferLike): unknown {
  if (value instanceof ArrayBuffer) return replace(value)
  if (ArrayBuffer.isView(value)) {
    const view = value as View
    if (!(view.buffer instanceof ArrayBuffer)) return view
    const Constructor = view.constructor as new (
      buffer: ArrayBufferLike,
      offset: number,
      length: number,
    ) => View
    const buffer = replace(view.buffer)
    if (Buffer.isBuffer(view)) return new Uint8Array(buffer, view.byteOffset, view.byteLength)
    return new Constructor(buffer, view.byteOffset, 'length' in view ? view.length : view.byteLength)
  }
  if (Array.isArray(value)) return value.map((item) => mapBuffers(item, replace))
  if (value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapBuffers(item, replace)]))
  return value
}

/** The inputs with all their buffers in shared memory; buffers that inputs have in common stay in common. */
export function shareBuffers<Input>(inputs: readonly Input[]): Input[] {
  const shared = new Map<ArrayBuffer, SharedArrayBuffer>()
  const share = (buffer: ArrayBuffer): SharedArrayBuffer => {
    const known = shared.get(buffer)
    if (known !== undefined) return known
    const copy = new SharedArrayBuffer(buffer.byteLength)
    new Uint8Array(copy).set(new Uint8Array(buffer))
    shared.set(buffer, copy)
    return copy
  }
  return inputs.map((input) => mapBuffers(input, share) as Input)
}

/** The buffers in a value that can be moved out of it, each once. */
export function buffersIn(value: unknown): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>()
  mapBuffers(value, (buffer) => {
    buffers.add(buffer)
    return buffer
  })
  return [...buffers]
}

/** Fresh copies of the inputs, each with the list of the buffers that can be moved out of it. */
export function transferableInputs<Input>(
  inputs: readonly Input[],
): { readonly input: Input; readonly transfer: Transferable[] }[] {
  return inputs.map((original) => {
    const input = structuredClone(original)
    return { input, transfer: buffersIn(input) }
  })
}
