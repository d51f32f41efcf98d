/** Says what workloads some files hold, each asked in a process of its own: loading runs the author's code. */

import { availableParallelism } from 'node:os'
import { UsageError } from '../errors.ts'
import type { WorkloadBundle } from '../workloads/bundle.ts'
import { bundleWorkload, stopBundling } from '../workloads/bundle.ts'
import type { WorkloadDescription } from '../workloads/load.ts'
import { Host, HostError } from './host.ts'

/** A module may do much while it loads, but not forever. */
const loadDeadlineMs = 30_000

export interface DescribedWorkload extends WorkloadDescription {
  readonly bundle: WorkloadBundle
}

async function describeOne(file: string): Promise<DescribedWorkload> {
  const bundle = await bundleWorkload(file)
  const host = new Host(process.env)
  try {
    const description = await host.call(
      'describe',
      { bundleUrl: bundle.url, file },
      { silenceMs: loadDeadlineMs, waitingFor: 'loading the module' },
    )
    return { ...description, bundle }
  } catch (error) {
    if (!(error instanceof HostError)) throw error
    const { name, message } = error.remote
    if (name === 'UsageError') throw new UsageError(message)
    if (error.hostLost) throw new UsageError(`${file} cannot be loaded as a workload: ${message}.`)
    throw error
  } finally {
    await host.close()
  }
}

/**
 * Bundles and describes the workloads in `files`, in that order.
 * @throws UsageError for the first file that is no workload, or for two workloads of one name.
 */
export async function describeWorkloads(files: readonly string[]): Promise<DescribedWorkload[]> {
  const described: DescribedWorkload[] = Array.from({ length: files.length })
  let next = 0
  const take = async (): Promise<void> => {
    for (let index = next++; index < files.length; index = next++)
      described[index] = await describeOne(files[index] as string)
  }
  try {
    await Promise.all(Array.from({ length: Math.min(availableParallelism(), files.length) }, take))
  } finally {
    await stopBundling()
  }
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
