/** Bars whose parts add up, a name and a value above each: as wide as there is room. */

import type { Drawing } from '../figure.ts'
import { markup } from '../markup.ts'
import type { Markup } from '../markup.ts'
import { fillOf } from '../states.ts'
import type { State } from '../states.ts'

export interface BarPart {
  readonly state: State
  /** Of the full width, 0 to 1. */
  readonly share: number
}

export interface Bar {
  readonly name: string
  /** Of the style sheet; null: no colour of its own. */
  readonly className: string | null
  readonly value: string
  /** How many rows it takes, blank ones below it; usually 1. */
  readonly rows?: number
  readonly parts: readonly BarPart[]
  /** What hovering shows. */
  readonly numbers: string
}

/** Bars that belong together, with a word above them where there are several groups. */
export interface BarGroup {
  readonly heading: string | null
  readonly bars: readonly Bar[]
}

/** Unless the rows have to stand level with others. */
const usualRowHeight = 37
const headingHeight = 24
/** What is narrower cannot be seen. */
const leastShare = 0.002

export function stackedBars(groups: readonly BarGroup[], rowHeight = usualRowHeight): Drawing {
  let y = 0
  const content = groups.map(({ heading, bars }, index) => {
    if (heading !== null) y += headingHeight + (index === 0 ? 0 : 8)
    const head = heading === null ? null : markup`<text class="head" x="0" y="${y - 8}">${heading}</text>`
    const rows = bars.map((bar) => {
      const drawn = drawBar(bar, y, Math.min(rowHeight - 23, 28))
      y += rowHeight * (bar.rows ?? 1)
      return drawn
    })
    return markup`${head}${rows}`
  })
  return { width: null, height: y, content: markup`${content}` }
}

function drawBar({ name, className, value, parts, numbers }: Bar, y: number, barHeight: number): Markup {
  let left = 0
  const top = y + 18
  const drawn = parts.map(({ state, share }) => {
    const x = left
    left += share
    return share < leastShare
      ? null
      : markup`<rect class="${fillOf(state)}" x="${x * 100}%" width="${share * 100}%"/>`
  })
  return markup`<text class="${className === null ? 'row' : `${className} row label`}" x="0" y="${y + 12}">${name}</text><text class="row end" x="100%" y="${y + 12}">${value}</text><svg class="bar m" y="${top}" height="${barHeight}"><title>${numbers}</title>${drawn}</svg><path class="axis" d="M0.5 ${top - 2}v${barHeight + 4}"/>`
}
