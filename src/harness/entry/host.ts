/**
 * A host: the child process in which a workload is set up, or in which one executor is measured, so that whatever
 * a task does (exit, hang, leak) ends this process and nothing else.
 */

import { once } from 'node:events'
import { performance } from 'node:perf_hooks'
import { setImmediate as immediate } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Executor, TaskTrace } from '../../executors/executor.ts'
import { endsWithParent } from '../../executors/parent-death.ts'
import { createExecutor, executorTraits } from '../../executors/registry.ts'
import type * as driverModule from '../python/driver-process.ts'
import type { DriverProcess } from '../python/driver-process.ts'
import { pythonKind } from '../python/executors.ts'
import { twinFunctions } from '../python/twin.ts'
import { checksumOf as checksumOfOne, exportsOf, loadFunction } from '../../workloads/function.ts'
import { describe, loadWorkload } from '../../workloads/load.ts'
import type { LoadedWorkload } from '../../workloads/load.ts'
import { prepareAccounting } from '../accounting.ts'
import { checksumOf } from '../checksum-of.ts'
import { crossingsOf } from '../crossing.ts'
import { measureDispatch } from '../dispatch-cost.ts'
import type { DispatchCost } from '../dispatch-cost.ts'
import { shareBuffers } from '../inputs.ts'
import { measureMakespan } from '../measure.ts'
import { mostTasksTimed, observeMakespan } from '../observe.ts'
import { inputsPayload, submissionsOf } from '../submissions.ts'
import type { OpenExecutor } from '../submissions.ts'
import { tooLongTask } from '../commands.ts'
import type {
  HostCommand,
  HostCommands,
  HostMessage,
  HostRequest,
  Measurement,
  TaskLimit,
  TaskSource,
} from '../commands.ts'
import { CellFailure, toCellFailure } from '../cell-error.ts'
import { measureWake } from '../wake-cost.ts'
import { timeYardstick, warmUpYardstick } from '../yardstick.ts'

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
let open: OpenExecutor | undefined
/** In place of an executor: CPython's are measured inside Python, and this process only hands over and checks. */
let python: DriverProcess | undefined
let dispatch: DispatchCost | undefined
let inputs: readonly unknown[] = []
/** The last makespan of these inputs. */
let lastMs = 0

function post(message: HostMessage): void {
  send?.(message, () => {
    // A parent that has gone away is told by `disconnect`.
  })
}

async function load({ bundleUrl, called }: TaskSource, file?: string): Promise<LoadedWorkload> {
  loaded ??= await (called === undefined ? loadWorkload(bundleUrl, file) : loadFunction(bundleUrl, called))
  return loaded
}

function need<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new Error(`${what} comes first`)
  return value
}

/** Tells the harness of each task that ends; returns how to stop, which throws if a task took too long. */
function watchTasks(watched: Executor, limit: TaskLimit): () => void {
  let lastBeatMs = performance.now()
  let longestNs = 0n
  const onTask = ({ startedAtNs, endedAtNs }: TaskTrace): void => {
    if (endedAtNs - startedAtNs > longestNs) longestNs = endedAtNs - startedAtNs
    const nowMs = performance.now()
    if (nowMs - lastBeatMs < beatIntervalMs) return
    lastBeatMs = nowMs
    post({ beat: true })
  }
  watched.on('task', onTask)
  return () => {
    watched.off('task', onTask)
    if (Number(longestNs) / 1e6 > limit.limitMs)
      throw new CellFailure({ name: 'TimeoutError', message: tooLongTask(limit) }, false)
  }
}

/** A task may spin and never see that the harness has died; this thread does, and leaves a second for a teardown. */
async function watchForParent(): Promise<void> {
  const thread = new Worker(new URL('../../executors/entry/watchdog.cjs', import.meta.url), {
    execArgv: [],
    env: {},
    argv: [],
  })
  thread.unref()
  await once(thread, 'online')
}

/** Tasks on this thread are timed one by one only where looking at the clock takes next to nothing of them. */
const shortestTimedMs = 0.05
const areTimed = (tasks: number): boolean => tasks <= mostTasksTimed && lastMs / tasks >= shortestTimedMs

/** Not loaded where Node is measured: its validation takes memory. */
const loadDriver = (): Promise<typeof driverModule> => import('../python/driver-process.ts')

async function openPython({ executor, workers, twin }: HostCommands['open']['parameters']): Promise<void> {
  const { task } = need(loaded, 'load')
  const { python: interpreter, file } = need(twin, 'a twin')
  const { DriverProcess: Driver } = await loadDriver()
  const target = {
    python: interpreter,
    twin: file,
    functions: twinFunctions(task.exportName),
    kind: pythonKind(executor) ?? 'serial',
    workers: workers ?? 1,
  }
  python = await Driver.open(target, () => post({ beat: true }))
}

async function measureInPython(driver: DriverProcess, watch: TaskLimit | null): Promise<Measurement> {
  const { makespanMs, longestMs, workerProcesses, outputs } = await driver.measure(watch !== null)
  if (watch !== null && longestMs > watch.limitMs)
    throw new CellFailure({ name: 'TimeoutError', message: tooLongTask(watch) }, false)
  const checksum = checksumOf(need(loaded, 'load'), outputs)
  return { makespanMs, checksum, ...(workerProcesses === null ? {} : { workerProcesses }) }
}

async function measureInNode(watch: TaskLimit | null): Promise<Measurement> {
  const workload = need(loaded, 'load')
  const target = need(open, 'open')
  const endWatch = watch === null ? undefined : watchTasks(target.executor, watch)
  const { makespanMs, outputs } = await measureMakespan(submissionsOf(workload, target, inputs))
  lastMs = makespanMs
  // Traces are told a little later than results.
  if (endWatch !== undefined) await immediate()
  endWatch?.()
  return { makespanMs, checksum: checksumOf(workload, outputs) }
}

const handlers: Handlers = {
  async describe({ bundleUrl, file }) {
    return describe((await load({ bundleUrl }, file)).workload)
  },

  exports: ({ bundleUrl, file }) => exportsOf(bundleUrl, file),

  async call({ bundleUrl, called }) {
    const { workload } = await load({ bundleUrl, called })
    const [input] = called.inputs
    const before = checksumOfOne(input)
    const startMs = performance.now()
    const output: unknown = await workload.task(input as never)
    const elapsedMs = performance.now() - startMs
    return { elapsedMs, checksum: checksumOfOne(output), keepsInput: checksumOfOne(input) === before }
  },

  async setup(source) {
    const { workload } = await load(source)
    resources = await workload.setup?.()
    owesTeardown = true
    return resources
  },

  async teardown() {
    if (owesTeardown) await loaded?.workload.teardown?.(resources)
    owesTeardown = false
    return null
  },

  async load({ runsTwin = false, ...source }) {
    await Promise.all([load(source), runsTwin ? loadDriver() : null])
    return null
  },

  async open(parameters) {
    resources = parameters.resources
    warmUpYardstick()
    const startMs = performance.now()
    if (parameters.twin !== undefined) {
      await openPython(parameters)
      return { startupMs: performance.now() - startMs }
    }
    const created = createExecutor(parameters.executor, {
      ...(parameters.workers === null ? {} : { maxWorkers: parameters.workers }),
      tasksInFlightPerWorker: parameters.tasksInFlightPerWorker,
    })
    await created.warmUp()
    open = { id: parameters.executor, executor: created }
    return { startupMs: performance.now() - startMs }
  },

  async prepare({ size }) {
    const { workload } = need(loaded, 'load')
    const made = workload.inputs(size, resources) as unknown
    if (!Array.isArray(made) || made.length === 0)
      throw new TypeError(`\`inputs(${size})\` must return an array with at least one input`)
    lastMs = 0
    if (python !== undefined) {
      await python.prepare(made)
      return { tasks: made.length }
    }
    const { id } = need(open, 'open')
    inputs = workload.transfer === 'share' && executorTraits(id).sharesMemory ? shareBuffers(made) : made
    return { tasks: inputs.length }
  },

  async measure({ watch }) {
    const beforeMs = timeYardstick()
    const measurement = await (python === undefined ? measureInNode(watch) : measureInPython(python, watch))
    return { ...measurement, yardstickMs: beforeMs + timeYardstick() }
  },

  async observe({ watch, watchesLoop }) {
    const workload = need(loaded, 'load')
    const target = need(open, 'open')
    dispatch ??= await measureDispatch(target.executor)
    const endWatch = watch === null ? undefined : watchTasks(target.executor, watch)
    const counts = executorTraits(target.id).maxWorkersCounts
    const { makespanMs, outputs, observation, times } = await observeMakespan({
      executor: target.executor,
      submissions: submissionsOf(workload, target, inputs),
      isPool: counts === 'workers',
      watchesLoop,
      tracesTasks: counts === 'workers' || (counts === 'nothing' && areTimed(inputs.length)),
      inputs: inputsPayload(workload, target, inputs),
      dispatch,
    })
    endWatch?.()
    lastMs = makespanMs
    const { transfer } = workload.workload
    const crossings = counts === 'nothing' ? { crossings: crossingsOf(inputs, outputs, transfer) } : {}
    return {
      makespanMs,
      observation: { ...observation, ...crossings },
      times,
      checksum: checksumOf(workload, outputs),
    }
  },

  async measureWake() {
    return { wakeMs: await measureWake() }
  },

  async close() {
    await open?.executor.shutdown()
    await python?.close()
    return null
  },
}

async function answer({ id, command, parameters }: HostRequest): Promise<void> {
  try {
    // Online before anything of the author's runs, and before anything is timed.
    await watchdog
    post({ id, answer: await handlers[command](parameters as never) })
  } catch (error) {
    const { cellError, hostLost } = toCellFailure(error)
    post({ id, error: cellError, lost: hostLost })
  }
}

// In this order: threads are known by when they began.
prepareAccounting()
// The kernel does it where it can: a thread takes longer to start than all else here.
const watchdog = endsWithParent() ? null : watchForParent()

process.on('message', (request: HostRequest) => void answer(request))
process.on('disconnect', () => {
  // However long it takes, unless the harness has died.
  void handlers.teardown({}).then(exit, exit)
})
