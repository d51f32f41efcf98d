/** Two versions of workloads, raced against each other under each executor: A is the other one, B the one here. */

import { existsSync } from 'node:fs'
import { UsageError } from '../errors.ts'
import type { Result, RunOptions } from '../results/schema.ts'
import { selectWorkloads } from '../workloads/select.ts'
import { describeWorkloads } from './describe.ts'
import type { DescribedWorkload } from './describe.ts'
import { planWorkloads } from './plan.ts'
import { raceWorkloads } from './run.ts'
import type { RunContext } from './run.ts'

export interface VersionsRequest {
  /** Absolute paths of workload modules here. */
  readonly files: readonly string[]
  readonly options: RunOptions
  /** Where the other version has a file that lies here. */
  readonly fileOf: (file: string) => string
}

/** One by one, so that what is missing there, or does not load there, leaves the others. */
async function describeThere(file: string, signal: AbortSignal): Promise<DescribedWorkload | undefined> {
  if (!existsSync(file)) return undefined
  try {
    return (await describeWorkloads([file], signal))[0]
  } catch (error) {
    if (error instanceof UsageError) return undefined
    throw error
  }
}

/**
 * Races each workload that both versions have, at the sizes of the one here.
 * @throws UsageError if they have none in common.
 */
export async function raceVersions(
  { files, options, fileOf }: VersionsRequest,
  context: RunContext,
): Promise<{ readonly result: Result; readonly onlyHere: readonly string[] }> {
  const onlyHere: string[] = []
  const result = await raceWorkloads({ ...options, control: true }, context, async () => {
    const here = selectWorkloads(await describeWorkloads(files, context.signal), options.workloads ?? null)
    const both = []
    for (const workload of here) {
      const there = await describeThere(fileOf(workload.bundle.file), context.signal)
      if (there === undefined) onlyHere.push(workload.name)
      else both.push({ ...workload, against: there.bundle })
    }
    if (both.length === 0)
      throw new UsageError(
        `--against: none of the workloads (${here.map(({ name }) => name).join(', ')}) could be loaded from ${options.against ?? 'there'}. Name files that both versions have.`,
      )
    return planWorkloads(both, options.sizes ?? null, options.suite)
  })
  return { result, onlyHere }
}
