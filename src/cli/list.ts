/** `boundby list`: the workloads and executors that are here. */

import { basename, relative } from 'node:path'
import type { DescribedWorkload } from '../harness/describe.ts'
import { racingExecutorIds } from '../harness/python/executors.ts'
import { findWorkloads } from '../workloads/find.ts'
import { escapeJson, escapeText } from '../reporters/escape.ts'
import type { Terminal } from './terminal.ts'

export interface ListArguments {
  /** As given; files and folders. */
  readonly paths: readonly string[]
  readonly json: boolean
}

function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
  return lines.map((line) => `  ${line.trimEnd()}\n`).join('')
}

function sizesOf({ sizes, defaultSizes }: DescribedWorkload): string {
  return sizes.map((size) => (defaultSizes.includes(size) ? `${size}` : `(${size})`)).join(' ')
}

/**
 * Prints the list and returns the exit code.
 * @param describeWorkloads the harness's: loading a module runs its author's code, which is done in a child process.
 * @throws UsageError for a path without workloads, or a module that is none.
 */
export async function listCommand(
  { paths, json }: ListArguments,
  { stdout }: Terminal,
  describeWorkloads: (files: readonly string[]) => Promise<readonly DescribedWorkload[]>,
): Promise<number> {
  const workloads = await describeWorkloads(await findWorkloads(paths))
  if (json) {
    const entries = workloads.map(({ bundle, ...description }) => ({ ...description, file: bundle.file }))
    stdout.write(
      escapeJson(`${JSON.stringify({ workloads: entries, executors: racingExecutorIds }, null, 2)}\n`),
    )
    return 0
  }
  const rows = workloads.map((workload) =>
    [
      workload.name,
      workload.expects,
      sizesOf(workload),
      workload.summary,
      relative(process.cwd(), workload.bundle.file) +
        (workload.twin === null ? '' : ` and ${basename(workload.twin)}`),
    ].map(escapeText),
  )
  stdout.write(
    'Workloads: what the author expects to bound them, sizes (in brackets: the full suite only), and the file, with its Python twin\n' +
      columns(rows) +
      `\nExecutors: ${racingExecutorIds.join(', ')}\n`,
  )
  return 0
}
