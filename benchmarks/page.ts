/** Writes what a bench found between a page's markers, `<!-- NAME:begin -->` and `<!-- NAME:end -->`. */

import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'

const page = resolve('docs/executors.md')

/** @throws Error if the page lacks the markers. */
export function writeBetween(name: string, text: string): void {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`]
  const before = readFileSync(page, 'utf8')
  const [from, to] = [before.indexOf(begin), before.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`${page} lacks the markers ${begin} and ${end}.`)
  writeFileSync(page, `${before.slice(0, from + begin.length)}\n\n${text}\n\n${before.slice(to)}`)
}
