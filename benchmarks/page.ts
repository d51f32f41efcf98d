/** What benches write: tables in Markdown, between a page's markers `<!-- NAME:begin -->` and `<!-- NAME:end -->`. */

import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { resolve } from 'node:path'

/**
 * Puts `text` between the markers, in the place of what was there, and formats the page, so that a bench leaves a tree
 * that may be committed; a page that does not exist stays so.
 * @throws Error if the page lacks the markers.
 */
export function writeBetween(page: string, name: string, text: string): void {
  const file = resolve(page)
  if (!existsSync(file)) return
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`]
  const before = readFileSync(file, 'utf8')
  const [from, to] = [before.indexOf(begin), before.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`${file} lacks the markers ${begin} and ${end}.`)
  writeFileSync(file, `${before.slice(0, from + begin.length)}\n\n${text}\n\n${before.slice(to)}`)
  const prettier = resolve('node_modules/prettier/bin/prettier.cjs')
  execFileSync(process.execPath, [prettier, '--write', '--log-level', 'warn', file], { stdio: 'inherit' })
}

export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** Where the numbers come from. */
export function machine(): string {
  return `Node ${process.versions.node} on ${process.platform}, ${availableParallelism()} cores of ${cpus()[0]?.model ?? 'unknown'}.`
}
