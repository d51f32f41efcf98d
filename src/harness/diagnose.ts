/** One function: what bounds it, from serial calls alone, and then a race of the executors in question. */

import { performance } from 'node:perf_hooks'
import { contendersFor, workersToWait } from '../analysis/contenders.ts'
import { diagnose } from '../analysis/diagnosis.ts'
import type { DiagnosedFunction } from '../analysis/diagnosed-function.ts'
import { armOpener } from './arm-host.ts'
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

/**
 * Calls the function many times, in processes that end with it.
 * @throws UsageError for a module that cannot be loaded, or a function that is not there.
 * @throws CellFailure if the function throws, takes too long, or ends its process.
 */
export async function diagnoseFunction(
  request: DiagnoseRequest,
  context: RunContext,
): Promise<DiagnosedFunction> {
  const { file, inputs, budgetMs, timeoutMs, maxWorkers } = request
  const { signal, listener } = context
  const endMs = now() + budgetMs
  const cores = Math.max(1, Math.floor(readEnvironment().availableCores))
  const shown = shownPath(file)
  const folder = await makeTemporaryFolder()
  let tried: TriedFunction
  let profile: CallProfile
  let calls = 0
  try {
    listener({ kind: 'stage', workload: shown, stage: 'setup' })
    tried = await tryFunction(request, shown, { environment: folder.environment, signal })
    listener({ kind: 'stage', workload: tried.exportName, stage: 'pilot' })
    const openArm = armOpener({
      source: { bundleUrl: tried.bundle.url, called: { exportName: tried.exportName, inputs } },
      tasksInFlightPerWorker: 1,
      resources: undefined,
      taskLimit: { limitMs: timeoutMs, setBy: '--timeout' },
      environment: folder.environment,
      onCalls: (more) => {
        calls += more
      },
      signal,
    })
    const host = await openArm({ executor: 'serial', workers: 1 })
    try {
      profile = await probe({
        host,
        elapsedMs: tried.elapsedMs,
        cores,
        inputs: inputs.length,
        longestMakespanMs: budgetMs / makespansPerRace,
        now,
      })
    } finally {
      await host.close()
    }
  } finally {
    await folder.remove()
  }
  const { bundle, exportName } = tried
  const { taskMs, shares, yieldingShare, tasks } = profile
  const ownMs = taskMs * (1 - waitingForCore(shares))
  const seen = diagnose({ taskMs: ownMs, shares, movingMs: undefined })
  const executors = request.executors ?? contendersFor(seen, yieldingShare, cores)
  const isRaced = tasks > 1 && tasks * taskMs <= (2 * budgetMs) / makespansPerRace
  const result = isRaced
    ? await raceWorkloads(
        {
          files: [shown],
          suite: 'default',
          executors: executors.includes('serial') ? [...executors] : ['serial', ...executors],
          maxWorkers: maxWorkers === null ? workersToWait(seen, tasks, cores) : [...maxWorkers],
          tasksInFlightPerWorker: 1,
          budgetMs: Math.max(1, endMs - now()),
          confidence: request.confidence,
          margin: request.margin,
          seed: request.seed,
          findCrossover: false,
          timeoutMs,
        },
        context,
        () =>
          Promise.resolve([
            {
              workload: {
                name: exportName,
                summary: '',
                expects: seen.bound === 'overhead' ? 'mixed' : seen.bound,
                sizes: [tasks],
                defaultSizes: [tasks],
                transfer: 'clone',
                bundle,
                twin: null,
                called: { exportName, inputs },
              },
              sizes: [tasks],
            },
          ]),
      )
    : null
  const movingMs = result?.diagnoses[0]?.movingMs
  return {
    file: shown,
    exportName,
    inputs,
    parameters: tried.parameters,
    isRepeatable: tried.isRepeatable,
    keepsInput: tried.keepsInput,
    // What was measured here compares with what was measured here; what is typical is of an idle machine.
    diagnosis: movingMs === undefined ? { ...seen, taskMs } : diagnose({ taskMs, shares, movingMs }),
    yieldingShare,
    tasks,
    cores,
    calls: tried.calls + calls + (result?.workloads?.[0]?.taskCalls ?? 0),
    result,
    budgetNeededMs: isRaced ? null : makespansPerRace * Math.max(2, inputs.length) * taskMs,
  }
}
