/** `boundby merge`: joins shards into one result, and concludes from all of it. */

import { realpath } from 'node:fs/promises'
import { withConclusions } from '../analysis/conclusions.ts'
import { formatCount, formatList } from '../analysis/quantities.ts'
import { storedContests } from '../analysis/stored-contests.ts'
import { UsageError } from '../errors.ts'
import { escapeText } from '../reporters/escape.ts'
import { checkWritable, readResult, writeResult } from '../results/file.ts'
import { joinResults } from '../results/merge.ts'
import type { Result } from '../results/schema.ts'
import type { Terminal } from './terminal.ts'

export interface MergeArguments {
  /** Paths of result files. */
  readonly results: readonly string[]
  readonly out: string
  readonly keepEnvironments: boolean
}

const realPathOf = (path: string): Promise<string> => realpath(path).catch(() => path)

/** The joined result with its conclusions, which a shard that is missing makes doubtful. */
function concluded(joined: Result): Result {
  const { missingShards = [] } = joined
  const result = withConclusions(joined, storedContests(joined))
  if (missingShards.length === 0) return result
  const warning = `missing-shard: ${formatList(missingShards)} of the plan ${missingShards.length === 1 ? 'was' : 'were'} not there: what ${missingShards.length === 1 ? 'it' : 'they'} measured is not here.`
  return { ...result, warnings: [warning, ...(result.warnings ?? [])] }
}

/**
 * Runs the command and returns the exit code: 1 for a failed cell or a missing shard, otherwise 0.
 * @throws ResultFileError for a result that cannot be read, or a file that cannot be written.
 * @throws UsageError for results that do not belong together, or if one of them would be replaced.
 */
export async function mergeCommand(
  { results: paths, out, keepEnvironments }: MergeArguments,
  { stderr }: Terminal,
): Promise<number> {
  await checkWritable(out)
  const target = await realPathOf(out)
  const parts = []
  for (const path of paths) {
    if ((await realPathOf(path)) === target)
      throw new UsageError(`--out: ${out} is one of the results to merge; name another file.`)
    parts.push({ path, result: await readResult(path) })
  }
  const result = concluded(joinResults(parts, keepEnvironments))
  await writeResult(out, result)
  const { cells, missingShards = [] } = result
  const count = `${formatCount(parts.length, 'result')} with ${formatCount(cells.length, 'cell')}`
  const missing =
    missingShards.length === 0
      ? ''
      : ` ${formatCount(missingShards.length, 'shard')} of the plan ${missingShards.length === 1 ? 'is' : 'are'} missing: ${formatList(missingShards)}.`
  stderr.write(escapeText(`Joined ${count} in ${out}.${missing}`) + '\n')
  return missingShards.length > 0 || cells.some(({ error }) => error !== null) ? 1 : 0
}
