/** In what two records of fields differ, in words: options or machines that ought to be the same. */

import type { Environment } from './schema.ts'

export interface Difference {
  readonly field: string
  readonly one: string
  readonly other: string
}

const shown = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value))
const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

/** The first of these fields in which the two differ; undefined if they agree. A missing field is a null one. */
export function firstDifference(
  one: Readonly<Record<string, unknown>>,
  other: Readonly<Record<string, unknown>>,
  fields: readonly string[],
): Difference | undefined {
  const field = fields.find((name) => !isSame(one[name] ?? null, other[name] ?? null))
  return field === undefined ? undefined : { field, one: shown(one[field]), other: shown(other[field]) }
}

/** What the meaning of numbers depends on. */
const environmentFields = [
  'boundby',
  'node',
  'platform',
  'arch',
  'cpuModel',
  'cores',
  'availableCores',
  'cpuQuotaCores',
] as const satisfies readonly (keyof Environment)[]

/** The first field in which two machines differ so that their numbers are not comparable; undefined if there is none. */
export const environmentDifference = (one: Environment, other: Environment): Difference | undefined =>
  firstDifference(one, other, environmentFields)
