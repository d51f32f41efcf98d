/** What the inputs and outputs of a size would take to cross to a worker and back, told without any worker. */

import { Deserializer, Serializer } from 'node:v8'
import type { Workload } from '../workloads/workload.ts'
import { buffersIn } from './inputs.ts'

/** All tasks of a size together. */
export interface Crossing {
  /** Copied on the way, in and out. */
  readonly copiedBytes: number
  /** What the thread that submits would be busy with: writing inputs, reading outputs. */
  readonly mainMs: number
  /** What the workers would be busy with: reading inputs, writing outputs. */
  readonly workerMs: number
}

/** To a thread, which can be given memory, and to a process, which cannot. Null if it cannot be cloned. */
export interface Crossings {
  readonly threads: Crossing | null
  readonly processes: Crossing | null
}

interface Way {
  readonly bytes: number
  readonly writeMs: number
  readonly readMs: number
}

/**
 * Writes and reads values one after the other in the format of structured cloning, which both transports use.
 * @param isKept buffers stay where they are: they are moved or shared. Reading, which needs them, is then taken to
 *   last as long as writing does.
 */
function cross(values: readonly unknown[], isKept: boolean): Way {
  let [bytes, writeMs, readMs] = [0, 0, 0]
  for (const value of values) {
    const startMs = performance.now()
    const serializer = new Serializer()
    if (isKept)
      for (const [id, buffer] of buffersIn(value).entries()) serializer.transferArrayBuffer(id, buffer)
    serializer.writeHeader()
    serializer.writeValue(value)
    const written = serializer.releaseBuffer()
    const writtenMs = performance.now()
    bytes += written.length
    writeMs += writtenMs - startMs
    if (isKept) readMs += writtenMs - startMs
    else {
      const deserializer = new Deserializer(written)
      deserializer.readHeader()
      deserializer.readValue()
      readMs += performance.now() - writtenMs
    }
  }
  return { bytes, writeMs, readMs }
}

function crossing(inputs: readonly unknown[], outputs: readonly unknown[], isKept: boolean): Crossing | null {
  try {
    // Sending a task that takes and gives nothing is what dispatch is: only what is more is the payload's.
    const nothing = cross(Array.from({ length: inputs.length }), false)
    const there = cross(inputs, isKept)
    const back = cross(outputs, false)
    return {
      copiedBytes: there.bytes + back.bytes,
      mainMs: Math.max(0, there.writeMs - nothing.writeMs) + Math.max(0, back.readMs - nothing.readMs),
      workerMs: Math.max(0, there.readMs - nothing.readMs) + Math.max(0, back.writeMs - nothing.writeMs),
    }
  } catch {
    return null
  }
}

/**
 * Takes as long as crossing once would: outside of any measurement.
 * @param transfer how the buffers of inputs reach a thread.
 */
export function crossingsOf(
  inputs: readonly unknown[],
  outputs: readonly unknown[],
  transfer: Workload['transfer'],
): Crossings {
  const processes = crossing(inputs, outputs, false)
  const keepsBuffers = transfer === 'share' || transfer === 'transfer'
  return { threads: keepsBuffers ? crossing(inputs, outputs, true) : processes, processes }
}
