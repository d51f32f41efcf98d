/** Task references, and what the compiler knows of them. */

import { describe, expect, expectTypeOf, it } from 'vitest'
import { taskModule, taskRef } from '#dist/executors/index.js'
import type { Executor, Future, TaskReference } from '#dist/executors/index.js'

interface ExampleModule {
  count: (range: { from: number; to: number }) => number
  load: (path: string) => Promise<Uint8Array>
  now: () => number
  maybe: (limit?: number) => string
  two: (one: number, other: number) => number
  constant: number
}

/** Only for the compiler: it is never called. */
function useTasks(executor: Executor): void {
  const tasks = taskModule<ExampleModule>('file:///tasks.mjs')
  expectTypeOf(executor.submit(tasks.count, { from: 1, to: 2 })).toEqualTypeOf<Future<number>>()
  expectTypeOf(executor.submit(tasks.load, 'path')).toEqualTypeOf<Future<Uint8Array>>()
  expectTypeOf(executor.submit(tasks.now)).toEqualTypeOf<Future<number>>()
  expectTypeOf(executor.submit(tasks.maybe)).toEqualTypeOf<Future<string>>()
  expectTypeOf(executor.map(tasks.load, ['a'])).toExtend<AsyncIterable<Uint8Array>>()
  // @ts-expect-error: the input is missing
  void executor.submit(tasks.count)
  // @ts-expect-error: the input is of another type
  void executor.submit(tasks.load, 1)
  // @ts-expect-error: one of the inputs is of another type
  executor.map(tasks.load, [1])
}

describe('references', () => {
  it('name a module and an export, and are the same each time', () => {
    const tasks = taskModule<ExampleModule>('file:///tasks.mjs')
    expect(tasks.count).toStrictEqual({ url: 'file:///tasks.mjs', exportName: 'count' })
    expect(tasks.count).toBe(tasks.count)
    expect(taskRef<ExampleModule['now']>(new URL('file:///tasks.mjs'), 'now')).toStrictEqual({
      url: 'file:///tasks.mjs',
      exportName: 'now',
    })
    expect(() => taskRef<() => void>('./tasks.mjs', 'x')).toThrow(TypeError)
    expect(() => taskModule<ExampleModule>('tasks.mjs')).toThrow(TypeError)
  })

  it('carry the types of input and output', () => {
    const tasks = taskModule<ExampleModule>('file:///tasks.mjs')
    expectTypeOf(tasks.count).toEqualTypeOf<TaskReference<{ from: number; to: number }, number>>()
    expectTypeOf(tasks.load).toEqualTypeOf<TaskReference<string, Uint8Array>>()
    expectTypeOf(tasks.now).toEqualTypeOf<TaskReference<unknown, number>>()
    expectTypeOf<keyof typeof tasks>().toEqualTypeOf<'count' | 'load' | 'now' | 'maybe'>()
  })

  it('make submit and map take what the task takes', () => {
    expect(useTasks).toBeTypeOf('function')
  })
})
