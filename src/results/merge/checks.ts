/** Whether results belong together: the same options and code, and no race twice. */

import { UsageError } from '../../errors.ts'
import { firstDifference } from '../difference.ts'
import type { Result } from '../schema.ts'
import type { Part } from './part.ts'

type Options = Result['options']

/** What may differ between results that are no shards of one plan: what they measured, and in which order. */
const selections: ReadonlySet<string> = new Set(['workloads', 'sizes', 'suite', 'seed'])

/**
 * Paths differ from clone to clone: what they hold is told by its hash. Which shard it is differs by intention, and its
 * budget may: a shard that was interrupted can go on with more.
 */
const mayDiffer: ReadonlySet<string> = new Set(['files', 'shard', 'budgetMs'])
const optionFields = (one: Options, other: Options): string[] =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((name) => !mayDiffer.has(name))

export function checkOptions([first, ...others]: readonly Part[]): void {
  for (const part of others) {
    const [one, other] = [first?.result.options, part.result.options]
    if (one === undefined) return
    if ((one.shard === undefined) !== (other.shard === undefined))
      throw new UsageError(
        `Cannot merge ${first?.path} and ${part.path}: one is a shard, the other a whole run; name shards of one plan, or whole runs only.`,
      )
    const isShard = one.shard !== undefined
    const fields = optionFields(one, other).filter((name) => isShard || !selections.has(name))
    const difference = firstDifference(one, other, fields)
    if (difference !== undefined)
      throw new UsageError(
        `Cannot merge ${first?.path} and ${part.path}: their option \`${difference.field}\` differs (${difference.one} and ${difference.other}); measure both with the same options.`,
      )
    if (
      isShard &&
      (one.shard?.of !== other.shard?.of || first?.result.plannedPairs !== part.result.plannedPairs)
    )
      throw new UsageError(
        `Cannot merge ${first?.path} and ${part.path}: they are shards of different plans; measure all shards with the same call but for --shard.`,
      )
  }
}

/** The code of a workload must be the same wherever it was measured. */
export function checkBundles(parts: readonly Part[]): void {
  const seen = new Map<string, { path: string; hash: string }>()
  for (const { path, result } of parts)
    for (const { name, bundleSha256 } of result.workloads ?? []) {
      const known = seen.get(name) ?? { path, hash: bundleSha256 }
      seen.set(name, known)
      if (known.hash !== bundleSha256)
        throw new UsageError(
          `Cannot merge ${known.path} and ${path}: the code of the workload ${name} differs; measure both from the same sources.`,
        )
    }
}

/** Each race in one part only: measurements of one race on two machines, or twice the same file, are no more evidence. */
export function checkDuplicates(parts: readonly Part[]): void {
  const seen = new Map<string, string>()
  for (const { path, result } of parts) {
    const races = new Set(
      result.cells.map(({ workload, size, executor }) =>
        // In a control each executor has a race of its own.
        JSON.stringify([workload, size, result.options.control === true ? executor : null]),
      ),
    )
    for (const race of races) {
      const other = seen.get(race)
      if (other !== undefined) {
        const [workload, size] = JSON.parse(race) as [string, number]
        throw new UsageError(
          `Cannot merge ${other} and ${path}: the workload ${workload} at size ${size} is in both; name each result once, and one result for each race.`,
        )
      }
      seen.set(race, path)
    }
  }
}
