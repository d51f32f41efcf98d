/** The makespans of a cell. A file may have a million, and most are right: only the others go through the parser. */

import { z } from 'zod'
import { durationMs } from './fields.ts'
import { list } from './list.ts'

const parsed = list(list(durationMs, Infinity), Infinity)
type Makespans = z.infer<typeof parsed>

const isDuration = (value: unknown): boolean =>
  typeof value === 'number' && value >= 0 && Number.isFinite(value)

const areRight = (value: unknown): boolean =>
  Array.isArray(value) && value.every((launch) => Array.isArray(launch) && launch.every(isDuration))

const { $schema: _, ...jsonSchema } = z.toJSONSchema(z.array(z.array(durationMs)))

export const makespans = z
  .custom<Makespans>()
  .superRefine((value, { addIssue }) => {
    if (areRight(value)) return
    for (const { path, message } of parsed.safeParse(value).error?.issues ?? [])
      addIssue({ code: 'custom', path: [...path], message })
  })
  .meta(jsonSchema)
