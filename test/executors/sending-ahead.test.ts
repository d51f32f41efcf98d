/** Small tasks are sent to workers that are busy; what the contract promises holds all the same. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { TaskCancelledError, WorkerLostError } from '#dist/executors/index.js'
import type { Executor, TaskTrace } from '#dist/executors/index.js'
import { TaskProfile } from '#dist/executors/task-profile.js'
import { collect, folder, open, rejection, tasks, until, untilExists } from './support.ts'

/** Makes the pool expect little of both tasks, so that it sends them ahead. */
async function measure(executor: Executor, path: string): Promise<void> {
  await executor.warmUp()
  for (let round = 0; round < 20; round++)
    await Promise.all(
      Array.from({ length: 20 }, () => [
        executor.submit(tasks.holdUp, null),
        executor.submit(tasks.mark, `${path}.measured`),
      ]).flat(),
    )
}

describe.each(['threads', 'processes'])('%s', (id) => {
  it('gives what waits behind a long task to an idle worker', async () => {
    const executor = open(id, { maxWorkers: 2 })
    const path = join(folder(), 'gate')
    await measure(executor, path)
    const long = executor.submit(tasks.holdUp, path)
    const small = Array.from({ length: 60 }, () => executor.submit(tasks.holdUp, null))
    // All of them while the long one holds its worker up.
    expect(await Promise.all(small)).toHaveLength(60)
    expect(existsSync(`${path}.open`)).toBe(false)
    writeFileSync(`${path}.open`, '')
    await expect(long).resolves.toBe(path)
  })

  it('never starts what is cancelled while it waits at a worker, and harms no other', async () => {
    const executor = open(id, { maxWorkers: 1 })
    const path = join(folder(), 'gate')
    await measure(executor, path)
    const controller = new AbortController()
    const long = executor.submit(tasks.holdUp, path)
    const before = executor.submit(tasks.mark, `${path}.before`)
    const cancelled = [1, 2].map(() =>
      executor.submit(tasks.mark, `${path}.cancelled`, { signal: controller.signal }),
    )
    const after = executor.submit(tasks.mark, `${path}.after`)
    await untilExists(`${path}.started`)
    controller.abort('enough')
    for (const future of cancelled) {
      const error = await rejection(future)
      expect(error).toBeInstanceOf(TaskCancelledError)
      expect(error).toMatchObject({ cause: 'enough' })
    }
    writeFileSync(`${path}.open`, '')
    await Promise.all([long, before, after])
    await executor.shutdown()
    expect(existsSync(`${path}.cancelled`)).toBe(false)
    expect(readFileSync(`${path}.after`, 'utf8')).toHaveLength(1)
  })

  it('ends only what runs when a running task is cancelled', async () => {
    const executor = open(id, { maxWorkers: 1 })
    const path = join(folder(), 'gate')
    await measure(executor, path)
    const controller = new AbortController()
    const long = executor.submit(tasks.holdUp, path, { signal: controller.signal })
    const waiting = Array.from({ length: 20 }, () => executor.submit(tasks.mark, `${path}.mark`))
    await untilExists(`${path}.started`)
    controller.abort()
    await expect(long).rejects.toBeInstanceOf(TaskCancelledError)
    await Promise.all(waiting)
    expect(readFileSync(`${path}.mark`, 'utf8')).toHaveLength(20)
  })

  it('cancels what waits at a worker on a shutdown that says so', async () => {
    const executor = open(id, { maxWorkers: 1 })
    const path = join(folder(), 'gate')
    await measure(executor, path)
    const long = executor.submit(tasks.holdUp, path)
    const waiting = [1, 2, 3].map(() => executor.submit(tasks.mark, `${path}.mark`))
    await untilExists(`${path}.started`)
    const end = executor.shutdown({ cancelPending: true })
    for (const future of waiting) expect(await rejection(future)).toBeInstanceOf(TaskCancelledError)
    writeFileSync(`${path}.open`, '')
    await expect(long).resolves.toBe(path)
    await end
    expect(existsSync(`${path}.mark`)).toBe(false)
  })

  it('loses only what had started when a worker dies', async () => {
    const executor = open(id, { maxWorkers: 1 })
    const path = join(folder(), 'gate')
    await measure(executor, path)
    const ids = join(folder(), 'ids')
    for (let index = 0; index < 200; index++)
      await executor.submit(tasks.crashSometimes, { path: ids, id: index, dies: false })
    const futures = Array.from({ length: 40 }, (_, index) =>
      executor.submit(tasks.crashSometimes, { path: ids, id: 1000 + index, dies: index === 7 }),
    )
    const settled = await Promise.allSettled(futures)
    for (const [index, each] of settled.entries())
      if (index === 7) expect((each as PromiseRejectedResult).reason).toBeInstanceOf(WorkerLostError)
      else expect(each).toMatchObject({ value: 1000 + index })
    const ran = readFileSync(ids, 'utf8').trimEnd().split('\n')
    expect(ran).toHaveLength(240)
    expect(new Set(ran).size).toBe(240)
  })

  it('replaces a worker after maxTasksPerWorker, however much is sent ahead', async () => {
    const executor = open(id, { maxWorkers: 1, maxTasksPerWorker: 50 })
    const traces: TaskTrace[] = []
    executor.on('task', (trace) => traces.push(trace))
    await Promise.all(Array.from({ length: 120 }, () => executor.submit(tasks.double, 1)))
    await until(() => traces.length === 120)
    const counts = new Map<string, number>()
    for (const { worker } of traces) {
      const key = `${worker.pid} ${worker.threadId}`
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
    expect([...counts.values()]).toStrictEqual([50, 50, 20])
  })

  it('tells the real start of a task that waited at its worker', async () => {
    const executor = open(id, { maxWorkers: 1 })
    const path = join(folder(), 'gate')
    await measure(executor, path)
    const traces: TaskTrace[] = []
    executor.on('task', (trace) => traces.push(trace))
    const futures = [path, null, null].map((input) => executor.submit(tasks.holdUp, input))
    await untilExists(`${path}.started`)
    writeFileSync(`${path}.open`, '')
    await Promise.all(futures)
    await until(() => traces.length === 3)
    for (let index = 1; index < 3; index++)
      expect(traces[index]?.startedAtNs).toBeGreaterThanOrEqual(traces[index - 1]?.endedAtNs ?? 0n)
  })

  it('maps in chunks of its own, in order, and withdraws the rest when left', async () => {
    const executor = open(id, { maxWorkers: 2 })
    const inputs = Array.from({ length: 20_000 }, (_, index) => index)
    const expected = inputs.map((input) => input * 2)
    expect(await collect(executor.map(tasks.double, inputs))).toStrictEqual(expected)
    expect(await collect(executor.map(tasks.double, inputs.values()))).toStrictEqual(expected)
    const path = join(folder(), 'mark')
    for await (const _ of executor.map(
      tasks.mark,
      Array.from({ length: 100_000 }, () => path),
    ))
      break
    await executor.shutdown()
    expect(readFileSync(path, 'utf8').length).toBeLessThan(100_000)
  })

  it('rejects a map with the error of the lowest index, whatever the chunks', async () => {
    const executor = open(id, { maxWorkers: 2 })
    await collect(
      executor.map(
        tasks.failIfOdd,
        Array.from({ length: 3000 }, () => 2),
      ),
    )
    const outputs: number[] = []
    const inputs = Array.from({ length: 3000 }, (_, index) => (index >= 1500 ? index : 2))
    const error = await rejection(
      (async () => {
        for await (const output of executor.map(tasks.failIfOdd, inputs)) outputs.push(output)
      })(),
    )
    expect(error).toMatchObject({ message: 'odd 1501' })
    expect(outputs).toHaveLength(1501)
  })
})

describe('a chunk of a map', () => {
  const reference = { url: 'file:///tasks.mjs', exportName: 'double' }

  it('is one input until a task has been measured', () => {
    expect(new TaskProfile(0, reference).chunkSize(10_000, 2)).toBe(1)
  })

  it.each([
    [10, 10_000, 1],
    [0.15, 10_000, 2],
    [0.001, 10_000, 300],
    [0, 1_000_000, 1024],
    [0.001, 100, 25],
    [0.001, 1, 1],
  ])('for tasks of %d ms with %d left is %d', (inputMs, left, size) => {
    const profile = new TaskProfile(0, reference)
    profile.note(inputMs)
    expect(profile.chunkSize(left, 2)).toBe(size)
  })

  it('follows the measurements, and ignores what is none', () => {
    const profile = new TaskProfile(0, reference)
    for (const inputMs of [100, 1, 1, 1, 1, 1, 1, 1, 1, Number.NaN, -1]) profile.note(inputMs)
    expect(profile.inputMs).toBeGreaterThan(1)
    expect(profile.inputMs).toBeLessThan(2)
  })
})
