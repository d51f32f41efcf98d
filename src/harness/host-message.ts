/** Checks what a host says: a task shares its channel and can send anything over it. */

import { z } from 'zod'
import { list } from '../results/schema/list.ts'
import type { MakespanCosts } from './costs.ts'
import type { HostCommand, HostCommands, HostMessage } from './commands.ts'
import { mostTasksTimed } from './observe.ts'
import type { Observation } from './observe.ts'
import { mostTimelineTasks, mostTimelineWorkers } from './timeline.ts'
import type { TaskTimes } from './timeline.ts'

const durationMs = z.number().nonnegative()
const knownMs = durationMs.nullable()
const nothing = z.null()
const text = z.string().max(10_000)
const sizes = z.array(z.number().positive()).max(10_000)

const bytes = z.number().nonnegative()
const crossing = z.object({ copiedBytes: bytes, mainMs: durationMs, workerMs: durationMs }).nullable()
const payload = z.object({ bytes, copiedBytes: bytes }).nullable()

const measurement = z.object({
  makespanMs: z.number().positive(),
  checksum: z.string().max(200),
  workerProcesses: z.int().nonnegative().exactOptional(),
})

export const costsSchema: z.ZodType<MakespanCosts> = z.object({
  makespanMs: z.number().positive(),
  workers: z.int().positive().nullable(),
  dispatchMs: durationMs,
  transferInMs: durationMs,
  transferOutMs: durationMs,
  cpuMs: knownMs,
  runQueueMs: knownMs,
  blockedMs: knownMs,
  idleMs: durationMs,
  imbalanceMs: durationMs,
})

export const observationSchema: z.ZodType<Observation> = z.object({
  spent: z.object({
    wallMs: durationMs,
    cpuMs: durationMs,
    kernelMs: durationMs.exactOptional(),
    mainCpuMs: knownMs,
    mainRunQueueMs: knownMs,
    v8CpuMs: knownMs,
    libuvCpuMs: knownMs,
    otherRunQueueMs: knownMs,
    childrenCpuMs: knownMs,
    childrenRunQueueMs: durationMs.exactOptional(),
    gcMs: durationMs,
    loopIdleMs: durationMs,
  }),
  costs: costsSchema,
  dispatch: z.object({ aloneMs: durationMs, atOnceMs: durationMs }),
  inputs: payload,
  outputs: payload,
  workerProcesses: z.int().nonnegative().nullable(),
  cpuMs: knownMs,
  peakRssBytes: bytes.nullable(),
  loopDelayP99Ms: knownMs,
  loopTurns: z.int().nonnegative().exactOptional(),
  taskMs: z.array(durationMs).max(mostTasksTimed).exactOptional(),
  crossings: z.object({ threads: crossing, processes: crossing }).exactOptional(),
})

const count = z.int().nonnegative()

export const timesSchema: z.ZodType<TaskTimes> = z.object({
  workers: list(z.object({ pid: count, threadId: count }), mostTimelineWorkers),
  tasks: list(
    z.object({
      worker: count,
      queuedMs: durationMs,
      startedMs: durationMs,
      endedMs: durationMs,
      settledMs: durationMs,
      cpuMs: knownMs,
      runQueueMs: knownMs,
    }),
    mostTimelineTasks,
  ),
  omittedTasks: count,
})

const answers: { [Command in HostCommand]: z.ZodType<HostCommands[Command]['answer']> } = {
  describe: z.object({
    name: z.string().max(64),
    summary: text,
    source: text.exactOptional(),
    expects: z.enum(['cpu', 'io', 'mixed']),
    sizes,
    defaultSizes: sizes,
    transfer: z.enum(['clone', 'transfer', 'share']),
  }),
  exports: z
    .array(
      z.object({
        name: z.string().max(1000),
        kind: z.enum(['function', 'class', 'generator function', 'workload', 'other']),
        parameters: z.int().nonnegative(),
        functions: z.array(z.string().max(1000)).max(10_000),
      }),
    )
    .max(10_000),
  call: z.object({
    elapsedMs: durationMs,
    checksum: z.string().max(200).nullable(),
    keepsInput: z.boolean(),
  }),
  setup: z.unknown(),
  teardown: nothing,
  load: nothing,
  open: z.object({ startupMs: durationMs }),
  prepare: z.object({ tasks: z.int().positive() }),
  measure: measurement.extend({ yardstickMs: z.number().positive() }),
  observe: measurement.extend({ observation: observationSchema, times: timesSchema }),
  measureWake: z.object({ wakeMs: durationMs }),
  close: nothing,
}

const message: z.ZodType<HostMessage> = z.union([
  z.object({ beat: z.literal(true) }),
  z.object({
    id: z.int(),
    error: z.object({
      name: z.string().max(200),
      message: text,
      location: z.string().max(200).exactOptional(),
    }),
    lost: z.boolean(),
  }),
  z.object({ id: z.int(), answer: z.unknown() }),
])

/** The message, or undefined if it is none of a host's. */
export function parseMessage(received: unknown): HostMessage | undefined {
  const parsed = message.safeParse(received)
  return parsed.success ? parsed.data : undefined
}

/** A host's answer, or undefined if it is none to this command. */
export function parseAnswer<Command extends HostCommand>(
  command: Command,
  answer: unknown,
): { readonly answer: HostCommands[Command]['answer'] } | undefined {
  const parsed = answers[command].safeParse(answer)
  return parsed.success ? { answer: parsed.data } : undefined
}
