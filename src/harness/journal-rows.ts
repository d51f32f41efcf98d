/** The rows of a run's journal, checked on reading since a file may come from anywhere. */

import { z } from 'zod'
import { calibrationSchema } from '../results/schema/calibration.ts'
import { cellSchema } from '../results/schema/cell.ts'
import { environmentSchema } from '../results/schema/environment.ts'
import { durationMs, shortText, size, text } from '../results/schema/fields.ts'
import { list } from '../results/schema/list.ts'
import { optionsSchema } from '../results/schema/options.ts'
import { pilotSchema, skipSchema } from '../results/schema/plan.ts'
import type { CellRecord } from './cell.ts'
import { costsSchema, observationSchema, timesSchema } from './host-message.ts'
import type { Observation } from './observe.ts'

const index = z.int().nonnegative().max(10_000)
const workers = z.int().positive().nullable()

const armSchema = z.object({
  executor: shortText,
  workers,
  runtime: shortText.exactOptional(),
  name: z.enum(['A', 'B']).exactOptional(),
})

/** What a launch adds to a cell's record: a row has what is new. */
const addedFields = {
  observations: list(
    list(observationSchema).pipe(z.tuple([z.custom<Observation>()], z.custom<Observation>())),
  ),
  startupsMs: list(durationMs),
  watched: list(z.object({ costs: costsSchema, times: timesSchema })),
} satisfies Partial<Record<keyof CellRecord, z.ZodType>>

export type AddedField = keyof typeof addedFields
export const addedNames = Object.keys(addedFields) as AddedField[]

/** All others: a row has those that have changed. */
const cellFields = {
  chosenBy: cellSchema.shape.workersChosenBy.unwrap(),
  serialMs: durationMs,
  refines: z.boolean(),
  tasks: z.int().nonnegative(),
  warmUpMs: durationMs,
  checksum: shortText.nullable(),
  error: cellSchema.shape.error,
  skipped: text.nullable(),
  isBeaten: z.boolean(),
  twinProcesses: z.int().nonnegative().nullable(),
} satisfies Record<keyof Omit<CellRecord, AddedField | 'launches' | 'yardsticks' | 'size' | 'arm'>, z.ZodType>

const measured = list(z.number().positive(), 10_000)

const cellPatchSchema = z.object({
  size,
  arm: armSchema,
  ...z.object(cellFields).partial().shape,
  ...z.object(addedFields).partial().shape,
  /** Rounds of a launch: the first of them is number `from`. */
  rounds: list(
    z
      .object({ launch: index, from: index, makespansMs: measured, yardsticksMs: measured })
      .refine(({ makespansMs, yardsticksMs }) => makespansMs.length === yardsticksMs.length, {
        message: 'expected as many yardsticksMs as makespansMs',
      }),
  ).optional(),
})

const decisionSchema = z.object({
  kind: z.enum(['winner', 'tie', 'undecided']),
  leaders: list(index),
  launches: index,
  launchesNeeded: index.nullable(),
  outOfReach: z.boolean(),
})

const raceSchema = z.object({
  kind: z.literal('race'),
  /** Of the budget, up to now. */
  spentMs: durationMs,
  workload: shortText,
  control: shortText.nullable(),
  piloted: z.boolean(),
  /** By runtime; null: Node. */
  typicalLaunchesMs: list(z.tuple([shortText.nullable(), durationMs])),
  taskCalls: z.int().nonnegative(),
  /** What was added to them. */
  pilots: list(pilotSchema),
  skipped: list(skipSchema.omit({ workload: true }).partial({ executor: true })),
  /** Sizes whose cells are gone. */
  removedSizes: list(size),
  cells: list(cellPatchSchema),
  settled: list(z.tuple([z.union([size, shortText]), decisionSchema])),
})

/** First of all: what is planned, where. */
const planSchema = z.object({
  kind: z.literal('plan'),
  format: z.literal('boundby-journal'),
  formatVersion: z.literal(1),
  startedAt: shortText,
  environment: environmentSchema,
  options: optionsSchema,
  /** Interpreters beside Node that take part. */
  runtimes: list(shortText),
  workloads: list(z.object({ name: shortText, bundleSha256: shortText })),
})

const rowSchema = z.discriminatedUnion('kind', [
  planSchema,
  raceSchema,
  z.object({ kind: z.literal('calibration'), spentMs: durationMs, calibration: calibrationSchema }),
  /** From here on it was another process. */
  z.object({ kind: z.literal('resumed'), resumedAt: shortText, budgetMs: durationMs.optional() }),
])

export type CellPatch = z.infer<typeof cellPatchSchema>
export type PlanRow = z.infer<typeof planSchema>
export type RaceRow = z.infer<typeof raceSchema>
export type JournalRow = z.infer<typeof rowSchema>
export const parseRow = (value: unknown) => rowSchema.safeParse(value)
