/** One function: what bounds it, from serial calls alone, and then a race of the executors in question. */

import { performance } from 'node:perf_hooks'
import { contendersFor, waitForOneAnother, workersToWait } from '../analysis/contenders.ts'
import { diagnose } from '../analysis/diagnosis.ts'
import { modelledExecutors } from '../analysis/model.ts'
import { serialRunOf } from '../analysis/predictions.ts'
import type { DiagnosedFunction } from '../analysis/diagnosed-function.ts'
import type { Result, RunOptions } from '../results/schema.ts'
import { seededRandom } from '../stats/random.ts'
import { armOpener } from './arm-host.ts'
import { calibrate, knownHosts, mostCalibrationShare } from './calibration.ts'
import { readEnvironment } from './environment.ts'
import type { FunctionRequest, TriedFunction } from './exported-function.ts'
import { tryFunction } from './exported-function.ts'
import type { CallProfile } from './probe.ts'
import { probe } from './probe.ts'
import { raceWorkloads } from './run.ts'
import type { RunContext } from './run.ts'
import { shownPath } from './shown-path.ts'
import { makeTemporaryFolder } from './temporary-folder.ts'

export interface DiagnoseRequest extends FunctionRequest {
  /** Null: those in question, as the diagnosis says. Serial is always among them. */
  readonly executors: readonly string[] | null
  readonly maxWorkers: readonly number[] | null
  readonly budgetMs: number
  readonly confidence: number
  readonly margin: number
  readonly seed: number
}

/** So many makespans of the slowest executor are a race of at least three launches, starting the executors included. */
const makespansPerRace = 40

/** The least that a look saw of it. */
const waitingForCore = (shares: CallProfile['shares']): number =>
  Math.min(...shares.map(({ runQueue }) => runQueue ?? 0))

const now = (): number => performance.now()

/** What is known of a function before any executor is raced. */
interface Probed {
  readonly tried: TriedFunction
  readonly profile: CallProfile
  readonly calls: number
}

async function probeFunction(
  request: DiagnoseRequest,
  shown: string,
  cores: number,
  { signal, listener }: RunContext,
): Promise<Probed> {
  const { inputs, budgetMs, timeoutMs } = request
  const folder = await makeTemporaryFolder()
  try {
    const { environment } = folder
    listener({ kind: 'stage', workload: shown, stage: 'setup' })
    const tried = await tryFunction(request, shown, { environment, signal })
    const { bundle, exportName, elapsedMs } = tried
    listener({ kind: 'stage', workload: exportName, stage: 'pilot' })
    let { calls } = tried
    const openArm = armOpener({
      source: { bundleUrl: bundle.url, called: { exportName, inputs } },
      tasksInFlightPerWorker: 1,
      resources: undefined,
      taskLimit: { limitMs: timeoutMs, setBy: '--timeout' },
      environment,
      onCalls: (more) => {
        calls += more
      },
      signal,
    })
    const host = await openArm({ executor: 'serial', workers: 1 })
    try {
      const longestMakespanMs = ((1 - mostCalibrationShare) * budgetMs) / makespansPerRace
      const profile = await probe({ host, elapsedMs, cores, inputs: inputs.length, longestMakespanMs, now })
      return { tried, profile, calls }
    } finally {
      await host.close()
    }
  } finally {
    await folder.remove()
  }
}

/** With which a race would have been run; always clearly more than was given, which did not do. */
export function budgetForRace(taskMs: number, inputs: number, givenMs: number): number {
  const racedMs = makespansPerRace * Math.max(2, inputs) * taskMs
  return Math.max(racedMs / (1 - mostCalibrationShare), 1.5 * givenMs)
}

/** Races the function as a workload of one size. */
function raceFunction(
  options: RunOptions,
  { bundle, exportName }: TriedFunction,
  inputs: readonly unknown[],
  tasks: number,
  context: RunContext,
): Promise<Result> {
  const workload = {
    name: exportName,
    summary: '',
    // Nobody has expected anything.
    expects: 'mixed' as const,
    sizes: [tasks],
    defaultSizes: [tasks],
    transfer: 'clone' as const,
    bundle,
    twin: null,
    called: { exportName, inputs },
  }
  return raceWorkloads(options, context, () => Promise.resolve([{ workload, sizes: [tasks] }]))
}

/**
 * Calls the function many times, in processes that end with it.
 * @throws UsageError for a module that cannot be loaded, or a function that is not there.
 * @throws CellFailure if the function throws, takes too long, or ends its process.
 */
export async function diagnoseFunction(
  request: DiagnoseRequest,
  context: RunContext,
): Promise<DiagnosedFunction> {
  const { inputs, budgetMs, timeoutMs, maxWorkers, confidence, margin, seed } = request
  const endMs = now() + budgetMs
  const cores = Math.max(1, Math.floor(readEnvironment().availableCores))
  const file = shownPath(request.file)
  const { tried, profile, calls } = await probeFunction(request, file, cores, context)
  const { taskMs, shares, yieldingShare, tasks } = profile
  const ownMs = taskMs * (1 - waitingForCore(shares))
  const seen = diagnose({ taskMs: ownMs, shares, movingMs: undefined })
  const isRaced = tasks > 1 && tasks * taskMs <= (2 * budgetMs) / makespansPerRace
  // All of them: what is not raced is predicted.
  await using hosts = await knownHosts()
  const calibration = await calibrate({
    executors: modelledExecutors,
    cores,
    budgetMs,
    openHosts: hosts.openHosts,
    random: seededRandom(seed),
    now,
    signal: context.signal,
  })
  const options: RunOptions = {
    files: [file],
    suite: 'default',
    executors: [...new Set(['serial', ...(request.executors ?? contendersFor(seen, yieldingShare, cores))])],
    maxWorkers: maxWorkers === null ? workersToWait(seen, tasks, cores) : [...maxWorkers],
    tasksInFlightPerWorker: 1,
    budgetMs: Math.max(1, endMs - now()),
    confidence,
    margin,
    seed,
    findCrossover: false,
    timeoutMs,
  }
  const known = calibration === undefined ? context : { ...context, calibration }
  const result = isRaced ? await raceFunction(options, tried, inputs, tasks, known) : null
  const movingMs = result?.diagnoses[0]?.movingMs
  const { exportName, parameters, isRepeatable, keepsInput } = tried
  const run = serialRunOf(result?.cells ?? [], exportName, tasks) ?? profile.run
  // What was measured here compares with what was measured here; what is typical is of an idle machine.
  const diagnosis = movingMs === undefined ? { ...seen, taskMs } : diagnose({ taskMs, shares, movingMs })
  return {
    file,
    exportName,
    inputs,
    parameters,
    isRepeatable,
    keepsInput,
    diagnosis,
    yieldingShare,
    tasks,
    cores,
    calls: calls + (result?.workloads?.[0]?.taskCalls ?? 0),
    result,
    forecastable:
      calibration === undefined || run === null
        ? null
        : {
            run,
            calibration,
            cores,
            refuted: waitForOneAnother(diagnosis, yieldingShare, result) ? ['event-loop'] : [],
          },
    budgetNeededMs: isRaced ? null : budgetForRace(taskMs, inputs.length, budgetMs),
  }
}
