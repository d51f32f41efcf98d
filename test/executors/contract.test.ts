/** The executors' contract, row by row, on every executor of the registry. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { platform } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { getEventListeners } from 'node:events'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  BrokenExecutorError,
  createExecutor,
  executorIds,
  ExecutorError,
  ExecutorShutdownError,
  executorTraits,
  NestedSubmitError,
  QueueFullError,
  TaskCancelledError,
  taskModule,
  TaskNotFoundError,
  taskRef,
  TaskTransferError,
} from '#dist/executors/index.js'
import type { TaskTrace } from '#dist/executors/index.js'
import * as inProcessTasks from '../fixtures/executors/tasks.mjs'
import { collect, folder, open, rejection, tasks, tasksUrl, until, untilExists } from './support.ts'

const pools = new Set(['threads', 'processes'])

/** Values that structured clone keeps, and the check that it did. */
function values(): unknown {
  const shared = new ArrayBuffer(16)
  const circular: Record<string, unknown> = { name: 'circular' }
  circular['self'] = circular
  const sparse: unknown[] = [1]
  sparse[3] = 4
  return {
    numbers: [0, -0, Number.NaN, Infinity, 2n ** 70n, -1n],
    nothing: [undefined, null],
    text: ['', 'ascii', 'ünï', '😀', '\ud800'],
    map: new Map<unknown, unknown>([[{ key: 1 }, new Set([1, 'a'])]]),
    date: new Date(0),
    invalidDate: new Date(Number.NaN),
    expression: /a+/giu,
    bytes: new Uint8Array(shared, 2, 3).fill(9),
    view: new DataView(shared, 8),
    floats: new Float64Array([1.5, -0]),
    boxed: [Object(1n), new Boolean(false), new String('s'), new Number(1)],
    circular,
    sparse,
    error: new TypeError('kept', { cause: new Error('cause') }),
  }
}

function* numbers(): Generator<number> {
  for (let index = 0; index < 50; index++) yield index
}

async function* later(): AsyncGenerator<number> {
  for (const number of numbers()) yield await Promise.resolve(number)
}

function* breaking(): Generator<number> {
  yield 1
  yield 2
  throw new RangeError('source')
}

/** Whether an error is one of ours; what says that it cannot be told is not. */
function isOurs(error: unknown): boolean {
  try {
    return error instanceof ExecutorError
  } catch {
    return false
  }
}

describe.each(executorIds)('%s', (id) => {
  const isPool = pools.has(id)

  describe('arguments', () => {
    it.each([
      [{ maxWorkers: 1.5 }, TypeError],
      [{ maxWorkers: '2' as never }, TypeError],
      [{ maxWorkers: Number.NaN }, TypeError],
      [{ maxWorkers: Infinity }, TypeError],
      [{ maxWorkers: 0 }, RangeError],
      [{ maxWorkers: -1 }, RangeError],
      [{ maxWorkers: 65_537 }, RangeError],
      [{ maxTasksPerWorker: 0 }, RangeError],
      [{ maxTasksPerWorker: 1.5 }, TypeError],
      [{ maxQueue: -1 }, RangeError],
      [{ initializer: 'x' as never }, TypeError],
    ])('rejects the options %o', (options, error) => {
      expect(() => createExecutor(id, options)).toThrow(error)
    })

    it('starts nothing at construction', () => {
      const executor = createExecutor(id)
      expect(executor.workers).toHaveLength(isPool ? 0 : 1)
    })

    it.each([undefined, null, {}, 'double', { url: 1, exportName: 'double' }])(
      'rejects %o as a task, and does not throw',
      async (task) => {
        await expect(open(id).submit(task as never, 1 as never)).rejects.toBeInstanceOf(TypeError)
      },
    )

    it('rejects a signal that is no signal', async () => {
      await expect(open(id).submit(tasks.double, 1, { signal: {} as never })).rejects.toBeInstanceOf(
        TypeError,
      )
    })

    it.each([
      [0, RangeError],
      [1.5, TypeError],
    ])('rejects a chunkSize of %o', (chunkSize, error) => {
      expect(() => open(id).map(tasks.double, [1], { chunkSize })).toThrow(error)
    })
  })

  it.each([5, null, {}])('rejects %o as the inputs of a map', (inputs) => {
    expect(() => open(id).map(tasks.double, inputs as never)).toThrow(TypeError)
  })

  describe('values', () => {
    it('keeps values as structured clone does', async () => {
      const executor = open(id, { maxWorkers: 1 })
      const output = (await executor.submit(tasks.echo, values())) as Record<string, unknown>
      expect(output).toStrictEqual(structuredClone(values()))
      const { circular, sparse, bytes, view, error } = output as {
        circular: { self: unknown }
        sparse: unknown[]
        bytes: Uint8Array
        view: DataView
        error: Error
      }
      expect(circular.self).toBe(circular)
      expect(1 in sparse).toBe(false)
      expect(bytes.buffer).toBe(view.buffer)
      expect(error).toBeInstanceOf(TypeError)
      expect(error.cause).toMatchObject({ message: 'cause' })
    })

    it('gives undefined for a task that returns nothing', async () => {
      await expect(open(id, { maxWorkers: 1 }).submit(tasks.nothing)).resolves.toBeUndefined()
    })

    it(isPool ? 'works on a copy of the input' : 'works on the very input', async () => {
      const input: [{ touched?: boolean }] = [{}]
      await open(id, { maxWorkers: 1 }).submit(tasks.touch, input)
      expect(input[0].touched).toBe(isPool ? undefined : true)
    })

    it.runIf(id === 'threads')('moves what is transferred', async () => {
      const buffer = new ArrayBuffer(32)
      const size = open(id, { maxWorkers: 1 }).submit(tasks.sizeOf, buffer, { transfer: [buffer] })
      await expect(size).resolves.toBe(32)
      expect(buffer.byteLength).toBe(0)
    })

    it.runIf(isPool)('says where an input cannot be cloned, and goes on', async () => {
      const executor = open(id, { maxWorkers: 1 })
      const before = await executor.submit(tasks.where)
      const error = await rejection(executor.submit(tasks.echo, { items: [0, 1, 2, { callback: () => {} }] }))
      expect(error).toBeInstanceOf(TaskTransferError)
      expect(error).toMatchObject({
        code: 'ERR_TASK_TRANSFER',
        phase: 'input',
        path: 'input.items[3].callback',
      })
      await expect(executor.submit(tasks.where)).resolves.toStrictEqual(before)
    })

    it.runIf(isPool)('says where an output cannot be cloned, and goes on', async () => {
      const executor = open(id, { maxWorkers: 1 })
      const before = await executor.submit(tasks.where)
      const error = await rejection(executor.submit(tasks.uncloneableOutput))
      expect(error).toBeInstanceOf(TaskTransferError)
      expect(error).toMatchObject({ phase: 'result', path: 'result.items[1].callback' })
      await expect(executor.submit(tasks.where)).resolves.toStrictEqual(before)
    })
  })

  describe('errors', () => {
    it.each(['fail', 'failLater'] as const)('carries what %s throws', async (name) => {
      const executor = open(id, { maxWorkers: 1 })
      const error = (await rejection(executor.submit(tasks[name], 'custom'))) as Error
      expect(error).toBeInstanceOf(TypeError)
      expect(error).not.toBeInstanceOf(ExecutorError)
      expect(error).toMatchObject({ name: 'CustomError', message: 'custom', detail: { at: [1, 2] } })
      expect(error.stack).toContain('tasks.mjs')
      expect(error.cause).toBeInstanceOf(RangeError)
      expect(error.cause).toMatchObject({ message: 'inner', cause: 'root' })
    })

    it('carries aggregates, DOM exceptions and circles', async () => {
      const executor = open(id, { maxWorkers: 1 })
      const aggregate = await rejection(executor.submit(tasks.fail, 'aggregate'))
      expect(aggregate).toBeInstanceOf(AggregateError)
      expect(aggregate).toMatchObject({ message: 'both', errors: [{ message: 'one' }, 2] })
      const stopped = await rejection(executor.submit(tasks.fail, 'dom'))
      expect(stopped).toBeInstanceOf(DOMException)
      expect(stopped).toMatchObject({ name: 'AbortError', message: 'stopped' })
      const circular = (await rejection(executor.submit(tasks.fail, 'circular'))) as Error
      expect(circular.cause).toBe(circular)
    })

    it('survives hostile errors', async () => {
      const executor = open(id, { maxWorkers: 1 })
      for (const kind of ['hostile', 'proxy', 'impostor'])
        expect(isOurs(await rejection(executor.submit(tasks.fail, kind)))).toBe(kind === 'proxy' && isPool)
      await expect(executor.submit(tasks.hostileThenable)).rejects.toBeInstanceOf(EvalError)
      await expect(executor.submit(tasks.double, 4)).resolves.toBe(8)
    })

    it.each([
      ['null', null],
      ['undefined', undefined],
      ['zero', 0],
      ['empty', ''],
      ['false', false],
      ['nan', Number.NaN],
      ['plain', { reason: 'plain' }],
    ])('rejects with exactly what was thrown: %s', async (kind, value) => {
      expect(await rejection(open(id, { maxWorkers: 1 }).submit(tasks.fail, kind))).toStrictEqual(value)
    })

    it.runIf(isPool)('says so if what was thrown cannot be cloned', async () => {
      const executor = open(id, { maxWorkers: 1 })
      for (const kind of ['function', 'symbol'])
        expect(await rejection(executor.submit(tasks.fail, kind))).toMatchObject({
          name: 'TaskTransferError',
          phase: 'error',
        })
    })

    it('tells a missing export and a missing module, and goes on', async () => {
      const executor = open(id, { maxWorkers: 1 })
      const missing = taskModule<{ absent: () => void }>(tasksUrl).absent
      const nowhere = taskRef<() => void>(new URL('./absent.mjs', import.meta.url), 'absent')
      for (const task of [missing, nowhere]) {
        const error = await rejection(executor.submit(task))
        expect(error).toBeInstanceOf(TaskNotFoundError)
        expect(error).toMatchObject({ code: 'ERR_TASK_NOT_FOUND' })
      }
      await expect(executor.submit(tasks.double, 1)).resolves.toBe(2)
    })
  })

  describe('order', () => {
    it('starts tasks in the order submitted, signals or not', async () => {
      const executor = open(id, { maxWorkers: 1 })
      const path = join(folder(), 'order')
      const { signal } = new AbortController()
      const order: number[] = []
      await executor.submit(tasks.mark, path)
      await Promise.all(
        Array.from({ length: 20 }, async (_, index) => {
          await executor.submit(tasks.double, index, index % 3 === 0 ? { signal } : {})
          order.push(index)
        }),
      )
      expect(order).toStrictEqual(Array.from({ length: 20 }, (_, index) => index))
    })
  })

  describe('map', () => {
    it.each([1, 2, 3, 100])('yields in input order, chunkSize %i', async (chunkSize) => {
      const inputs = Array.from({ length: 10 }, (_, index) => index)
      const outputs = await collect(open(id, { maxWorkers: 2 }).map(tasks.double, inputs, { chunkSize }))
      expect(outputs).toStrictEqual(inputs.map((input) => input * 2))
    })

    it('takes no inputs, generators and async generators', async () => {
      const executor = open(id, { maxWorkers: 2 })
      const expected = [...numbers()].map((number) => number * 2)
      expect(await collect(executor.map(tasks.double, []))).toStrictEqual([])
      expect(await collect(executor.map(tasks.double, numbers(), { chunkSize: 3 }))).toStrictEqual(expected)
      expect(await collect(executor.map(tasks.double, later(), { chunkSize: 3 }))).toStrictEqual(expected)
    })

    it.each([1, 4])('rejects with the error of the lowest index, chunkSize %i', async (chunkSize) => {
      const outputs: number[] = []
      const error = await rejection(
        (async () => {
          for await (const output of open(id, { maxWorkers: 2 }).map(tasks.failIfOdd, [0, 2, 3, 5, 4, 7], {
            chunkSize,
          }))
            outputs.push(output)
        })(),
      )
      expect(outputs).toStrictEqual([0, 2])
      expect(error).toMatchObject({ message: 'odd 3' })
    })

    it('reads a generator at most 4 × workers × chunkSize ahead', async () => {
      const executor = open(id, { maxWorkers: 2 })
      const ahead = 4 * executor.maxWorkers * 3
      let read = 0
      let closed = false
      function* endless(): Generator<number> {
        try {
          for (;;) yield read++
        } finally {
          closed = true
        }
      }
      let yielded = 0
      for await (const _ of executor.map(tasks.double, endless(), { chunkSize: 3 })) {
        yielded++
        expect(read - yielded).toBeLessThanOrEqual(ahead)
        if (yielded === 100) break
      }
      expect(closed).toBe(true)
    })

    it("rejects with the source's own error after the outputs before it", async () => {
      const outputs: number[] = []
      const error = await rejection(
        (async () => {
          for await (const output of open(id, { maxWorkers: 2 }).map(tasks.double, breaking(), {
            chunkSize: 5,
          }))
            outputs.push(output)
        })(),
      )
      expect(outputs).toStrictEqual([2, 4])
      expect(error).toMatchObject({ message: 'source' })
    })

    it('cancels what has not started when left early', async () => {
      const executor = open(id, { maxWorkers: 1 })
      const path = join(folder(), 'gate')
      const inputs = Array.from({ length: 2000 }, () => `${path}.mark`)
      for await (const _ of executor.map(tasks.mark, inputs)) break
      await executor.shutdown()
      expect(readFileSync(`${path}.mark`, 'utf8').length).toBeLessThan(2000)
    })

    it.runIf(isPool)('fails only the inputs of a chunk that cannot be cloned', async () => {
      const executor = open(id, { maxWorkers: 1 })
      const inputs = [1, 2, () => {}, 4]
      const outputs: unknown[] = []
      const error = await rejection(
        (async () => {
          for await (const output of executor.map(tasks.echo, inputs, { chunkSize: 4 })) outputs.push(output)
        })(),
      )
      expect(outputs).toStrictEqual([1, 2])
      expect(error).toBeInstanceOf(TaskTransferError)
    })
  })

  describe('cancellation', () => {
    it('rejects a task whose signal is aborted already', async () => {
      const reason = new Error('why')
      const error = await rejection(open(id).submit(tasks.double, 1, { signal: AbortSignal.abort(reason) }))
      expect(error).toBeInstanceOf(TaskCancelledError)
      expect(error).toMatchObject({ name: 'AbortError', code: 'ABORT_ERR' })
      expect((error as Error).cause).toBe(reason)
    })

    it('never starts a pending task', async () => {
      const executor = open(id, { maxWorkers: 1 })
      const path = join(folder(), 'gate')
      const controller = new AbortController()
      const running = executor.submit(tasks.gate, path)
      const pending = executor.submit(tasks.mark, `${path}.mark`, { signal: controller.signal })
      await untilExists(`${path}.started`)
      controller.abort()
      await expect(pending).rejects.toBeInstanceOf(TaskCancelledError)
      writeFileSync(`${path}.open`, '')
      await running
      await executor.shutdown()
      expect(existsSync(`${path}.mark`)).toBe(false)
    })

    it('rejects a running task at once, and goes on', async () => {
      const executor = open(id, { maxWorkers: 1 })
      const path = join(folder(), 'gate')
      const controller = new AbortController()
      const running = executor.submit(tasks.gate, path, { signal: controller.signal })
      await untilExists(`${path}.started`)
      controller.abort('enough')
      expect(await rejection(running)).toMatchObject({ name: 'AbortError', cause: 'enough' })
      const next = executor.submit(tasks.mark, `${path}.next`)
      if (!isPool) {
        await new Promise((resolve) => setImmediate(resolve))
        expect(existsSync(`${path}.next`)).toBe(false)
        writeFileSync(`${path}.open`, '')
      }
      await next
      expect(existsSync(`${path}.ended`)).toBe(!isPool)
    })

    it.runIf(isPool)('ends a task that never yields', async () => {
      const executor = open(id, { maxWorkers: 1 })
      const path = join(folder(), 'spin')
      const controller = new AbortController()
      const running = executor.submit(tasks.spin, path, { signal: controller.signal })
      await untilExists(`${path}.started`)
      controller.abort()
      await expect(running).rejects.toBeInstanceOf(TaskCancelledError)
      await expect(executor.submit(tasks.double, 1)).resolves.toBe(2)
    })

    it('listens to a signal once, and stops listening', async () => {
      const executor = open(id, { maxWorkers: 1 })
      const { signal } = new AbortController()
      const futures = Array.from({ length: 50 }, (_, input) =>
        executor.submit(tasks.double, input, { signal }),
      )
      const mapped = collect(executor.map(tasks.double, [1, 2, 3], { signal }))
      expect(getEventListeners(signal, 'abort')).toHaveLength(1)
      await Promise.all([...futures, mapped])
      expect(getEventListeners(signal, 'abort')).toHaveLength(0)
    })

    it('cancels a map by its signal', async () => {
      const executor = open(id, { maxWorkers: 1 })
      const path = join(folder(), 'gate')
      const controller = new AbortController()
      const outputs = collect(executor.map(tasks.gate, [path, path], { signal: controller.signal }))
      await untilExists(`${path}.started`)
      controller.abort()
      await expect(outputs).rejects.toBeInstanceOf(TaskCancelledError)
      writeFileSync(`${path}.open`, '')
    })
  })

  describe('initializer', () => {
    it('runs before the first task', async () => {
      const executor = open(id, {
        maxWorkers: 1,
        initializer: tasks.initialize,
        initializerInput: `for ${id}`,
      })
      await expect(executor.submit(tasks.initializedWith)).resolves.toBe(`for ${id}`)
    })

    it('breaks the executor if it throws', async () => {
      const executor = open(id, { maxWorkers: 2, initializer: tasks.initializeBadly })
      const futures = [executor.submit(tasks.double, 1), executor.submit(tasks.double, 2)]
      for (const future of futures) {
        const error = await rejection(future)
        expect(error).toBeInstanceOf(BrokenExecutorError)
        expect(error).toMatchObject({ code: 'ERR_EXECUTOR_BROKEN' })
        expect((error as Error).cause).toMatchObject({ name: 'RangeError', message: 'bad start' })
      }
      await expect(executor.submit(tasks.double, 3)).rejects.toBeInstanceOf(BrokenExecutorError)
      await expect(executor.warmUp()).rejects.toBeInstanceOf(BrokenExecutorError)
      await executor.shutdown()
      if (isPool) expect(executor.workers).toStrictEqual([])
    })
  })

  describe('back-pressure', () => {
    it('rejects beyond maxQueue, and map waits instead', async () => {
      const executor = open(id, { maxWorkers: 1, maxQueue: 2 })
      const path = join(folder(), 'gate')
      const accepted = [path, path, path].map((input) => executor.submit(tasks.gate, input))
      const refused = await rejection(executor.submit(tasks.gate, path))
      expect(refused).toBeInstanceOf(QueueFullError)
      expect(refused).toMatchObject({ code: 'ERR_QUEUE_FULL' })
      const mapped = collect(executor.map(tasks.double, [1, 2, 3, 4, 5, 6, 7, 8, 9]))
      writeFileSync(`${path}.open`, '')
      await Promise.all(accepted)
      expect(await mapped).toHaveLength(9)
      await expect(executor.submit(tasks.double, 1)).resolves.toBe(2)
    })
  })

  describe('the end', () => {
    it('waits for what it has, refuses what comes', async () => {
      const executor = open(id, { maxWorkers: 1 })
      const futures = [1, 2, 3].map((input) => executor.submit(tasks.double, input))
      const end = executor.shutdown()
      await expect(executor.submit(tasks.double, 4)).rejects.toBeInstanceOf(ExecutorShutdownError)
      await expect(collect(executor.map(tasks.double, [1]))).rejects.toMatchObject({
        code: 'ERR_EXECUTOR_SHUTDOWN',
      })
      await expect(executor.warmUp()).rejects.toBeInstanceOf(ExecutorShutdownError)
      await end
      expect(await Promise.all(futures)).toStrictEqual([2, 4, 6])
      await Promise.all([
        executor.shutdown(),
        executor.shutdown({ cancelPending: true }),
        executor.terminate(),
      ])
      if (isPool) expect(executor.workers).toStrictEqual([])
    })

    it('cancels what is pending when told to, also later', async () => {
      const executor = open(id, { maxWorkers: 1 })
      const path = join(folder(), 'gate')
      const running = executor.submit(tasks.gate, path)
      // Nobody keeps this one's promise: its rejection must not be reported.
      void executor.submit(tasks.double, 0)
      const pending = executor.submit(tasks.double, 1)
      await untilExists(`${path}.started`)
      const end = executor.shutdown()
      const escalated = executor.shutdown({ cancelPending: true })
      const error = await rejection(pending)
      expect(error).toBeInstanceOf(TaskCancelledError)
      expect((error as Error).cause).toBeInstanceOf(ExecutorShutdownError)
      writeFileSync(`${path}.open`, '')
      await Promise.all([end, escalated])
      await expect(running).resolves.toBe(path)
    })

    it('terminates what runs', async () => {
      const executor = open(id, { maxWorkers: 1 })
      const path = join(folder(), 'gate')
      const running = executor.submit(tasks.gate, path)
      void executor.submit(tasks.gate, path)
      await untilExists(`${path}.started`)
      const ended = executor.terminate()
      const error = await rejection(running)
      expect(error).toBeInstanceOf(TaskCancelledError)
      expect((error as Error).cause).toBeInstanceOf(ExecutorShutdownError)
      await ended
      if (isPool) expect(executor.workers).toStrictEqual([])
      writeFileSync(`${path}.open`, '')
    })

    it('ends before it began', async () => {
      const executor = open(id)
      await executor.shutdown()
      await executor.terminate()
    })

    it("is an async disposable, and lets the body's own error through", async () => {
      const error = await rejection(
        (async () => {
          await using executor = createExecutor(id, id === 'serial' ? {} : { maxWorkers: 1 })
          await executor.submit(tasks.double, 1)
          throw new RangeError('from the body')
        })(),
      )
      expect(error).toMatchObject({ name: 'RangeError', message: 'from the body' })
    })
  })

  describe('nesting', () => {
    it.runIf(id === 'serial' || id === 'event-loop')(
      'refuses a submit that would wait for itself',
      async () => {
        const executor = open(id, { maxWorkers: 1 })
        inProcessTasks.setOuter(executor as never)
        onTestFinished(() => inProcessTasks.setOuter(undefined))
        const error = await rejection(executor.submit(tasks.submitToOuter, tasks.double))
        expect(error).toBeInstanceOf(NestedSubmitError)
        expect(error).toMatchObject({ code: 'ERR_NESTED_SUBMIT' })
        await expect(executor.submit(tasks.double, 1)).resolves.toBe(2)
      },
    )

    it.runIf(id === 'event-loop')('allows it where there is room', async () => {
      const executor = open(id, { maxWorkers: 2 })
      inProcessTasks.setOuter(executor as never)
      onTestFinished(() => inProcessTasks.setOuter(undefined))
      await expect(executor.submit(tasks.submitToOuter, tasks.double)).resolves.toBe(42)
    })

    it('lets a task use an executor of its own', async () => {
      const executors = import.meta.resolve('#dist/executors/index.js')
      const output = open(id, { maxWorkers: 1 }).submit(tasks.useOwnExecutor, {
        executors,
        tasks: tasksUrl.href,
      })
      await expect(output).resolves.toBe(42)
    })
  })

  describe('traces', () => {
    it('tells when each task was queued, started, ended and settled', async () => {
      const executor = open(id, { maxWorkers: 1 })
      const traces: TaskTrace[] = []
      await executor.submit(tasks.double, 0)
      executor.on('task', (trace) => traces.push(trace))
      await executor.submit(tasks.double, 1)
      await rejection(executor.submit(tasks.fail, 'null'))
      await collect(executor.map(tasks.failIfOdd, [0, 2], { chunkSize: 2 }))
      await until(() => traces.length === 4)
      expect(traces.map(({ exportName, outcome }) => [exportName, outcome])).toStrictEqual([
        ['double', 'fulfilled'],
        ['fail', 'rejected'],
        ['failIfOdd', 'fulfilled'],
        ['failIfOdd', 'fulfilled'],
      ])
      for (const { queuedAtNs, startedAtNs, endedAtNs, settledAtNs, worker } of traces) {
        expect(queuedAtNs <= startedAtNs && startedAtNs <= endedAtNs && endedAtNs <= settledAtNs).toBe(true)
        expect(executor.workers).toContainEqual(worker)
      }
      // The calling thread can ask for itself.
      const isCounted = platform() === 'linux' && executorTraits(id).maxWorkersCounts === 'workers'
      for (const { cpuNs, runQueueNs } of traces)
        expect([typeof cpuNs, typeof runQueueNs]).toStrictEqual(
          isCounted ? ['bigint', 'bigint'] : ['object', 'object'],
        )
    })
  })

  it('imports a task from a data: URL', async () => {
    const url = `data:text/javascript,${encodeURIComponent('export const three = () => 3')}`
    await expect(open(id, { maxWorkers: 1 }).submit(taskRef<() => number>(url, 'three'))).resolves.toBe(3)
    expect(pathToFileURL('/').href).toBe('file:///')
  })
})
