/** Markup that is safe by the way it is made: whatever stands in a template is escaped, unless it is markup itself. */

/** Text that has been escaped, or was written by us. */
export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Part = Markup | string | number | null | readonly Part[]

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** For the text of an element and for a quoted attribute, in HTML as in SVG. */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/gu, (character) => entities[character] ?? '')
}

function textOf(part: Part): string {
  if (part === null) return ''
  if (part instanceof Markup) return part.text
  if (typeof part === 'string') return escapeMarkup(part)
  if (typeof part === 'number') return shortNumber(part)
  return part.map(textOf).join('')
}

/** Coordinates to a tenth: of a pixel, or of a percent of a chart's width. */
function shortNumber(value: number): string {
  return String(Number.isFinite(value) ? Number(value.toFixed(1)) : 0)
}

/** A piece of a page; attributes in it must be quoted. */
export function markup(literals: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(literals.map((literal, index) => `${literal}${textOf(parts[index] ?? null)}`).join(''))
}
