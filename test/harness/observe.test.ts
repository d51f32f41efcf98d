/** What a makespan costs with real pools: bytes that are copied, moved, shared, or sent to another process. */
import { describe, expect, it } from 'vitest'
import { ProcessPoolExecutor, SerialExecutor, taskRef, ThreadPoolExecutor } from '#dist/executors/index.js'
import type { Executor } from '#dist/executors/index.js'
import { measureDispatch } from '#dist/harness/dispatch-cost.js'
import { buffersIn } from '#dist/harness/inputs.js'
import { observeMakespan } from '#dist/harness/observe.js'
import type { Observation, ObservedMakespan } from '#dist/harness/observe.js'
import { payloadOf } from '#dist/harness/payload.js'

const url = new URL('../fixtures/diagnosis/payload.mjs', import.meta.url)
const lastByte = taskRef<(bytes: Uint8Array) => number>(url, 'lastByte')
const zeros = taskRef<(bytes: number) => Uint8Array>(url, 'zeros')
const tasks = 8
const bytesEach = 4 << 20

const fresh = (): Uint8Array<ArrayBuffer>[] => Array.from({ length: tasks }, () => new Uint8Array(bytesEach))
const shared = (): Uint8Array[] =>
  Array.from({ length: tasks }, () => new Uint8Array(new SharedArrayBuffer(bytesEach)))

async function observed(
  executor: Executor,
  inputs: readonly Uint8Array[],
  isMoved = false,
): Promise<Observation> {
  return (await watched(executor, inputs, isMoved)).observation
}

async function watched(
  executor: Executor,
  inputs: readonly Uint8Array[],
  isMoved = false,
): Promise<ObservedMakespan> {
  const isPool = !(executor instanceof SerialExecutor)
  try {
    await executor.warmUp()
    const dispatch = await measureDispatch(executor)
    return await observeMakespan({
      executor,
      submissions: inputs.map(
        (input) => () => executor.submit(lastByte, input, isMoved ? { transfer: buffersIn(input) } : {}),
      ),
      isPool,
      watchesLoop: true,
      inputs: isPool ? payloadOf(inputs, isMoved ? buffersIn : undefined) : null,
      dispatch,
    })
  } finally {
    await executor.shutdown()
  }
}

const sum = ({ costs: { makespanMs: _makespanMs, workers: _workers, ...parts } }: Observation): number =>
  Object.values(parts).reduce<number>((total, part) => total + (part ?? 0), 0)

describe('the observation of a makespan', () => {
  it('tells what crossed how', async () => {
    const cloned = await observed(new ThreadPoolExecutor({ maxWorkers: 2 }), fresh())
    const moved = await observed(new ThreadPoolExecutor({ maxWorkers: 2 }), fresh(), true)
    const common = await observed(new ThreadPoolExecutor({ maxWorkers: 2 }), shared())
    const sent = await observed(new ProcessPoolExecutor({ maxWorkers: 2 }), fresh())
    const all = [cloned, moved, common, sent]

    for (const observation of all) {
      expect(observation.inputs?.bytes).toBeGreaterThanOrEqual(tasks * bytesEach)
      expect(sum(observation)).toBeCloseTo(observation.costs.makespanMs, 6)
      expect(observation.costs.workers).toBe(2)
      expect(observation.dispatch.aloneMs).toBeGreaterThan(0)
    }
    expect(cloned.inputs?.copiedBytes).toBeGreaterThanOrEqual(tasks * bytesEach)
    expect(sent.inputs?.copiedBytes).toBeGreaterThanOrEqual(tasks * bytesEach)
    expect(moved.inputs?.copiedBytes).toBeLessThan(10_000)
    expect(common.inputs?.copiedBytes).toBeLessThan(10_000)

    // Two orders of magnitude in truth; a copy cannot be free, and what is not copied has nothing to take time.
    for (const copied of [cloned, sent])
      for (const kept of [moved, common])
        expect(copied.costs.transferInMs).toBeGreaterThan(10 * kept.costs.transferInMs)
  }, 60_000)

  it('tells what came back', async () => {
    const executor = new ThreadPoolExecutor({ maxWorkers: 2 })
    await executor.warmUp()
    const dispatch = await measureDispatch(executor)
    const { observation } = await observeMakespan({
      executor,
      submissions: fresh().map(() => () => executor.submit(zeros, bytesEach)),
      isPool: true,
      watchesLoop: true,
      inputs: payloadOf([bytesEach]),
      dispatch,
    })
    await executor.shutdown()
    expect(observation.outputs?.copiedBytes).toBeGreaterThanOrEqual(tasks * bytesEach)
    expect(observation.costs.transferOutMs).toBeGreaterThan(10 * observation.costs.transferInMs)
  }, 60_000)

  it('needs no worker', async () => {
    const observation = await observed(new SerialExecutor(), fresh())
    expect(observation).toMatchObject({
      inputs: null,
      outputs: null,
      costs: { workers: null, transferInMs: 0 },
    })
    expect(sum(observation)).toBeCloseTo(observation.costs.makespanMs, 6)
  })
})

describe('the times of its tasks', () => {
  it.each([
    ['serial', () => new SerialExecutor()],
    ['threads', () => new ThreadPoolExecutor({ maxWorkers: 2 })],
    ['processes', () => new ProcessPoolExecutor({ maxWorkers: 2 })],
  ])('lie within the makespan, under %s', async (id, create) => {
    const { makespanMs, times } = await watched(create(), fresh())
    expect(times.workers).toHaveLength(id === 'serial' ? 1 : 2)
    expect(times.tasks).toHaveLength(tasks)
    expect(times.omittedTasks).toBe(0)
    for (const { worker, queuedMs, startedMs, endedMs, settledMs } of times.tasks) {
      expect(times.workers[worker]).toBeDefined()
      expect(queuedMs).toBeLessThanOrEqual(startedMs)
      expect(startedMs).toBeLessThanOrEqual(endedMs)
      expect(endedMs).toBeLessThanOrEqual(settledMs)
      // The two clocks are read one after the other.
      expect(settledMs).toBeLessThan(makespanMs + 5)
    }
  })
})

describe('payloadOf', () => {
  it('counts shared memory once and copies none of it', () => {
    const buffer = new SharedArrayBuffer(1000)
    const views = [new Uint8Array(buffer, 0, 500), new Uint8Array(buffer, 500)]
    const { bytes, copiedBytes } = payloadOf(views) ?? { bytes: 0, copiedBytes: 0 }
    expect(bytes - copiedBytes).toBe(1000)
    expect(copiedBytes).toBeLessThan(100)
  })

  it('says so when there is no telling', () => {
    expect(payloadOf([() => 0])).toBeNull()
  })
})
