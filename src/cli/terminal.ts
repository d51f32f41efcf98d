/** What the commands know of the terminal: width, colour and characters. */

import { styleText } from 'node:util'
import type { RenderOptions } from '../reporters/reporter.ts'

/** A stream of this process, or a stand-in for one. */
export type Output = Pick<NodeJS.WriteStream, 'write'> &
  Partial<Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>>

/** Where a command writes: stdout is the report, stderr the progress. */
export interface Terminal {
  readonly stdout: Output
  readonly stderr: Output
  /** What CI obeys goes here, where the others show text only; by default to stderr. */
  readonly commands?: Output
}

/** Wide enough for a table in a log, where there is no terminal to ask. */
const defaultWidth = 100

export function widthOf(stream: Output): number {
  return stream.columns === undefined || stream.columns < 1 ? defaultWidth : stream.columns
}

/** Whether text for this stream should be coloured: Node's own rules (`NO_COLOR`, `FORCE_COLOR`, `CI`, TTY). */
export function hasColor(stream: Output): boolean {
  return styleText('red', 'x', { stream: stream as NodeJS.WriteStream }) !== 'x'
}

/** Terminals that draw little beyond ASCII: the console of Linux, and those that say that they can do nothing. */
const plainTerminals: ReadonlySet<string | undefined> = new Set(['linux', 'dumb'])

/** Whether a stream shows more than ASCII: a locale that is not UTF-8 says no, and so does a plain terminal. */
export function hasUnicode(stream: Output, environment: NodeJS.ProcessEnv = process.env): boolean {
  const locale = environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG']
  if (locale !== undefined && locale !== '' && !/utf-?8/iu.test(locale)) return false
  return stream.isTTY !== true || !plainTerminals.has(environment['TERM'])
}

/** How a report for this stream looks. @param isAscii whether the call asks for ASCII. */
export function looksOf(stream: Output, isAscii = false): Required<RenderOptions> {
  return { color: hasColor(stream), width: widthOf(stream), unicode: !isAscii && hasUnicode(stream) }
}
