/** Two versions of workloads, raced against each other under each executor: A is the other one, B the one here. */

import { relative } from 'node:path'
import { maxLaunches } from '../analysis/verdict.ts'
import { UsageError } from '../errors.ts'
import type { Result, RunOptions, Skip } from '../results/schema.ts'
import { findGone } from '../workloads/find.ts'
import { isSelected, selectWorkloads } from '../workloads/select.ts'
import { describeWorkloads } from './describe.ts'
import type { DescribedWorkload } from './describe.ts'
import { counterpartsOf, describeOthers } from './other-modules.ts'
import { plannedSizes, planWorkloads } from './plan.ts'
import { raceWorkloads } from './run.ts'
import type { RunContext } from './run.ts'

export interface VersionsRequest {
  /** Absolute paths of workload modules here. */
  readonly files: readonly string[]
  readonly options: RunOptions
  /** Where the other version has a file that lies here. */
  readonly fileOf: (file: string) => string
}

/** A workload of both. */
interface Both extends DescribedWorkload {
  readonly other: DescribedWorkload
}

interface Workloads {
  readonly both: readonly Both[]
  /** Why the others are not compared. */
  readonly skipped: readonly Skip[]
}

const gone = { executor: null, isGone: true } as const

async function workloadsOf(
  { files, options, fileOf }: VersionsRequest,
  signal: AbortSignal,
): Promise<Workloads> {
  const { against = 'the other version', sizes = null, workloads: globs = null, suite } = options
  const all = await describeWorkloads(files, signal)
  const here = selectWorkloads(all, globs)
  const goneFiles = await findGone(options.files, fileOf)
  const there = await describeOthers([...files, ...goneFiles], fileOf, signal)
  const counterparts = counterpartsOf(all, there)
  const known = new Set(counterparts.values())
  const both = here.flatMap((workload): Both[] => {
    const other = counterparts.get(workload)
    return other === undefined ? [] : [{ ...workload, against: other.bundle, other }]
  })
  const reason = `only ${against} has it`
  return {
    both,
    skipped: [
      ...here
        .filter((workload) => !counterparts.has(workload))
        .map(({ name }) => ({
          workload: name,
          size: null,
          executor: null,
          reason: `${against} has no such workload, or it does not load there`,
        })),
      ...there.flatMap(({ file, workload }) => {
        // One that does not load is known by its file: the packages of this version may have gone with it.
        if (workload === null)
          return globs === null && goneFiles.includes(file)
            ? [{ ...gone, workload: relative(process.cwd(), file), size: null, reason }]
            : []
        const isMissed =
          !known.has(workload) &&
          isSelected(workload.name, globs) &&
          plannedSizes(workload, sizes, suite).length > 0
        return isMissed ? [{ ...gone, workload: workload.name, size: null, reason }] : []
      }),
      ...both.flatMap((workload) => {
        const planned = new Set(plannedSizes(workload, sizes, suite))
        return plannedSizes(workload.other, sizes, suite)
          .filter((size) => !planned.has(size))
          .map((size) => ({ ...gone, workload: workload.name, size, reason }))
      }),
    ],
  }
}

/**
 * Races each workload that both versions have, at the sizes of the one here, and tells what else there is. How many
 * launches each has, the budget decides, up to the most that help, and not what they show: a race that may end as soon as
 * it seems clear has to be surer of it, and finds less.
 * @throws UsageError if they have none in common.
 */
export async function raceVersions(request: VersionsRequest, context: RunContext): Promise<Result> {
  const { options } = request
  const left: Skip[] = []
  const planned = { ...options, control: true, leastLaunches: maxLaunches }
  const result = await raceWorkloads(planned, context, async () => {
    const { both, skipped } = await workloadsOf(request, context.signal)
    left.push(...skipped)
    if (both.length === 0)
      throw new UsageError(
        `--against: none of the workloads (${skipped
          .filter(({ isGone }) => isGone !== true)
          .map(({ workload }) => workload)
          .join(
            ', ',
          )}) could be loaded from ${options.against ?? 'there'}. Name files that both versions have.`,
      )
    return planWorkloads(both, options.sizes ?? null, options.suite)
  })
  return { ...result, skipped: [...(result.skipped ?? []), ...left] }
}
