/** What every chart has: a caption, a name and a description for those who do not see it, and its numbers as a table. */

import { markup } from './markup.ts'
import type { Markup } from './markup.ts'
import { dataTable } from './data-table.ts'
import type { DataTable } from './data-table.ts'

export interface Chart {
  /** Unique on the page. */
  readonly id: string
  /** What is shown, of what: unique among the charts. */
  readonly title: string
  /** What a look at it tells, in a sentence or two. */
  readonly description: string
  /** What the caption says, where it is not the title. */
  readonly caption?: Markup | string
  readonly drawing: Drawing
  /** What its marks and colours mean, where labels do not say it. */
  readonly key?: Markup
  /** Where the drawings beside it would not stand level otherwise. */
  readonly isKeyBelow?: boolean
  readonly table: DataTable
}

export interface Drawing {
  /** In pixels; null: as wide as there is room, positions being percentages. */
  readonly width: number | null
  /** In pixels. */
  readonly height: number
  readonly content: Markup
}

export function figure(chart: Chart): Markup {
  const { id, title, description, caption, drawing, key = null, isKeyBelow = false, table } = chart
  return markup`<figure class="chart"><figcaption>${caption ?? title}</figcaption>${isKeyBelow ? null : key}${picture(id, title, description, drawing)}${isKeyBelow ? key : null}${dataTable(table, title)}</figure>\n`
}

function picture(
  id: string,
  title: string,
  description: string,
  { width, height, content }: Drawing,
): Markup {
  const box =
    width === null
      ? markup`class="fluid" width="100%" height="${height}"`
      : markup`viewBox="0 0 ${width} ${height}"`
  return markup`<div class="plot"><svg ${box} role="img" aria-labelledby="${id}-t ${id}-d"><title id="${id}-t">${title}</title><desc id="${id}-d">${description}</desc>${content}</svg></div>`
}

/** A part of a drawing with its numbers: shown on hovering, and on focus where scripts may run. */
export function mark(numbers: string, shape: Markup): Markup {
  return markup`<g class="m"><title>${numbers}</title>${shape}</g>`
}
