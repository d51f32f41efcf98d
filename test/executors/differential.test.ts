/** Any program of submits, maps, aborts and shutdowns ends as a plain model of the contract says, on every executor. */

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createExecutor, executorIds } from '#dist/executors/index.js'
import { collect, tasks } from './support.ts'

type Step =
  | { readonly kind: 'submit'; readonly input: number }
  | { readonly kind: 'abort'; readonly input: number }
  | { readonly kind: 'map'; readonly inputs: readonly number[]; readonly chunkSize: number }
  | { readonly kind: 'shutdown'; readonly cancelPending: boolean }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('submit' as const), input: fc.nat({ max: 9 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('abort' as const), input: fc.nat({ max: 9 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('map' as const),
      inputs: fc.array(fc.nat({ max: 9 }), { maxLength: 6 }),
      chunkSize: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('shutdown' as const), cancelPending: fc.boolean() }),
  },
)

/** How one step ended: outputs, then what it was rejected with. */
interface Ending {
  readonly outputs: readonly number[]
  readonly error: string | null
}

/** What `failIfOdd` gives for inputs, one after the other. */
function modelOutputs(inputs: readonly number[]): Ending {
  const odd = inputs.findIndex((input) => input % 2 === 1)
  if (odd < 0) return { outputs: inputs, error: null }
  return { outputs: inputs.slice(0, odd), error: `odd ${inputs[odd]}` }
}

/**
 * The contract, run in the head: all steps happen at once, before any task could start, so a task is pending when it
 * is aborted, and when a shutdown cancels what is pending.
 */
function model(program: readonly Step[]): Ending[] {
  const shutdown = program.findIndex(({ kind }) => kind === 'shutdown')
  const cancel = program.findLastIndex((one) => one.kind === 'shutdown' && one.cancelPending)
  return program.map((one, index) => {
    if (one.kind === 'shutdown') return { outputs: [], error: null }
    const isLate = shutdown >= 0 && index > shutdown
    if (one.kind === 'map' && one.inputs.length === 0) return { outputs: [], error: null }
    if (isLate) return { outputs: [], error: 'ERR_EXECUTOR_SHUTDOWN' }
    if (one.kind === 'abort' || cancel > index) return { outputs: [], error: 'ABORT_ERR' }
    return modelOutputs(one.kind === 'map' ? one.inputs : [one.input])
  })
}

function describeError(error: unknown): string {
  const { code, message } = error as { code?: string; message: string }
  return code ?? message
}

async function ending(outputs: AsyncIterable<number>): Promise<Ending> {
  const seen: number[] = []
  try {
    for await (const output of outputs) seen.push(output)
    return { outputs: seen, error: null }
  } catch (error) {
    return { outputs: seen, error: describeError(error) }
  }
}

async function* single(future: Promise<number>): AsyncGenerator<number> {
  yield await future
}

async function runProgram(id: string, maxWorkers: number, program: readonly Step[]): Promise<Ending[]> {
  const executor = createExecutor(id, id === 'serial' ? {} : { maxWorkers })
  const endings = program.map((current): Promise<Ending> => {
    if (current.kind === 'submit') return ending(single(executor.submit(tasks.failIfOdd, current.input)))
    if (current.kind === 'map')
      return ending(executor.map(tasks.failIfOdd, current.inputs, { chunkSize: current.chunkSize }))
    if (current.kind === 'shutdown')
      return executor
        .shutdown({ cancelPending: current.cancelPending })
        .then(() => ({ outputs: [], error: null }))
    const controller = new AbortController()
    const aborted = ending(
      single(executor.submit(tasks.failIfOdd, current.input, { signal: controller.signal })),
    )
    controller.abort()
    return aborted
  })
  const all = await Promise.all(endings)
  await executor.shutdown()
  return all
}

describe.each(executorIds)('%s', (id) => {
  // A pool costs its workers' start each time; the programs are as random, there are only fewer.
  const numRuns = id === 'serial' || id === 'event-loop' ? 200 : 15

  it('does what the model does', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 2 }),
        async (program, maxWorkers) => {
          expect(await runProgram(id, maxWorkers, program)).toStrictEqual(model(program))
        },
      ),
      { numRuns },
    )
  })

  it('gives the same outputs for any chunkSize and any way of reading', async () => {
    const executor = createExecutor(id, id === 'serial' ? {} : { maxWorkers: 2 })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer(), { maxLength: 40 }),
        fc.integer({ min: 1, max: 50 }),
        fc.constantFrom('array', 'sync', 'async'),
        async (inputs, chunkSize, reading) => {
          const source =
            reading === 'array' ? inputs : reading === 'sync' ? inputs.values() : asyncValues(inputs)
          const outputs = await collect(executor.map(tasks.echo, source, { chunkSize }))
          expect(outputs).toStrictEqual(inputs)
        },
      ),
      { numRuns: 60 },
    )
    await executor.shutdown()
  })
})

async function* asyncValues<Value>(values: readonly Value[]): AsyncGenerator<Value> {
  for (const value of values) yield await Promise.resolve(value)
}
