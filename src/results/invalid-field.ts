/** What is wrong with a result file, in one clause instead of zod's dump. */

interface Issue {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

/**
 * For example: "`cells[3].medianMs`: expected number, received "12" (and at least 2 more fields are wrong)": a list is
 * looked at up to its first wrong entry only.
 */
export function invalidField(issues: readonly Issue[], value: unknown): string {
  const [first] = issues
  if (first === undefined) return 'it has a wrong shape'
  const field = first.path.length === 0 ? 'the file' : `\`${fieldName(first.path)}\``
  const expected = first.message.replace(/^.*?expected /u, '').replace(/, received .*$/su, '')
  const others = issues.length - 1
  const more =
    others === 0 ? '' : ` (and at least ${others} more ${others === 1 ? 'field is' : 'fields are'} wrong)`
  return `${field}: expected ${expected}, received ${describe(valueAt(value, first.path))}${more}`
}

const shortened = (name: string): string => (name.length > 60 ? `${name.slice(0, 60)}...` : name)

function fieldName(path: readonly PropertyKey[]): string {
  const name = path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${printable(shortened(String(key)))}`))
    .join('')
  return name.replace(/^\./u, '')
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (parent, key) =>
      typeof parent === 'object' && parent !== null
        ? (parent as Record<PropertyKey, unknown>)[key]
        : undefined,
    value,
  )
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (Array.isArray(value)) return `an array of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'an object'
  if (typeof value === 'string' && value.length > 60) return `a text of ${value.length} characters`
  return printable(JSON.stringify(value))
}

/** The value comes from a file and the sentence goes to a terminal. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)
}
