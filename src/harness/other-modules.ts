/** The workload modules that another version has, and which of them are the same workloads as those here. */

import { existsSync } from 'node:fs'
import { UsageError } from '../errors.ts'
import { describeWorkloads } from './describe.ts'
import type { DescribedWorkload } from './describe.ts'

export interface OtherModule {
  /** Its path, as it would be here. */
  readonly file: string
  /** Null if it does not load there. */
  readonly workload: DescribedWorkload | null
}

/**
 * One by one, so that what does not load there leaves the others.
 * @param files paths of here; those that are not there are left out.
 * @param fileOf where the other version has a file that lies here.
 */
export async function describeOthers(
  files: readonly string[],
  fileOf: (file: string) => string,
  signal: AbortSignal,
): Promise<OtherModule[]> {
  const modules: OtherModule[] = []
  for (const file of files.filter((each) => existsSync(fileOf(each)))) {
    const described = await describeWorkloads([fileOf(file)], signal).catch((error: unknown) => {
      if (error instanceof UsageError) return []
      throw error
    })
    modules.push({ file, workload: described[0] ?? null })
  }
  return modules
}

/**
 * For each workload here the one there: of the same name, whichever file it has moved to, or else of the same file, if
 * what that holds there is no other workload of here.
 */
export function counterpartsOf(
  here: readonly DescribedWorkload[],
  there: readonly OtherModule[],
): ReadonlyMap<DescribedWorkload, DescribedWorkload> {
  const others = there.flatMap(({ file, workload }) => (workload === null ? [] : [{ file, workload }]))
  const names = new Set(here.map(({ name }) => name))
  return new Map(
    here.flatMap((workload) => {
      const other =
        others.find((each) => each.workload.name === workload.name) ??
        others.find((each) => each.file === workload.bundle.file && !names.has(each.workload.name))
      return other === undefined ? [] : [[workload, other.workload] as const]
    }),
  )
}
