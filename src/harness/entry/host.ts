/**
 * A host: the child process in which a workload is set up, or in which one executor is measured, so that whatever
 * a task does (exit, hang, leak) ends this process and nothing else.
 */

import { once } from 'node:events'
import { performance } from 'node:perf_hooks'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Executor } from '../../executors/executor.ts'
import { createExecutor } from '../../executors/index.ts'
import { stableChecksum } from '../../workloads/checksum.ts'
import { describe, loadWorkload } from '../../workloads/load.ts'
import type { LoadedWorkload } from '../../workloads/load.ts'
import { startAccount } from '../accounting.ts'
import { shareBuffers, transferableInputs } from '../inputs.ts'
import { measureMakespan } from '../measure.ts'
import type { HostCommand, HostCommands, HostMessage, HostRequest } from '../protocol.ts'
import { toRemoteError } from '../remote-error.ts'

type Handlers = {
  [Command in HostCommand]: (
    parameters: HostCommands[Command]['parameters'],
  ) => Promise<HostCommands[Command]['answer']>
}

const exit = (): never => process.exit(0)

/** Beats closer together than this say nothing new. */
const beatIntervalMs = 50

// Kept before a task can replace or close it.
const send = process.send?.bind(process)
if (send === undefined)
  throw new Error(`${pathToFileURL(process.argv[1] ?? '').href} is started by the harness`)

let loaded: LoadedWorkload | undefined
let resources: unknown
/** Only the host that ran `setup` owes a teardown. */
let owesTeardown = false
let executorId = ''
let executor: Executor | undefined
let inputs: readonly unknown[] = []

function post(message: HostMessage): void {
  send?.(message, () => {
    // A parent that has gone away is told by `disconnect`.
  })
}

async function load(bundleUrl: string, file?: string): Promise<LoadedWorkload> {
  loaded ??= await loadWorkload(bundleUrl, file)
  return loaded
}

function need<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new Error(`${what} comes first`)
  return value
}

function beat(): () => void {
  let lastMs = performance.now()
  return () => {
    const nowMs = performance.now()
    if (nowMs - lastMs < beatIntervalMs) return
    lastMs = nowMs
    post({ beat: true })
  }
}

/** One submission a task; buffers that are to be moved are copied here, outside the measurement. */
function submissions(workload: LoadedWorkload, target: Executor): (() => Promise<unknown>)[] {
  const submit = target.submit.bind(target) as (...args: unknown[]) => Promise<unknown>
  const { task } = workload
  if (workload.workload.transfer === 'transfer' && executorId === 'threads')
    return transferableInputs(inputs).map(
      ({ input, transfer }) =>
        () =>
          submit(task, input, { transfer }),
    )
  return inputs.map((input) => () => submit(task, input))
}

/** A task may spin and never see that the harness has died; this thread does. */
async function watchForParent(): Promise<void> {
  const watchdog = new Worker(new URL('../../executors/entry/watchdog.js', import.meta.url), {
    execArgv: [],
    env: {},
    argv: [],
  })
  watchdog.unref()
  await once(watchdog, 'online')
}

function checksumOf({ workload }: LoadedWorkload, outputs: readonly unknown[]): string {
  if (workload.checksum === undefined) return stableChecksum(outputs)
  const checksum: unknown = workload.checksum(outputs)
  if (typeof checksum === 'string') return checksum
  throw new TypeError(`\`checksum\` must return a string, not ${typeof checksum}`)
}

const handlers: Handlers = {
  async describe({ bundleUrl, file }) {
    return describe((await load(bundleUrl, file)).workload)
  },

  async setup({ bundleUrl }) {
    const { workload } = await load(bundleUrl)
    owesTeardown = true
    resources = await workload.setup?.()
    return resources
  },

  async teardown() {
    if (owesTeardown) await loaded?.workload.teardown?.(resources)
    owesTeardown = false
    return null
  },

  async load({ bundleUrl }) {
    // Online before anything is timed: its start would disturb that.
    await Promise.all([load(bundleUrl), watchForParent()])
    return null
  },

  async open(parameters) {
    resources = parameters.resources
    executorId = parameters.executor
    const startMs = performance.now()
    const created = createExecutor(parameters.executor, {
      ...(parameters.workers === null ? {} : { maxWorkers: parameters.workers }),
      tasksInFlightPerWorker: parameters.tasksInFlightPerWorker,
    })
    await created.warmUp()
    executor = created
    return { startupMs: performance.now() - startMs }
  },

  prepare({ size }) {
    const { workload } = need(loaded, 'open')
    const made = workload.inputs(size, resources) as unknown
    if (!Array.isArray(made) || made.length === 0)
      throw new TypeError(`\`inputs(${size})\` must return an array with at least one input`)
    inputs = workload.transfer === 'share' && executorId === 'threads' ? shareBuffers(made) : made
    return Promise.resolve({ tasks: inputs.length })
  },

  async measure({ watched }) {
    const workload = need(loaded, 'open')
    let submitted = submissions(workload, need(executor, 'open'))
    if (watched) {
      const onSettled = beat()
      submitted = submitted.map((submit) => () => {
        const future = submit()
        future.then(onSettled, onSettled)
        return future
      })
    }
    const account = startAccount()
    const { makespanMs, outputs } = await measureMakespan(submitted)
    const spent = account()
    return { makespanMs, spent, checksum: checksumOf(workload, outputs) }
  },

  async close() {
    await executor?.shutdown()
    return null
  },
}

async function answer({ id, command, parameters }: HostRequest): Promise<void> {
  try {
    post({ id, answer: await handlers[command](parameters as never) })
  } catch (error) {
    post({ id, error: toRemoteError(error) })
  }
}

process.on('message', (request: HostRequest) => void answer(request))
// The terminal sends Ctrl-C to the whole group; the harness decides what ends when.
process.on('SIGINT', () => {})
process.on('disconnect', () => {
  void handlers.teardown({}).then(exit, exit)
})
