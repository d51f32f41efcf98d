/** What the commands know of the terminal: width and colour. */

import { styleText } from 'node:util'

/** A stream of this process, or a stand-in for one. */
export type Output = Pick<NodeJS.WriteStream, 'write'> &
  Partial<Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>>

/** Where a command writes: stdout is the report, stderr the progress. */
export interface Terminal {
  readonly stdout: Output
  readonly stderr: Output
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
