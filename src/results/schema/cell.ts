/** A cell of a result file: what one executor took for one size of a workload. */

import { z } from 'zod'
import { count, durationMs, interval, shortText, size, text } from './fields.ts'
import { list } from './list.ts'
import { makespans } from './makespans.ts'

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
export const costsSchema = z.looseObject({
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

/**
 * What inputs and outputs take to cross to a worker and back, all tasks together, beyond what tasks without any would:
 * told from the values themselves.
 */
const crossingSchema = z.looseObject({
  copiedBytes: count,
  /** What the thread that submits would be busy with: writing inputs, reading outputs. */
  mainMs: durationMs,
  /** What the workers would be busy with: reading inputs, writing outputs. */
  workerMs: durationMs,
})

/**
 * What all tasks of a size ask of a machine, as the serial executor met it: what predictions start from. CPU,
 * run queue and blocked add up to the cell's `medianMs`.
 */
const demandSchema = z.looseObject({
  /** The main thread on a core. */
  mainCpuMs: durationMs,
  /** Others on a core while the main thread waited for them. */
  hiddenCpuMs: durationMs,
  /** The part of it in libuv's threads. */
  libuvCpuMs: durationMs,
  /** The share of all CPU time that was spent in the kernel, on files and on fresh memory above all. */
  kernelShare: z.number().min(0).max(1).optional(),
  runQueueMs: durationMs,
  blockedMs: durationMs,
  /** The event loop with nothing to do: whoever waits then could let others go on. */
  loopIdleMs: durationMs,
  /** Turns of the event loop: about how often the thread was woken. */
  loopTurns: z.number().nonnegative(),
  /** The longest task is so many times as long as the mean; null where tasks are too short to be timed. */
  longestTaskRatio: z.number().min(1).nullable(),
  /** Null: it cannot be cloned. */
  toThreads: crossingSchema.nullable(),
  toProcesses: crossingSchema.nullable(),
})

/** How a cell compares with the serial one of its size and runtime, over the launches that both have. */
const overSerialSchema = z.looseObject({
  /** How many times as fast as serial. */
  ratio: z.number().positive(),
  /** Of the ratio, at the confidence of the run; null with too few launches. */
  interval: interval.nullable(),
  /** Decided at the error that the whole run shares, and by more than the margin; `open`: it is not sure. */
  outcome: z.enum(['faster', 'slower', 'equivalent', 'open']),
})

/** The name under which an executor raced itself. */
export const controlArm = z.enum(['A', 'B'])

export const cellSchema = z.looseObject({
  workload: shortText,
  size,
  executor: shortText,
  /** Of a control only. */
  arm: controlArm.optional(),
  /** Workers of a pool; tasks in flight of the event loop (null: unbounded). */
  workers: z.int().positive().nullable(),
  /** Who chose `workers`: the pilot, the rule (as many as cores or tasks), the call, or nobody, there being one. */
  workersChosenBy: z.enum(['pilot', 'rule', 'option', 'executor']).optional(),
  /** Of CPython's executors, what ran them: `cpython 3.11.7`; absent for Node's. */
  runtime: shortText.optional(),
  tasks: count,
  /** Whether the size was measured to place a crossover, and is none of those that the author listed. */
  refines: z.boolean().optional(),
  /** Whether it was out of its race before the race ended: its launches are fewer then. */
  beaten: z.boolean().optional(),
  /** Makespans in ms, by launch. */
  launches: makespans,
  /**
   * How long a known computation took right before and right after the makespans, both together: by launch, the value
   * that three in a hundred of its rounds are below. It says how fast the machine was.
   */
  yardstickMs: list(durationMs).optional(),
  /** Makespans of all warm-ups together, in ms; none of them is among the launches. */
  warmUpMs: durationMs.optional(),
  medianMs: durationMs.nullable(),
  intervalMs: interval.nullable(),
  /** Absent for serial itself, and where one of the two was not measured. */
  overSerial: overSerialSchema.optional(),
  checksum: shortText,
  costsMs: costsSchema,
  transfer: transferSchema.optional(),
  emptyTaskMs: emptyTaskSchema.optional(),
  /** Of a serial cell only. */
  demand: demandSchema.optional(),
  /** CPU time of one makespan in all threads of the host, its workers and its children. */
  cpuSeconds: z.number().nonnegative().optional(),
  /** Processes in which its observed tasks ran, other than the one that submits; absent: nobody looked. */
  workerProcesses: count.optional(),
  /** Peak resident memory of the host and its worker processes together; pages that they share count in each. */
  peakRssBytes: count.optional(),
  /** How late the main thread's event loop was while the executor worked: 99 of 100 times no later than this. */
  loopDelayP99Ms: durationMs.optional(),
  /** A cell failed if and only if this is not null. */
  error: errorSchema.nullable(),
})

export type Demand = z.infer<typeof demandSchema>
export type Cell = z.infer<typeof cellSchema>
export type CellError = z.infer<typeof errorSchema>
