/** How binary inputs are shared with or moved to threads. */
import { describe, expect, it } from 'vitest'
import { shareBuffers, transferableInputs } from '#dist/harness/inputs.js'

describe('shareBuffers', () => {
  it('puts every buffer in shared memory, once each, and keeps views, values and structure', () => {
    const data = Float64Array.from([1, 2, 3, 4])
    const [first, second] = shareBuffers([
      { rows: data.subarray(1, 3), label: 'a', nested: [{ all: data }] },
      { rows: data, label: 'b', nested: [] },
    ])
    expect(first?.rows.buffer).toBeInstanceOf(SharedArrayBuffer)
    expect(first?.rows.buffer).toBe(second?.rows.buffer)
    expect([...(first?.rows ?? [])]).toEqual([2, 3])
    expect(first?.nested[0]?.all.length).toBe(4)
    expect(first?.label).toBe('a')
  })

  it('reads a Buffer as the bytes a worker sees', () => {
    const [bytes] = shareBuffers([Buffer.from('hello')])
    expect(bytes).toBeInstanceOf(Uint8Array)
    expect(Buffer.from(bytes ?? []).toString()).toBe('hello')
  })
})

describe('transferableInputs', () => {
  it('copies, so that the originals survive, and lists each buffer once', () => {
    const data = new Uint8Array(8)
    const [moved] = transferableInputs([{ one: data, two: data.subarray(2) }])
    expect(moved?.transfer).toHaveLength(1)
    expect(moved?.transfer[0]).not.toBe(data.buffer)
    structuredClone(moved?.input, { transfer: [...(moved?.transfer ?? [])] as ArrayBuffer[] })
    expect(data.byteLength).toBe(8)
  })
})
