/** How the pools share tasks out to workers, and when workers come and go. */

import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { TaskCancelledError } from '#dist/executors/index.js'
import { collect, folder, open, rejection, tasks, until, untilExists } from './support.ts'

describe.each(['threads', 'processes'])('%s', (id) => {
  const identity = id === 'threads' ? 'threadId' : 'pid'

  it.each([{ maxWorkers: 1025 }, { tasksInFlightPerWorker: 0 }])('rejects the options %o', (options) => {
    expect(() => open(id, options)).toThrow(RangeError)
  })

  it.each([
    { tasksInFlightPerWorker: 1.5 },
    { env: 'x' as never },
    { execArgv: 'x' as never },
    { onWorkerLost: 'ignore' as never },
  ])('rejects the options %o', (options) => {
    expect(() => open(id, options)).toThrow(TypeError)
  })

  it('starts workers on demand, and prefers idle ones', async () => {
    const executor = open(id, { maxWorkers: 3 })
    const path = join(folder(), 'gate')
    const first = await executor.submit(tasks.where)
    expect(await executor.submit(tasks.where)).toStrictEqual(first)
    expect(executor.workers).toHaveLength(1)
    const running = executor.submit(tasks.gate, path)
    await untilExists(`${path}.started`)
    const second = await executor.submit(tasks.where)
    expect(second[identity]).not.toBe(first[identity])
    expect(executor.workers).toHaveLength(2)
    writeFileSync(`${path}.open`, '')
    await running
  })

  it('starts all workers on warmUp, and no more than maxWorkers ever', async () => {
    const executor = open(id, { maxWorkers: 2 })
    await executor.warmUp()
    expect(executor.workers).toHaveLength(2)
    const seen = await collect(executor.map(tasks.where, Array<undefined>(200).fill(undefined)))
    expect(new Set(seen.map((worker) => worker[identity])).size).toBeLessThanOrEqual(2)
    expect(executor.workers).toHaveLength(2)
  })

  it('replaces a worker after maxTasksPerWorker inputs', async () => {
    const executor = open(id, { maxWorkers: 1, maxTasksPerWorker: 2 })
    const seen: number[] = []
    for (let index = 0; index < 4; index++) seen.push((await executor.submit(tasks.where))[identity])
    expect(seen[1]).toBe(seen[0])
    expect(seen[3]).toBe(seen[2])
    expect(seen[2]).not.toBe(seen[0])
    const chunked = await collect(
      executor.map(tasks.where, Array<undefined>(4).fill(undefined), { chunkSize: 2 }),
    )
    expect(new Set(chunked.map((worker) => worker[identity])).size).toBe(2)
  })

  it('gives a worker as many tasks at once as told', async () => {
    const executor = open(id, { maxWorkers: 1, tasksInFlightPerWorker: 3 })
    const path = join(folder(), 'gate')
    const running = [0, 1, 2, 3].map((index) => executor.submit(tasks.gate, `${path}${index}`))
    await Promise.all([0, 1, 2].map((index) => untilExists(`${path}${index}.started`)))
    expect(executor.workers).toHaveLength(1)
    expect(existsSync(`${path}3.started`)).toBe(false)
    for (const index of [0, 1, 2, 3]) writeFileSync(`${path}${index}.open`, '')
    await Promise.all(running)
  })

  it('spreads tasks over workers before it doubles them up', async () => {
    const executor = open(id, { maxWorkers: 2, tasksInFlightPerWorker: 2 })
    await executor.warmUp()
    const path = join(folder(), 'gate')
    const running = executor.submit(tasks.gate, path)
    await untilExists(`${path}.started`)
    const [one, other] = await Promise.all([executor.submit(tasks.where), executor.submit(tasks.where)])
    writeFileSync(`${path}.open`, '')
    await running
    const gated = executor.workers.filter((worker) => worker[identity] !== one[identity])
    expect(gated).toHaveLength(1)
    expect([one[identity], gated[0]?.[identity]]).toContain(other[identity])
  })

  it('cancels one of several tasks of a worker without harm to the others', async () => {
    const executor = open(id, { maxWorkers: 1, tasksInFlightPerWorker: 2 })
    const path = join(folder(), 'gate')
    const controller = new AbortController()
    const { [identity]: before } = await executor.submit(tasks.where)
    const innocent = executor.submit(tasks.gate, `${path}0`)
    const cancelled = executor.submit(tasks.gate, `${path}1`, { signal: controller.signal })
    await Promise.all([untilExists(`${path}0.started`), untilExists(`${path}1.started`)])
    controller.abort()
    await expect(cancelled).rejects.toBeInstanceOf(TaskCancelledError)
    const next = executor.submit(tasks.where)
    writeFileSync(`${path}0.open`, '')
    await expect(innocent).resolves.toBe(`${path}0`)
    expect((await next)[identity]).not.toBe(before)
  })

  it('gives workers an environment, arguments and a folder as documented', async () => {
    const executor = open(id, { maxWorkers: 1 })
    process.env['BOUNDBY_INHERITED'] = 'yes'
    const { env, argv, cwd } = await executor.submit(tasks.surroundings)
    delete process.env['BOUNDBY_INHERITED']
    expect(env).toMatchObject({ BOUNDBY_INHERITED: 'yes' })
    expect(argv).toStrictEqual([])
    expect(cwd).toBe(process.cwd())
    await executor.submit(tasks.setEnvironment, 'BOUNDBY_CHANGED')
    expect(process.env['BOUNDBY_CHANGED']).toBeUndefined()
    const own = open(id, { maxWorkers: 1, env: { ONLY: 'this' }, execArgv: ['--no-deprecation'] })
    const surroundings = await own.submit(tasks.surroundings)
    expect(surroundings).toMatchObject({ env: { ONLY: 'this' }, execArgv: ['--no-deprecation'] })
    expect(surroundings.env['PATH']).toBeUndefined()
  })

  it('shuts down while its workers start', async () => {
    const executor = open(id, { maxWorkers: 2 })
    const warm = executor.warmUp()
    const settled = warm.then(
      () => 'warm',
      () => 'shut down',
    )
    await executor.shutdown()
    expect(await settled).toBe('shut down')
    expect(executor.workers).toStrictEqual([])
    const terminated = open(id, { maxWorkers: 2 })
    const future = terminated.submit(tasks.double, 1)
    await terminated.terminate()
    await expect(future).rejects.toBeInstanceOf(TaskCancelledError)
    expect(terminated.workers).toStrictEqual([])
  })

  it('ends workers at any moment of their start', async () => {
    for (let turns = 0; turns < 20; turns++) {
      const executor = open(id, { maxWorkers: 2 })
      const futures = [1, 2].map((input) => executor.submit(tasks.double, input))
      const settled = Promise.allSettled(futures)
      for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setTimeout(resolve, 2))
      await executor.terminate()
      await settled
      expect(executor.workers).toStrictEqual([])
    }
  })

  it('drops an input once it is on its way', async () => {
    setFlagsFromString('--expose-gc')
    const collectGarbage = runInNewContext('gc') as () => void
    const executor = open(id, { maxWorkers: 1 })
    const path = join(folder(), 'gate')
    const submitted = (() => {
      const input = Object.assign([path], { ballast: [1, 2, 3] })
      return { dropped: new WeakRef(input), future: executor.submit(tasks.gateOf, input) }
    })()
    await untilExists(`${path}.started`)
    await until(() => {
      collectGarbage()
      return submitted.dropped.deref() === undefined
    })
    writeFileSync(`${path}.open`, '')
    await submitted.future
  })

  it('reports a listener that throws to the program, and goes on', async () => {
    const executor = open(id, { maxWorkers: 1 })
    const uncaught: unknown[] = []
    const others = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException')
    process.on('uncaughtException', (error) => uncaught.push(error))
    executor.once('task', () => {
      throw new Error('from a listener')
    })
    await executor.submit(tasks.double, 1)
    await expect(executor.submit(tasks.double, 2)).resolves.toBe(4)
    await until(() => uncaught.length === 1)
    process.removeAllListeners('uncaughtException')
    for (const listener of others) process.on('uncaughtException', listener)
  })

  it('cancels the rest of a chunk that could not be cloned', async () => {
    const executor = open(id, { maxWorkers: 1 })
    const controller = new AbortController()
    const outputs = collect(
      executor.map(tasks.echo, [() => {}, 1, 2], { chunkSize: 3, signal: controller.signal }),
    )
    controller.abort()
    expect(await rejection(outputs)).toBeInstanceOf(TaskCancelledError)
  })
})
