/** The machine of a result file, and what happened on it. */

import { z } from 'zod'
import { count, durationMs, share, shortText } from './fields.ts'
import { list, table } from './list.ts'

/** What happened on the machine while it was watched, as differences of counters; absent: it cannot be read there. */
export const disturbanceSchema = z.looseObject({
  durationMs: durationMs.optional(),
  /** CPU time that other programs used, as a share of all cores. */
  otherCpuShare: share.optional(),
  /** CPU time that the hypervisor gave to others, as a share of all cores. */
  stealShare: share.optional(),
  /** Share of the time in which some task of the machine, ours included, waited for a core. */
  cpuPressureShare: share.optional(),
  /** Periods of the CPU quota, those in which it stopped us, and for how long. */
  quotaPeriods: count.optional(),
  throttledPeriods: count.optional(),
  throttledMs: durationMs.optional(),
  /** Process ids of other boundbys that ran at the beginning or at the end. */
  otherBoundbyPids: z.array(count).max(1000).optional(),
})

/** By kind of pool. */
const poolMethodsSchema = z.object({
  threads: z.array(shortText).max(20),
  processes: z.array(shortText).max(20),
})

/** A Python interpreter that took part; never where it lies, which may name a home folder. */
export const pythonSchema = z.looseObject({
  /** What its cells and verdicts call it: `cpython 3.13.1`, or `cpython 3.13.1 free-threaded`. */
  runtime: shortText,
  /** `CPython`, `PyPy`. */
  implementation: shortText,
  version: shortText,
  /** Whether its global lock is on; null where the version cannot tell, and always has one. */
  gilEnabled: z.boolean().nullable(),
  /** Whether it was built to run without the lock. */
  freeThreaded: z.boolean(),
  /** How its process pool starts processes by default. */
  startMethod: z.enum(['fork', 'spawn', 'forkserver']).optional(),
})

export const environmentSchema = z.looseObject({
  node: shortText,
  platform: shortText,
  arch: shortText,
  cpuModel: shortText,
  /** Logical cores of the machine. */
  cores: count,
  /** Cores that this process may use: affinity and the container's quota taken into account. */
  availableCores: z.number().positive(),
  /** The container's CPU quota in cores; null if there is none. */
  cpuQuotaCores: z.number().positive().nullable(),
  memoryBytes: count,
  /** Over 1, 5 and 15 minutes, read before anything was measured; absent where the OS has none. */
  loadAverage: list(z.number()).optional(),
  /** Whether NODE_EXTRA_CA_CERTS was set: each start of Node then parses that file (some 39 ms). */
  extraCaCerts: z.boolean().optional(),
  /** Whether NODE_OPTIONS was set; its value stays out, it may hold secrets. */
  nodeOptions: z.boolean().optional(),
  /** The CPU frequency governors in use, each once; absent where the OS does not tell. */
  governors: z.array(shortText).max(100).optional(),
  /** Whether the CPU may exceed its nominal frequency (turbo, boost); absent where the OS does not tell. */
  turbo: z.boolean().optional(),
  /** The smallest step seen of the clock that measures. */
  clockStepMs: durationMs.optional(),
  /** What disturbed the run while it went on. */
  during: disturbanceSchema.optional(),
  /** The Python interpreters that raced beside Node. */
  pythons: z.array(pythonSchema).max(100).optional(),
  /** The methods of `concurrent.futures` that each kind of pool was seen to have, by runtime. */
  poolMethods: table(shortText, poolMethodsSchema).optional(),
  boundby: shortText,
})

export type Environment = z.infer<typeof environmentSchema>
export type PythonRecord = z.infer<typeof pythonSchema>
export type Disturbance = z.infer<typeof disturbanceSchema>
