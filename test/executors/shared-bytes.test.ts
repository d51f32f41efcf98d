/** `SharedBytes`: the same on every executor, with koffi and without, and freed when they should be. */

import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inspect, promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  executorIds,
  SharedBytes,
  SharedBytesReleasedError,
  taskModule,
  TaskTransferError,
} from '#dist/executors/index.js'
import type * as taskFunctions from '../fixtures/executors/shared-bytes.mjs'
import { held } from '../fixtures/executors/shared-bytes.mjs'
import { collect, folder, open, rejection, tasks, until, untilExists } from './support.ts'

const execute = promisify(execFile)
const fixtureUrl = (name: string): URL => new URL(`../fixtures/executors/${name}`, import.meta.url)
const fixture = (name: string): string => fileURLToPath(fixtureUrl(name))
const sharedTasks = taskModule<typeof taskFunctions>(fixtureUrl('shared-bytes.mjs'))
const withoutKoffi = ['--require', fixture('without-koffi.cjs')]

/** Where processes can share memory; koffi is a development dependency, so there it must be. */
const describeShared = describe.skipIf(process.platform !== 'linux')
const nothing = { mappings: 0, descriptors: 0 }

function allocate(byteLength: number, value = 0): SharedBytes {
  const shared = SharedBytes.allocate(byteLength)
  shared.bytes.fill(value)
  onTestFinished(() => shared.release())
  return shared
}

async function print(...args: string[]): Promise<unknown> {
  return JSON.parse((await execute(process.execPath, args)).stdout) as unknown
}

describe('SharedBytes', () => {
  it.each([
    [0, RangeError],
    [-1, RangeError],
    [2 ** 32, RangeError],
    [1.5, TypeError],
    ['1', TypeError],
    [undefined, TypeError],
  ])('cannot be %o bytes', (byteLength, error) => {
    expect(() => SharedBytes.allocate(byteLength as number)).toThrow(error)
  })

  it('say what they are', () => {
    const shared = allocate(3)
    expect(shared.bytes).toStrictEqual(new Uint8Array(3))
    expect(shared.bytes).toBe(shared.bytes)
    expect(inspect(shared)).toBe('SharedBytes { byteLength: 3, copiedBecause: null }')
  })

  it('cannot be used after their release, and be released again', () => {
    let shared: SharedBytes
    {
      using scoped = SharedBytes.allocate(3)
      shared = scoped
      expect(shared.bytes).toHaveLength(3)
    }
    expect(() => shared.bytes).toThrow(SharedBytesReleasedError)
    expect(() => shared.bytes).toThrow(/3 bytes.*have been released/u)
    shared.release()
    expect(shared.byteLength).toBe(3)
  })

  it('say so where somebody else clones them', () => {
    const shared = allocate(3)
    expect(() => structuredClone({ shared })).toThrow(/tasks of an executor/u)
    expect(() => Object.entries(shared)).toThrow(/tasks of an executor/u)
  })
})

describe('a program over SharedBytes', () => {
  const host = fixture('shared-bytes-host.mjs')
  const expectedFirst = [100_000, 100_000, 0, 100_000, 200_000, 400_000 + 50 + 6 + 5 + 5, true, true, 3]
  const expectedOfMap = [300_000, 5, 300_000, 5]
  const expected = [
    ...expectedFirst,
    ...[0, 1, 2].flatMap((value) => [true, value, 50_000 * value, 450_000]),
    ...expectedOfMap,
    expect.stringMatching(/1 bytes.*have been released/u) as unknown,
    expect.stringMatching(/tasks of an executor/u) as unknown,
    // By reference: the task itself meets the error.
    expect.anything() as unknown,
  ]

  it.each(executorIds)('prints the same on %s, with koffi and without', async (id) => {
    expect(await print(host, id)).toStrictEqual(expected)
    expect(await print(...withoutKoffi, host, id)).toStrictEqual(expected)
  })
})

describeShared.each(['threads', 'processes'])('%s', (id) => {
  const isThreads = id === 'threads'

  it('has koffi, so that nothing here is left out unseen', () => {
    expect(createRequire(import.meta.url).resolve('koffi')).toContain('koffi')
    expect(allocate(1).copiedBecause).toBeNull()
  })

  it('shares the bytes: a task sees what is written later, and its caller what it writes', async () => {
    const executor = open(id, { maxWorkers: 1 })
    const shared = allocate(5000, 1)
    await executor.submit(sharedTasks.keep, { name: 'shared', shared })
    shared.bytes.fill(2)
    expect(await executor.submit(sharedTasks.useKept, 'shared')).toBe(10_000)
    await executor.submit(sharedTasks.writeKept, { name: 'shared', value: 3 })
    expect(shared.bytes.every((byte) => byte === 3)).toBe(true)
    expect(await executor.submit(sharedTasks.where, shared)).toBeNull()
  })

  it('frees them at once where nobody has them, and everywhere when the workers hear of it', async () => {
    const executor = open(id, { maxWorkers: 2 })
    expect(held()).toStrictEqual(nothing)
    const own = allocate(10_000)
    const lent = allocate(10_000)
    expect(held()).toStrictEqual({ mappings: 2, descriptors: 2 })
    await collect(
      executor.map(
        sharedTasks.sum,
        Array.from({ length: 20 }, () => lent),
      ),
    )
    own.release()
    expect(held()).toStrictEqual({ mappings: 1, descriptors: 1 })
    lent.release()
    await until(() => held().mappings === 0)
    expect(held()).toStrictEqual(nothing)
    for (const { pid } of executor.workers) expect(held(pid)).toStrictEqual(nothing)
  })

  it('lets a task go on with what is released meanwhile', async () => {
    const executor = open(id, { maxWorkers: 1, tasksInFlightPerWorker: 2 })
    const path = join(folder(), 'gate')
    const shared = allocate(10_000, 1)
    const future = executor.submit(sharedTasks.sumAtGate, { shared, path })
    await untilExists(`${path}.started`)
    shared.release()
    // The worker has heard of the release by the time of the result that follows.
    expect(await executor.submit(tasks.double, 2)).toBe(4)
    expect(held().mappings).toBe(1)
    writeFileSync(`${path}.open`, '')
    expect(await future).toBe(10_000)
    await until(() => held().mappings === 0)
    for (const { pid } of executor.workers) expect(held(pid)).toStrictEqual(nothing)
  })

  it('frees what a lost worker had', async () => {
    const executor = open(id, { maxWorkers: 1 })
    const shared = allocate(10_000, 1)
    await executor.submit(sharedTasks.keep, { name: 'shared', shared })
    await rejection(executor.submit(tasks.exit, 1))
    expect(await executor.submit(sharedTasks.sum, shared)).toBe(10_000)
    await executor.terminate()
    shared.release()
    expect(held()).toStrictEqual(nothing)
  })

  it('frees what a cancelled task used, when its worker is gone', async () => {
    const executor = open(id, { maxWorkers: 1 })
    const path = join(folder(), 'gate')
    const shared = allocate(10_000, 1)
    const controller = new AbortController()
    const future = executor.submit(sharedTasks.sumAtGate, { shared, path }, { signal: controller.signal })
    await untilExists(`${path}.started`)
    shared.release()
    controller.abort()
    await rejection(future)
    await until(() => held().mappings === 0)
    expect(held()).toStrictEqual(nothing)
  })

  it('rejects a task whose bytes were released before it was sent', async () => {
    const executor = open(id, { maxWorkers: 1 })
    const shared = allocate(10)
    shared.release()
    const error = await rejection(executor.submit(sharedTasks.sumOfParts, parts(shared)))
    expect(error).toBeInstanceOf(TaskTransferError)
    expect(error).toMatchObject({ path: 'input.parts.get("shared")', phase: 'input' })
    expect((error as Error).message).toContain('have been released')
  })

  it('still names what cannot be cloned', async () => {
    const executor = open(id, { maxWorkers: 1 })
    const shared = allocate(10)
    const input = { ...parts(shared), callback: () => {} }
    expect(await rejection(executor.submit(sharedTasks.sumOfParts, input))).toMatchObject({
      path: 'input.callback',
    })
    expect(await rejection(executor.submit(sharedTasks.withFunction, shared))).toMatchObject({
      path: 'result.callback',
    })
  })

  it('tells descriptions from data that looks like one', async () => {
    const executor = open(id, { maxWorkers: 1 })
    const shared = allocate(10)
    const lookAlike = { 'boundby:SharedBytes': ['x', ['mapped', 'id', 10, 1, 3, 1n]] }
    const output = (await executor.submit(tasks.echo, [shared, lookAlike])) as unknown[]
    expect(output[0]).toBe(shared)
    expect(output[1]).toStrictEqual(lookAlike)
  })

  it('puts them back wherever they were in a value', async () => {
    const executor = open(id, { maxWorkers: 1 })
    const shared = allocate(10)
    const cyclic: { self?: unknown; shared: SharedBytes } = { shared }
    cyclic.self = cyclic
    const sparse: unknown[] = []
    sparse[3] = shared
    const input = {
      cyclic,
      sparse,
      keys: new Map([[shared, { deep: [shared] }]]),
      set: new Set<unknown>(['first', shared, Number.NaN]),
      error: new Error('with a cause', { cause: shared }),
    }
    const output = (await executor.submit(tasks.echo, input)) as typeof input
    expect(output.cyclic.self).toBe(output.cyclic)
    expect(output.cyclic.shared).toBe(shared)
    expect(Object.keys(output.sparse)).toStrictEqual(['3'])
    expect(output.sparse[3]).toBe(shared)
    expect(output.keys.get(shared)?.deep[0]).toBe(shared)
    expect([...output.set]).toStrictEqual(['first', shared, Number.NaN])
    expect(output.error.cause).toBe(shared)
  })

  it('takes them in the input of an initializer', async () => {
    const shared = allocate(10, 2)
    const executor = open(id, {
      maxWorkers: 1,
      initializer: sharedTasks.keep,
      initializerInput: { name: 'initial', shared },
    })
    expect(await executor.submit(sharedTasks.useKept, 'initial')).toBe(20)
  })

  it('survives being sent ahead and taken back', async () => {
    const executor = open(id, { maxWorkers: 2 })
    const several = Array.from({ length: 5 }, (_, index) => allocate(100, index))
    const futures = Array.from({ length: 600 }, (_, index) => {
      const shared = several[index % 5] as SharedBytes
      return executor.submit(sharedTasks.sumSometimesSlowly, { shared, isSlow: index % 97 === 0 })
    })
    for (const [index, sum] of (await Promise.all(futures)).entries()) expect(sum).toBe(100 * (index % 5))
    for (const shared of several) shared.release()
    await until(() => held().mappings === 0)
    for (const { pid } of executor.workers) expect(held(pid)).toStrictEqual(nothing)
  })

  it.each(['threads', 'processes'])('lets a worker pass them on to its own %s', async (inner) => {
    const executor = open(id, { maxWorkers: 1 })
    const shared = allocate(10, 1)
    expect(await executor.submit(sharedTasks.passOn, { id: inner, shared })).toStrictEqual([true, 20, 30])
    expect(shared.bytes[9]).toBe(2)
    shared.release()
    await until(() => held().mappings === 0)
  })

  it('takes over what a task has made, and keeps it when its worker is gone', async () => {
    const executor = open(id, { maxWorkers: 1 })
    const made = await executor.submit(sharedTasks.make, { byteLength: 70_000, value: 4 })
    onTestFinished(() => made.release())
    // A thread could be ended before it gives memory back.
    expect(made.copiedBecause).toEqual(isThreads ? expect.stringContaining('worker thread') : null)
    await executor.terminate()
    expect(made.bytes.every((byte) => byte === 4)).toBe(true)
    made.release()
    expect(held()).toStrictEqual(nothing)
  })
})

function parts(shared: SharedBytes): { parts: Map<string, SharedBytes>; again: Set<SharedBytes> } {
  return { parts: new Map([['shared', shared]]), again: new Set() }
}

describeShared('a process without koffi', () => {
  it('reads a copy, and gives it back', async () => {
    const executor = open('processes', { maxWorkers: 1, execArgv: withoutKoffi })
    const shared = allocate(70_000, 1)
    expect(await executor.submit(sharedTasks.where, shared)).toContain('koffi is not installed')
    expect(await executor.submit(sharedTasks.sum, shared)).toBe(70_000)
    const { same } = await executor.submit(sharedTasks.fill, { shared, value: 2 })
    expect(same).toBe(shared)
    expect(shared.bytes.every((byte) => byte === 2)).toBe(true)
    const made = await executor.submit(sharedTasks.make, { byteLength: 10, value: 4 })
    expect(made.bytes).toStrictEqual(new Uint8Array(10).fill(4))
    made.release()
  })
})
