/**
 * The executors' contract against the pools that one would use otherwise: the same scenarios, side by side, written
 * into docs/executors.md. `npm run bench:contract` runs it; `-- error crash` only prints these scenarios.
 */

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { play } from './contract/play.ts'
import { scenarios } from './contract/scenarios.ts'
import type { Kind, Scenario } from './contract/scenario.ts'
import { watch } from './contract/watch.ts'
import { writeBetween } from './page.ts'

const peersFolder = resolve('benchmarks/peers')
const self = fileURLToPath(import.meta.url)

const columns: Readonly<Record<Kind, readonly string[]>> = {
  threads: ['boundby', 'piscina', 'tinypool', 'workerpool', 'poolifier', 'jest-worker'],
  processes: ['boundby', 'tinypool', 'workerpool', 'poolifier', 'jest-worker', 'CPython'],
}

function versionOf(peer: string): string {
  if (peer === 'CPython')
    return execFileSync('python3', ['-c', 'import platform; print(platform.python_version())'], {
      encoding: 'utf8',
    }).trim()
  const folder = peer === 'boundby' ? '.' : join(peersFolder, 'node_modules', peer)
  return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version
}

/** As in the tables: undefined where a library cannot be asked at all. */
function versions(): Map<string, string | undefined> {
  const found = new Map<string, string | undefined>()
  for (const peer of new Set([...columns.threads, ...columns.processes])) {
    let version: string | undefined
    try {
      version = versionOf(peer)
    } catch {
      // Said in the table.
    }
    found.set(peer, version)
  }
  return found
}

/** Plays a scenario twice, and again if the answers differ: what depends on timing shows as more than one answer. */
async function answerOf(peer: string, kind: Kind, name: string, scenario: Scenario): Promise<string> {
  const command: readonly [string, ...string[]] =
    peer === 'CPython'
      ? ['python3', join(peersFolder, 'cpython.py'), name]
      : [process.execPath, self, 'play', peer, kind, name]
  const first = await watch(scenario, command)
  const second = await watch(scenario, command)
  if (first === second) return first
  return [...new Set([first, second, await watch(scenario, command)])].join(' / ')
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ')
}

async function tableOf(
  kind: Kind,
  names: readonly string[],
  installed: ReadonlyMap<string, string | undefined>,
): Promise<string> {
  const rows: string[][] = []
  for (const name of names) {
    const scenario = scenarios.get(name)
    if (scenario === undefined || scenario.kinds?.includes(kind) === false) continue
    const row = [scenario.title]
    for (const peer of columns[kind]) {
      const answer =
        installed.get(peer) === undefined ? 'not installed' : await answerOf(peer, kind, name, scenario)
      process.stderr.write(`${kind} ${name} ${peer}: ${answer}\n`)
      row.push(answer)
    }
    rows.push(row)
  }
  const heads = columns[kind].map((peer) => `${peer} ${installed.get(peer) ?? ''}`.trim())
  return [['', ...heads], heads.map(() => '---').concat('---'), ...rows]
    .map((row) => `| ${row.map(cell).join(' | ')} |`)
    .join('\n')
}

async function main(asked: readonly string[]): Promise<void> {
  const unknown = asked.filter((name) => !scenarios.has(name))
  if (unknown.length > 0)
    throw new Error(`Unknown scenario ${unknown.join(', ')}; there are ${[...scenarios.keys()].join(', ')}.`)
  const installed = versions()
  const names = asked.length > 0 ? asked : [...scenarios.keys()]
  const threads = await tableOf('threads', names, installed)
  const processes = await tableOf('processes', names, installed)
  const text = [
    `Node ${process.versions.node} on ${process.platform}.`,
    '### Threads',
    threads,
    '### Processes',
    processes,
  ].join('\n\n')
  process.stdout.write(`${text}\n`)
  if (asked.length === 0) writeBetween('docs/executors.md', 'contract', text)
}

const [, , command, peer = '', kind = '', name = '', folder = ''] = process.argv
await (command === 'play' ? play(peer, kind as Kind, name, folder) : main(process.argv.slice(2)))
