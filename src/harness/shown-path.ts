/** A path as the reader of a report knows it; a result that is committed must not name a home folder. */

import { isAbsolute, relative } from 'node:path'

export function shownPath(file: string): string {
  const fromHere = relative(process.cwd(), file)
  return fromHere.startsWith('..') || isAbsolute(fromHere) ? file : fromHere
}
