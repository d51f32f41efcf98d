/** The result file, `formatVersion` 1: its shape, checked on reading since a file may come from anywhere. */

import { z } from 'zod'

/** Limits that keep a hostile file from costing more than it is worth. */
const text = z.string().max(10_000)
const shortText = z.string().max(200)
const durationMs = z.number().nonnegative()
const count = z.int().nonnegative()
const share = z.number().min(0).max(1)
const size = z.number().positive()
const list = <Entry extends z.ZodType>(entry: Entry) => z.array(entry).max(50_000)
const interval = z.tuple([z.number(), z.number()])
/** A null end is open. */
const openInterval = z.tuple([z.number().nullable(), z.number().nullable()])

/** An error as the file keeps it; `location` is `file.ts:line` where it is known. */
const errorSchema = z.looseObject({
  name: shortText,
  message: text,
  location: text.optional(),
})

/**
 * What a makespan went into, in milliseconds. All parts but `startup`, which comes before, add up to the cell's
 * `medianMs`: each is the mean over the workers (an executor without workers has one, the main thread), so that a
 * part times the workers is what all of them spent on it. The split is that of makespans which were traced, and do
 * not count. A part that the system does not tell is left out: `runQueue` is then a part of `blocked`; where `cpu`
 * and `blocked` are left out too, they are what is missing from the sum.
 */
const costsSchema = z.looseObject({
  /** From the executor's creation until all its workers are ready. */
  startup: durationMs.optional(),
  /** Between the tasks of a worker: handing over, and waiting for the thread that submits. */
  dispatch: durationMs.optional(),
  /** What the bytes of inputs and outputs add to that. */
  transfer: durationMs.optional(),
  /** Within tasks, on the CPU: also in libuv's threads, for which the task waits. */
  cpu: durationMs.optional(),
  /** Within tasks, waiting for a core. */
  runQueue: durationMs.optional(),
  /** Within tasks, the rest: waiting for something other than a core. */
  blocked: durationMs.optional(),
  /** Workers that got no task. */
  idle: durationMs.optional(),
  /** Workers that were done while others still worked. */
  imbalance: durationMs.optional(),
})

/** What crosses to the workers of a pool and back, all tasks of a size together. */
const transferSchema = z.looseObject({
  /** As structured cloning writes them; memory that is shared or moved counts whole. */
  inBytes: count,
  outBytes: count,
  /** Of both, what is copied on its way. */
  copiedBytes: count,
  /** Together they are `transfer` in `costsMs`. */
  inMs: durationMs,
  outMs: durationMs,
})

/** What a task costs that does nothing, and takes and gives nothing. */
const emptyTaskSchema = z.looseObject({
  /** From submit to result, nothing else going on. */
  alone: durationMs,
  /** One of many at once: what the submitting thread spends on it. */
  atOnce: durationMs,
})

/** The name under which an executor raced itself. */
const controlArm = z.enum(['A', 'B'])

const cellSchema = z.looseObject({
  workload: shortText,
  size,
  executor: shortText,
  /** Of a control only. */
  arm: controlArm.optional(),
  /** Workers of a pool; tasks in flight of the event loop (null: unbounded). */
  workers: z.int().positive().nullable(),
  /** Who chose `workers`: the pilot, the rule (as many as cores or tasks), the call, or nobody, there being one. */
  workersChosenBy: z.enum(['pilot', 'rule', 'option', 'executor']).optional(),
  tasks: count,
  /** Whether the size was measured to place a crossover, and is none of those that the author listed. */
  refines: z.boolean().optional(),
  /** Makespans in ms, by launch. */
  launches: z.array(z.array(durationMs)),
  /** Makespans of all warm-ups together, in ms; none of them is among the launches. */
  warmUpMs: durationMs.optional(),
  medianMs: durationMs.nullable(),
  intervalMs: interval.nullable(),
  checksum: shortText,
  costsMs: costsSchema,
  transfer: transferSchema.optional(),
  emptyTaskMs: emptyTaskSchema.optional(),
  /** CPU time of one makespan in all threads of the host, its workers and its children. */
  cpuSeconds: z.number().nonnegative().optional(),
  /** Peak resident memory of the host and its worker processes together; pages that they share count in each. */
  peakRssBytes: count.optional(),
  /** How late the main thread's event loop was while the executor worked: 99 of 100 times no later than this. */
  loopDelayP99Ms: durationMs.optional(),
  /** A cell failed if and only if this is not null. */
  error: errorSchema.nullable(),
})

const verdictSchema = z.looseObject({
  workload: shortText,
  size,
  /** As for its cells. */
  refines: z.boolean().optional(),
  kind: z.enum(['winner', 'tie', 'undecided']),
  /** The winner, the tied, or those still in the race. */
  executors: z.array(shortText),
  /** Of a control only: the name of each of `executors`, in the same order. */
  arms: z.array(controlArm).optional(),
  /** The workers of each of `executors`, in the same order. */
  workers: z.array(z.int().positive().nullable()).optional(),
  over: shortText,
  /** How many times faster than `over` the first of `executors` is; null where serial is the answer or was not run. */
  ratio: z.number().positive().nullable(),
  interval: interval.nullable(),
  rounds: count,
  /** Launches that every one of `executors` has; the unit of inference. */
  launches: count.optional(),
  /** Launches that would probably settle it; null if it is settled, or out of reach. */
  launchesNeeded: count.nullish(),
  reason: text,
  warnings: z.array(text),
})

const crossoverSchema = z.looseObject({
  workload: shortText,
  from: shortText,
  to: shortText,
  /** The workers of `from` and of `to`. */
  workers: z.tuple([z.int().positive().nullable(), z.int().positive().nullable()]).optional(),
  /**
   * `found`: `from` is surely faster at some size and `to` at some larger one. `none in range`: the same one is surely
   * faster, or both are equivalent, from the smallest size to the largest. `unbounded`: not sure at one end or both.
   */
  answer: z.enum(['found', 'none in range', 'unbounded']).optional(),
  /** The estimate, by interpolation; null if the makespans do not cross. */
  size: size.nullable(),
  /** Of the estimate, at 95 %; null without an estimate, or with too few launches. */
  interval: openInterval.nullable(),
  /** Guaranteed at the confidence of the run: the largest size where `from` is surely faster, the smallest for `to`. */
  bracket: openInterval.optional(),
  reason: text.optional(),
})

const diagnosisSchema = z.looseObject({
  workload: shortText,
  size,
  bound: z.enum(['cpu', 'io', 'mixed', 'overhead']),
  /** Shares of the serial executor's time; these three add up to 1. */
  cpuShare: share,
  /** Waiting for a core; null where the system does not tell, and then a part of `blockedShare`. */
  runQueueShare: share.nullable(),
  blockedShare: share,
  /** The part of `cpuShare` in which the main thread slept while others worked for it. */
  hiddenShare: share.optional(),
  /** The parts of `hiddenShare` in libuv's threads, and in child processes. */
  libuvShare: share.optional(),
  childrenShare: share.optional(),
  /** In which the garbage collector had stopped the main thread; a part of `cpuShare`. */
  gcShare: share.optional(),
  /** One task under the serial executor, without what that executor takes for it. */
  taskMs: durationMs.optional(),
  /** Moving one task to a worker and back, in the pool where it costs least; absent if no pool was measured. */
  movingMs: durationMs.optional(),
  /** In a sentence. */
  reason: text.optional(),
})

const guidanceSchema = z.looseObject({
  claim: text,
  runtime: shortText,
  outcome: z.enum(['holds', 'refuted', 'undecided', 'not tested']),
})

/** A workload as the run saw it, with what a report needs to speak of it. */
const workloadSchema = z.looseObject({
  name: shortText,
  summary: text,
  source: text.optional(),
  expects: z.enum(['cpu', 'io', 'mixed']),
  file: text,
  /** SHA-256 of the bundle that every executor imported: all ran the same code. */
  bundleSha256: shortText,
})

/** What was not measured, and why; a skip is not a failure. `size` or `executor` null: all of them. */
const skipSchema = z.looseObject({
  workload: shortText,
  size: size.nullable(),
  executor: shortText.nullable(),
  /** Whether the size was to place a crossover: one that the author did not list. */
  refines: z.boolean().optional(),
  reason: text,
})

/** One pilot measurement: how the number of workers was chosen; never part of the race. */
const pilotSchema = z.looseObject({
  workload: shortText,
  size,
  executor: shortText,
  workers: z.int().positive().nullable(),
  makespanMs: durationMs,
  chosen: z.boolean(),
})

/** What happened on the machine while it was watched, as differences of counters; absent: it cannot be read there. */
const disturbanceSchema = z.looseObject({
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

const environmentSchema = z.looseObject({
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
  loadAverage: z.array(z.number()).optional(),
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
  boundby: shortText,
})

const optionsSchema = z.looseObject({
  /** Files and folders as the call named them; empty: the default ones. */
  files: z.array(text),
  /** Globs that chose among the workloads; null or absent: all. */
  workloads: z.array(text).nullish(),
  /** The sizes asked for; null or absent: those of the suite. */
  sizes: z.array(size).nullish(),
  suite: z.enum(['default', 'full']),
  executors: z.array(shortText),
  /** Whether each of `executors` raced itself instead of the others. */
  control: z.boolean().optional(),
  maxWorkers: z.array(z.int().positive()).nullable(),
  tasksInFlightPerWorker: z.int().positive(),
  budgetMs: durationMs,
  confidence: z.number().gt(0).lt(1),
  margin: z.number().positive(),
  seed: count,
  /** Whether sizes were added where the lead changes. */
  findCrossover: z.boolean().optional(),
  timeoutMs: durationMs,
})

export const resultSchema = z.looseObject({
  format: z.literal('boundby-result').optional(),
  formatVersion: z.literal(1),
  startedAt: shortText.optional(),
  durationMs: durationMs.optional(),
  /** Not null if the run was interrupted: what the user is told. */
  interrupted: shortText.nullish(),
  environment: environmentSchema,
  options: optionsSchema,
  workloads: list(workloadSchema).optional(),
  cells: list(cellSchema),
  verdicts: list(verdictSchema),
  crossovers: list(crossoverSchema),
  diagnoses: list(diagnosisSchema),
  guidance: list(guidanceSchema),
  skipped: list(skipSchema).optional(),
  pilots: list(pilotSchema).optional(),
  warnings: list(text).optional(),
})

export type Result = z.infer<typeof resultSchema>
export type Cell = z.infer<typeof cellSchema>
export type Verdict = z.infer<typeof verdictSchema>
export type Diagnosis = z.infer<typeof diagnosisSchema>
export type Crossover = z.infer<typeof crossoverSchema>
export type Skip = z.infer<typeof skipSchema>
export type Pilot = z.infer<typeof pilotSchema>
export type Environment = z.infer<typeof environmentSchema>
export type Disturbance = z.infer<typeof disturbanceSchema>
export type RunOptions = z.infer<typeof optionsSchema>
export type WorkloadRecord = z.infer<typeof workloadSchema>
export type CellError = z.infer<typeof errorSchema>
