/** What the machine is that measures: the part of a result without which its numbers mean nothing. */

import os from 'node:os'
import { readCpuQuota } from '../executors/parallelism.ts'
import type { Environment } from '../results/schema.ts'
import { version } from '../version.ts'

/** What Node and the operating system tell, before anything is concluded from it. */
export interface MachineFacts {
  readonly cpuModels: readonly string[]
  readonly parallelism: number
  readonly cpuQuotaCores: number | null
  readonly totalMemoryBytes: number
  /** The container's limit; 0 or an absurdly large number where there is none. */
  readonly memoryLimitBytes: number
  readonly loadAverage: readonly number[]
  readonly env: Readonly<Record<string, string | undefined>>
}

export function readEnvironment(): Environment {
  return describeEnvironment({
    cpuModels: os.cpus().map(({ model }) => model),
    parallelism: os.availableParallelism(),
    cpuQuotaCores: readCpuQuota(),
    totalMemoryBytes: os.totalmem(),
    memoryLimitBytes: process.constrainedMemory(),
    loadAverage: os.loadavg(),
    env: process.env,
  })
}

/** Draws the conclusions: what this process may use, of what is there. */
export function describeEnvironment(facts: MachineFacts): Environment {
  const { cpuQuotaCores, parallelism, memoryLimitBytes, totalMemoryBytes } = facts
  const limited = memoryLimitBytes > 0 && memoryLimitBytes < totalMemoryBytes
  return {
    node: process.version,
    platform: process.platform,
    arch: process.arch,
    // Some systems on ARM, and sandboxes without /proc, name no model.
    cpuModel: facts.cpuModels[0]?.trim() || 'unknown',
    cores: Math.max(facts.cpuModels.length, parallelism),
    availableCores: Math.min(parallelism, cpuQuotaCores ?? Infinity),
    cpuQuotaCores,
    memoryBytes: limited ? memoryLimitBytes : totalMemoryBytes,
    // Windows has none and says zeros.
    ...(process.platform === 'win32' ? {} : { loadAverage: [...facts.loadAverage] }),
    extraCaCerts: isSet(facts.env['NODE_EXTRA_CA_CERTS']),
    nodeOptions: isSet(facts.env['NODE_OPTIONS']),
    boundby: version,
  }
}

function isSet(variable: string | undefined): boolean {
  return variable !== undefined && variable !== ''
}
