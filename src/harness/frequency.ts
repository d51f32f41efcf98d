/** How the CPU's speed is governed, as Linux tells it. */

import type { ReadText } from '../executors/parallelism.ts'
import { readText } from '../executors/parallelism.ts'

export interface Frequency {
  /** Each governor in use once; absent where the system does not tell, as in most virtual machines. */
  readonly governors?: string[]
  readonly turbo?: boolean
}

const root = '/sys/devices/system/cpu'

/** See the kernel's admin-guide/pm/cpufreq.rst and intel_pstate.rst. */
export function readFrequency(cores: number, read: ReadText = readText): Frequency {
  const governors = new Set(
    Array.from({ length: cores }, (_, core) =>
      read(`${root}/cpu${core}/cpufreq/scaling_governor`)?.trim().slice(0, 100),
    ).filter((governor) => governor !== undefined && governor !== ''),
  )
  const boost = read(`${root}/cpufreq/boost`)?.trim()
  const noTurbo = read(`${root}/intel_pstate/no_turbo`)?.trim()
  return {
    ...(governors.size === 0 ? {} : { governors: [...governors].slice(0, 100) as string[] }),
    ...(boost === undefined && noTurbo === undefined ? {} : { turbo: boost === '1' || noTurbo === '0' }),
  }
}
