/** Bars whose parts add up, a name and a value above each: as wide as there is room. */

import { mark } from '../figure.ts'
import type { Drawing } from '../figure.ts'
import { markup } from '../markup.ts'
import type { Markup } from '../markup.ts'
import { fillOf } from '../states.ts'
import type { State } from '../states.ts'

export interface BarPart {
  readonly state: State
  /** Of the full width, 0 to 1. */
  readonly share: number
  /** What hovering shows. */
  readonly numbers: string
}

export interface Bar {
  readonly name: string
  /** Of the style sheet; null: no colour of its own. */
  readonly className: string | null
  readonly value: string
  readonly parts: readonly BarPart[]
}

/** Bars that belong together, with a word above them where there are several groups. */
export interface BarGroup {
  readonly heading: string | null
  readonly bars: readonly Bar[]
}

const rowHeight = 37
const headingHeight = 24
const barHeight = 14
/** What is narrower cannot be seen. */
const leastShare = 0.0008

export function stackedBars(groups: readonly BarGroup[]): Drawing {
  let y = 0
  const content = groups.map(({ heading, bars }, index) => {
    if (heading !== null) y += headingHeight + (index === 0 ? 0 : 8)
    const head = heading === null ? null : markup`<text class="head" x="0" y="${y - 8}">${heading}</text>`
    const rows = bars.map((bar) => {
      const drawn = drawBar(bar, y)
      y += rowHeight
      return drawn
    })
    return markup`${head}${rows}`
  })
  return { width: null, height: y, content: markup`${content}` }
}

function drawBar({ name, className, value, parts }: Bar, y: number): Markup {
  let left = 0
  const top = y + 18
  const drawn = parts.map(({ state, share, numbers }) => {
    const x = left
    left += share
    return share < leastShare
      ? null
      : mark(
          numbers,
          markup`<rect class="${fillOf(state)} part" x="${x * 100}%" y="${top}" width="${share * 100}%" height="${barHeight}"/>`,
        )
  })
  return markup`<text class="${className === null ? 'row' : `${className} row label`}" x="0" y="${y + 12}">${name}</text><text class="row" x="100%" y="${y + 12}" text-anchor="end">${value}</text>${drawn}<path class="axis" d="M0.5 ${top - 2}v${barHeight + 4}"/>`
}
