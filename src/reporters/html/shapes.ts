/** The shapes that charts are made of. */

import type { ExecutorLook, Marker } from './executor-look.ts'
import { markup } from './markup.ts'
import type { Markup } from './markup.ts'

export interface Point {
  readonly x: number
  readonly y: number
}

const digits = (value: number): string => String(Number(value.toFixed(1)))

/** Straight lines from point to point, as the `d` of a path. */
export function lineThrough(points: readonly Point[]): string {
  return points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${digits(x)} ${digits(y)}`).join('')
}

/** The marker of an executor, 8 units wide; hollow where it does not lead. */
export function markerAt(
  { marker, className }: Pick<ExecutorLook, 'marker' | 'className'>,
  { x, y }: Point,
  isFilled: boolean,
): Markup {
  const classes = `${className} ${isFilled ? 'full' : 'hollow'}`
  return marker === 'circle'
    ? markup`<circle class="${classes}" cx="${x}" cy="${y}" r="4"/>`
    : markup`<path class="${classes}" d="${outline(x, y, corners[marker])}"/>`
}

/** Of the markers that have some, around their middle. */
const corners: Readonly<Record<Exclude<Marker, 'circle'>, readonly (readonly [number, number])[]>> = {
  bar: [
    [-4.5, -2],
    [4.5, -2],
    [4.5, 2],
    [-4.5, 2],
  ],
  square: [
    [-3.5, -3.5],
    [3.5, -3.5],
    [3.5, 3.5],
    [-3.5, 3.5],
  ],
  triangle: [
    [0, -4.8],
    [4.6, 3.6],
    [-4.6, 3.6],
  ],
  'triangle-down': [
    [0, 4.8],
    [4.6, -3.6],
    [-4.6, -3.6],
  ],
  diamond: [
    [0, -5],
    [5, 0],
    [0, 5],
    [-5, 0],
  ],
}

function outline(x: number, y: number, around: readonly (readonly [number, number])[]): string {
  return `${lineThrough(around.map(([dx, dy]) => ({ x: x + dx, y: y + dy })))}Z`
}

/** A line of an executor with its marker, as a key or a label shows it. */
export function swatch(look: ExecutorLook): Markup {
  return markup`<svg class="swatch" width="28" height="12" aria-hidden="true"><path class="${look.className} line" d="M0 6H28" ${dashesOf(look)}/>${markerAt(look, { x: 14, y: 6 }, true)}</svg>`
}

export function dashesOf({ dashes }: ExecutorLook): Markup | null {
  return dashes === null ? null : markup` stroke-dasharray="${dashes}"`
}

/** Capitals, and what other scripts write with. */
const wideCharacter = /[^ -~]|[\p{Lu}%@mw]/u

/** About so wide: most fonts have more room for some characters than for others. */
export function widthOf(text: string, perCharacterPx: number): number {
  return (
    Array.from(text).reduce((sum, each) => sum + (wideCharacter.test(each) ? 1.7 : 1), 0) * perCharacterPx
  )
}

/** Text that fits into so many pixels, at about 6.4 of them a character; the whole text is in the numbers. */
export function fitted(text: string, widthPx: number, perCharacterPx = 6.4): string {
  let shown = ''
  let room = widthPx - widthOf('…', perCharacterPx)
  for (const character of text) {
    room -= widthOf(character, perCharacterPx)
    if (room < 0) return widthOf(text, perCharacterPx) <= widthPx ? text : `${shown}…`
    shown += character
  }
  return text
}
