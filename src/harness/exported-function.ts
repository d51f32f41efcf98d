/** Finds the exported function that a call means, and tries it out before anything is measured. */

import { UsageError } from '../errors.ts'
import type { WorkloadBundle } from '../workloads/bundle.ts'
import { bundleWorkload, stopBundling } from '../workloads/bundle.ts'
import type { ModuleExport } from '../workloads/function.ts'
import { chooseExport } from '../workloads/function.ts'
import { CellFailure } from './cell-error.ts'
import type { Call } from './commands.ts'
import { tooLongTask } from './commands.ts'
import { Host } from './host.ts'

/** A module may do much while it loads, but not forever. */
const loadDeadlineMs = 30_000

export interface FunctionRequest {
  /** Absolute path of the module. */
  readonly file: string
  /** Null: the default export if that is a function, else the only function there is. */
  readonly exportName: string | null
  /** What to call it with, in turn; at least one. */
  readonly inputs: readonly unknown[]
  readonly timeoutMs: number
}

/** A function that has been called and has returned. */
export interface TriedFunction {
  readonly bundle: WorkloadBundle
  readonly exportName: string
  readonly parameters: number
  /** Of the second call, which no longer loads and compiles what it needs. */
  readonly elapsedMs: number
  /** Whether two calls gave the same; null if that cannot be told. */
  readonly isRepeatable: boolean | null
  readonly keepsInput: boolean
  readonly calls: number
}

async function bundleOnce(file: string, names: readonly string[] = []): Promise<WorkloadBundle> {
  try {
    return await bundleWorkload(file, names)
  } finally {
    await stopBundling()
  }
}

/** What a host process is made with. */
interface HostOptions {
  readonly environment: NodeJS.ProcessEnv
  readonly signal: AbortSignal
}

async function withHost<Value>(
  { environment, signal }: HostOptions,
  use: (host: Host) => Promise<Value>,
): Promise<Value> {
  signal.throwIfAborted()
  const host = new Host(environment)
  const kill = (): void => host.kill()
  signal.addEventListener('abort', kill)
  try {
    return await use(host)
  } finally {
    await host.close()
    signal.removeEventListener('abort', kill)
  }
}

/** What a bundle exports: importing it runs the author's code. */
async function exportsIn(
  { url }: WorkloadBundle,
  shown: string,
  options: HostOptions,
): Promise<readonly ModuleExport[]> {
  try {
    return await withHost(options, (host) =>
      host.call(
        'exports',
        { bundleUrl: url, file: shown },
        { silenceMs: loadDeadlineMs, tooLong: `loading it took longer than ${loadDeadlineMs} ms` },
      ),
    )
  } catch (error) {
    options.signal.throwIfAborted()
    if (!(error instanceof CellFailure)) throw error
    const { name, message } = error.cellError
    throw new UsageError(name === 'UsageError' ? message : `${shown} cannot be loaded: ${message}.`)
  }
}

/** The bundle with what it exports; a CommonJS module is bundled again if the names are those of its properties. */
async function bundleAndLook(
  file: string,
  shown: string,
  options: HostOptions,
): Promise<{ bundle: WorkloadBundle; exports: readonly ModuleExport[] }> {
  const bundle = await bundleOnce(file)
  const exports = await exportsIn(bundle, shown, options)
  const names = bundle.isCommonJs ? (exports[0]?.functions ?? []) : []
  if (names.length === 0) return { bundle, exports }
  const named = await bundleOnce(file, names)
  return { bundle: named, exports: await exportsIn(named, shown, options) }
}

/**
 * Bundles the module and calls the function twice in a process of its own: what it does there ends with that process.
 * @param shown what errors call the file.
 * @throws UsageError if the module cannot be loaded, or the function is not found in it.
 * @throws CellFailure if the function throws, takes too long, or ends its process.
 */
export async function tryFunction(
  { file, exportName, inputs, timeoutMs }: FunctionRequest,
  shown: string,
  options: HostOptions,
): Promise<TriedFunction> {
  const { bundle, exports } = await bundleAndLook(file, shown, options)
  const { name, parameters } = chooseExport(shown, exports, exportName)
  return withHost(options, async (host) => {
    const call = (): Promise<Call> =>
      host.call(
        'call',
        { bundleUrl: bundle.url, called: { exportName: name, inputs } },
        { silenceMs: timeoutMs, tooLong: tooLongTask({ limitMs: timeoutMs, setBy: '--timeout' }) },
      )
    const first = await call()
    const second = await call()
    return {
      bundle,
      exportName: name,
      parameters,
      elapsedMs: second.elapsedMs,
      isRepeatable:
        first.checksum === null || second.checksum === null ? null : first.checksum === second.checksum,
      keepsInput: first.keepsInput && second.keepsInput,
      calls: 2,
    }
  })
}
