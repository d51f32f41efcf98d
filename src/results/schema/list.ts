/** Lists and tables that are refused at their first wrong entry: a file may have millions, each an issue of zod's. */

import { z } from 'zod'

type Context = Pick<z.RefinementCtx, 'addIssue'>

/** As the JSON schema knows them, which has no word for what is done here. */
const plainSchemas = new WeakMap<object, z.ZodType>()
export const plainSchema = (schema: object): z.ZodType | undefined => plainSchemas.get(schema)

function refuse(
  { error }: { readonly error?: z.ZodError | undefined },
  path: readonly PropertyKey[],
  { addIssue }: Context,
): never {
  for (const issue of error?.issues ?? [])
    addIssue({ code: 'custom', path: [...path, ...issue.path], message: issue.message })
  return z.NEVER
}

export function list<Entry extends z.ZodType>(entry: Entry, most = 50_000) {
  const whole = z.array(entry).max(most)
  const given = z.custom<unknown>()
  plainSchemas.set(given, whole)
  return given.transform((value, context): z.output<Entry>[] => {
    // One that is too long is refused before its entries are looked at.
    if (!Array.isArray(value) || value.length > most) return refuse(whole.safeParse(value), [], context)
    const entries: z.output<Entry>[] = []
    for (let index = 0; index < value.length; index++) {
      const parsed = entry.safeParse(value[index])
      if (!parsed.success) return refuse(parsed, [index], context)
      entries.push(parsed.data)
    }
    return entries
  })
}

/** Entries by name. */
export function table<Entry extends z.ZodType>(name: z.ZodString, entry: Entry) {
  const anyTable = z.record(z.string(), z.unknown())
  const given = z.custom<unknown>()
  plainSchemas.set(given, z.record(name, entry))
  return given.transform((value, context): Record<string, z.output<Entry>> => {
    const fields = anyTable.safeParse(value)
    if (!fields.success) return refuse(fields, [], context)
    const entries: [string, z.output<Entry>][] = []
    for (const [key, field] of Object.entries(fields.data)) {
      const isNamed = name.safeParse(key)
      if (!isNamed.success) return refuse(isNamed, [key], context)
      const parsed = entry.safeParse(field)
      if (!parsed.success) return refuse(parsed, [key], context)
      entries.push([key, parsed.data])
    }
    return Object.fromEntries(entries)
  })
}
