/** Sentences as a page sets them: a number stays with its unit, and a short name with a hyphen in one line. */

import { markup } from './markup.ts'
import type { Markup } from './markup.ts'

const longestUnbroken = 16
const nameWithHyphen = /(\S*\w-\w\S*)/u
const spaceBeforeUnit = /(?<=\d) (?=(?:%|ns|µs|ms|s|min|[KMGT]?i?B)(?![\p{L}\d]))| (?=×\d)/gu

export function prose(text: string): Markup {
  const parts = text.replace(spaceBeforeUnit, '\u00A0').split(nameWithHyphen)
  return markup`${parts.map((part, index) =>
    index % 2 === 1 && part.length <= longestUnbroken ? markup`<span class="unbroken">${part}</span>` : part,
  )}`
}
