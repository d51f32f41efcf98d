/** Text of unknown origin made harmless for a terminal: seen, never obeyed. */

/**
 * Control characters (ANSI sequences begin with one), invisible format characters (among them those that reverse
 * the direction of text), private and unpaired ones, those that are none (which XML forbids), and line separators.
 */
const unsafe = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/gu

/** Line breaks and tabs become spaces, since a name or a message is set in one line; the rest is spelled out. */
export function escapeText(text: string): string {
  return text
    .replace(/[\t\n\r]+/gu, ' ')
    .replace(unsafe, (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`)
}

/** JSON with the same meaning, in which such characters are written as JSON escapes; its line breaks stay. */
export function escapeJson(json: string): string {
  return json.replace(/(?!\n)[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from(
      { length: character.length },
      (_, index) => String.raw`\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
    ).join(''),
  )
}

/** The same value with every string in it escaped, so that no field can be forgotten. */
export function escapeStrings<Value>(value: Value): Value {
  return escaped(value) as Value
}

function escaped(value: unknown): unknown {
  if (typeof value === 'string') return escapeText(value)
  if (Array.isArray(value)) return value.map(escaped)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, escaped(field)]))
}
