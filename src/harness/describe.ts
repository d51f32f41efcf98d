/** Says what workloads some files hold, each asked in a process of its own: loading runs the author's code. */

import { availableParallelism } from 'node:os'
import { UsageError } from '../errors.ts'
import type { WorkloadBundle } from '../workloads/bundle.ts'
import { bundleWorkload, stopBundling } from '../workloads/bundle.ts'
import type { ExportedFunction } from '../workloads/function.ts'
import type { WorkloadDescription } from '../workloads/load.ts'
import { CellFailure } from './cell-error.ts'
import { Host } from './host.ts'
import { findTwin } from './python/twin.ts'

/** A module may do much while it loads, but not forever. */
const loadDeadlineMs = 30_000

export interface DescribedWorkload extends WorkloadDescription {
  readonly bundle: WorkloadBundle
  /** Another version of it, which takes part as A while this one is B. */
  readonly against?: WorkloadBundle
  /** Set where the task is a function that the bundle exports, and no workload. */
  readonly called?: ExportedFunction
  /** Absolute path of its Python twin; null where it has none. */
  readonly twin: string | null
}

async function describeOne(file: string, signal: AbortSignal): Promise<DescribedWorkload> {
  const bundle = await bundleWorkload(file)
  const host = new Host(process.env)
  const kill = (): void => host.kill()
  signal.addEventListener('abort', kill)
  try {
    const tooLong = `loading it took longer than ${loadDeadlineMs} ms`
    const parameters = { bundleUrl: bundle.url, file }
    const description = await host.call('describe', parameters, { silenceMs: loadDeadlineMs, tooLong })
    return { ...description, bundle, twin: await findTwin(file) }
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof CellFailure)) throw error
    const { name, message } = error.cellError
    if (name === 'UsageError') throw new UsageError(message)
    if (error.hostLost) throw new UsageError(`${file} cannot be loaded as a workload: ${message}.`)
    throw error
  } finally {
    await host.close()
    signal.removeEventListener('abort', kill)
  }
}

/**
 * Bundles and describes the workloads in `files`, in that order.
 * @param signal gives up; the promise then rejects with its reason.
 * @throws UsageError for the first file that is no workload, or for two workloads of one name.
 */
export async function describeWorkloads(
  files: readonly string[],
  signal: AbortSignal = new AbortController().signal,
): Promise<DescribedWorkload[]> {
  const outcomes: PromiseSettledResult<DescribedWorkload>[] = []
  let next = 0
  let failed = false
  const take = async (): Promise<void> => {
    while (next < files.length && !failed) {
      const index = next++
      const [outcome] = await Promise.allSettled([describeOne(files[index] as string, signal)])
      outcomes[index] = outcome
      failed ||= outcome.status === 'rejected'
    }
  }
  try {
    await Promise.all(Array.from({ length: Math.min(availableParallelism(), files.length) }, take))
  } finally {
    await stopBundling()
  }
  signal.throwIfAborted()
  const described = outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason
    return outcome.value
  })
  const fileOf = new Map<string, string>()
  for (const { name, bundle } of described) {
    const other = fileOf.get(name)
    if (other !== undefined)
      throw new UsageError(
        `Two workloads are called ${name}: ${other} and ${bundle.file}. Rename one, or name one file only.`,
      )
    fileOf.set(name, bundle.file)
  }
  return described
}
