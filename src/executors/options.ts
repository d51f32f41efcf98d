/** Checks arguments, with the same sentence for the same mistake on every executor. */

import { inspect } from 'node:util'
import type { ExecutorOptions, MapOptions, PoolExecutorOptions, SubmitOptions } from './executor.ts'
import type { TaskReference } from './task.ts'

/** Workers that one pool may have; far beyond what a machine can use, and below what would exhaust it. */
export const maxPoolWorkers = 1024
/** Tasks that one event loop may be told to have in flight; leaving `maxWorkers` out means no bound. */
export const maxTasksInFlight = 65_536

function received(value: unknown): string {
  return inspect(value, { depth: 0, breakLength: Infinity })
}

/**
 * @throws TypeError if `value` is not a safe integer, RangeError if it is out of bounds.
 */
export function checkInteger(name: string, value: unknown, minimum: number, maximum = Infinity): void {
  if (typeof value !== 'number' || !Number.isSafeInteger(value))
    throw new TypeError(`\`${name}\` must be an integer, received ${received(value)}.`)
  if (value < minimum || value > maximum) {
    const bounds = maximum === Infinity ? `at least ${minimum}` : `from ${minimum} to ${maximum}`
    throw new RangeError(`\`${name}\` must be ${bounds}, received ${value}.`)
  }
}

function isReference(value: unknown): value is TaskReference<unknown, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'url' in value &&
    typeof value.url === 'string' &&
    'exportName' in value &&
    typeof value.exportName === 'string'
  )
}

/** @throws TypeError if `task` was not made by `taskRef` or `taskModule`. */
export function checkReference(name: string, task: unknown): void {
  if (!isReference(task))
    throw new TypeError(
      `\`${name}\` must be a task reference, received ${received(task)}. Make one with taskRef() or taskModule().`,
    )
}

function checkSignal(signal: unknown): void {
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw new TypeError(`\`signal\` must be an AbortSignal, received ${received(signal)}.`)
}

function checkObject(name: string, value: unknown): void {
  if (typeof value !== 'object' || value === null)
    throw new TypeError(`\`${name}\` must be an object, received ${received(value)}.`)
}

/** @throws TypeError */
export function checkSubmitOptions(options: SubmitOptions): void {
  checkObject('options', options)
  checkSignal(options.signal)
  if (options.transfer !== undefined && !Array.isArray(options.transfer))
    throw new TypeError(`\`transfer\` must be an array, received ${received(options.transfer)}.`)
}

/** @throws TypeError or RangeError */
export function checkMapOptions(options: MapOptions): void {
  checkObject('options', options)
  checkSignal(options.signal)
  if (options.chunkSize !== undefined) checkInteger('chunkSize', options.chunkSize, 1)
}

/** @throws TypeError if `inputs` cannot be iterated over. */
export function checkInputs(inputs: unknown): void {
  if (typeof inputs === 'string') return
  if (
    typeof inputs !== 'object' ||
    inputs === null ||
    !(Symbol.iterator in inputs || Symbol.asyncIterator in inputs)
  )
    throw new TypeError(`\`inputs\` must be an iterable or an async iterable, received ${received(inputs)}.`)
}

/**
 * What every executor checks at construction.
 * @throws TypeError or RangeError
 */
export function checkExecutorOptions(options: ExecutorOptions, maxWorkers: number): void {
  checkObject('options', options)
  if (options.maxWorkers !== undefined) checkInteger('maxWorkers', options.maxWorkers, 1, maxWorkers)
  if (options.maxTasksPerWorker !== undefined) checkInteger('maxTasksPerWorker', options.maxTasksPerWorker, 1)
  if (options.maxQueue !== undefined) checkInteger('maxQueue', options.maxQueue, 0)
  if (options.initializer !== undefined) checkReference('initializer', options.initializer)
}

/**
 * What the pools check besides.
 * @throws TypeError or RangeError
 */
export function checkPoolOptions(options: PoolExecutorOptions): void {
  const { tasksInFlightPerWorker, env, execArgv, onWorkerLost } = options
  if (tasksInFlightPerWorker !== undefined)
    checkInteger('tasksInFlightPerWorker', tasksInFlightPerWorker, 1, maxTasksInFlight)
  if (env !== undefined) checkObject('env', env)
  if (execArgv !== undefined && !Array.isArray(execArgv))
    throw new TypeError(`\`execArgv\` must be an array of strings, received ${received(execArgv)}.`)
  if (onWorkerLost !== undefined && onWorkerLost !== 'replace' && onWorkerLost !== 'break')
    throw new TypeError(`\`onWorkerLost\` must be 'replace' or 'break', received ${received(onWorkerLost)}.`)
}
