/** What stands after a command's name and is no option, as yargs takes it. */

import { historyFolder } from './keep.ts'

/** Of `run` and `list`. */
export const paths = {
  type: 'string',
  array: true,
  default: [] as string[],
  defaultDescription: 'benchmarks/workloads, else those that come with boundby',
  describe: 'Workload modules (.ts, .mts, .js, .mjs), or folders of them',
} as const

export const diagnosed = {
  type: 'string',
  demandOption: true,
  describe: 'A module (.ts, .mts, .js, .mjs), and after # the function that it exports',
} as const

export const reported = {
  type: 'string',
  demandOption: true,
  describe: 'A result file, as `boundby run` writes it',
} as const

export const merged = {
  type: 'string',
  array: true,
  demandOption: true,
  describe: 'Result files, as `boundby run --shard` writes them',
} as const

export const compared = {
  type: 'string',
  array: true,
  default: [] as string[],
  defaultDescription: 'none',
  describe: 'A baseline and a candidate; with --against, workload modules or folders of them',
} as const

export const historyOf = {
  type: 'string',
  default: historyFolder,
  describe: 'A folder of result files',
} as const
