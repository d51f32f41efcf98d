/** What the machine is that measures: the part of a result without which its numbers mean nothing. */

import os from 'node:os'
import { readCpuQuota } from '../executors/parallelism.ts'
import type { Environment } from '../results/schema.ts'
import { version } from '../version.ts'
import type { Frequency } from './frequency.ts'
import { readFrequency } from './frequency.ts'

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
  readonly frequency: Frequency
  readonly clockStepMs: number
}

/** The smallest step of the clock that measures: what two readings in a row differ by at the least. */
function readClockStep(): number {
  let least = Infinity
  for (let reading = 0; reading < 1000; reading++) {
    const before = process.hrtime.bigint()
    const step = Number(process.hrtime.bigint() - before)
    if (step > 0) least = Math.min(least, step)
  }
  return least / 1e6
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
    frequency: readFrequency(os.cpus().length),
    clockStepMs: readClockStep(),
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
    ...facts.frequency,
    // A clock that never moved is too coarse to say how coarse.
    ...(Number.isFinite(facts.clockStepMs) ? { clockStepMs: facts.clockStepMs } : {}),
    boundby: version,
  }
}

function isSet(variable: string | undefined): boolean {
  return variable !== undefined && variable !== ''
}
