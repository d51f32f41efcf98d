/** A result as JSON text with one entry a line, so that a diff of two files shows the cells that changed. */

import type { Result } from './schema.ts'

function serializeField(value: unknown): string {
  if (!Array.isArray(value) || value.length === 0) return JSON.stringify(value)
  return `[\n${value.map((entry) => `    ${JSON.stringify(entry)}`).join(',\n')}\n  ]`
}

/** Numbers that JSON has no word for (NaN, Infinity) become null. */
export function serializeResult(result: Result): string {
  const fields = Object.entries(result)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `  ${JSON.stringify(name)}: ${serializeField(value)}`)
  return `{\n${fields.join(',\n')}\n}\n`
}
