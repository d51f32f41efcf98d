/** The house as the design draws it: imports point down only, one importer for each library, names that say something. */
import { readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parseAst } from 'vitest/node'

const root = fileURLToPath(new URL('..', import.meta.url))

/** What each room may import besides itself: rooms, or single files. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  cli: [
    'harness',
    'reporters',
    'analysis',
    'workloads',
    'executors',
    'results',
    'stats',
    'errors.ts',
    'nearest.ts',
    'version.ts',
  ],
  // Verdicts and crossovers decide during a race where the budget goes; the result is kept with its warnings.
  harness: [
    'executors',
    'workloads',
    'results',
    'stats',
    'analysis',
    'errors.ts',
    'temporary-prefix.ts',
    'version.ts',
  ],
  reporters: ['analysis', 'results', 'errors.ts', 'version.ts'],
  analysis: ['stats', 'results', 'errors.ts'],
  workloads: ['executors/task.ts', 'errors.ts', 'nearest.ts', 'temporary-prefix.ts'],
  executors: ['errors.ts'],
  results: ['errors.ts'],
  stats: [],
  'index.ts': ['workloads/workload.ts', 'errors.ts'],
  'errors.ts': [],
  'nearest.ts': [],
  'version.ts': [],
  'temporary-prefix.ts': [],
}

/** The one file that knows a library, so that it can be replaced there; of esbuild, one that runs and one that builds. */
const importers: Readonly<Record<string, readonly string[]>> = {
  piscina: ['executors/thread-pool.ts'],
  koffi: ['executors/koffi.ts'],
  tinybench: ['harness/measure.ts'],
  'cli-table3': ['reporters/ruled-table.ts'],
  yargs: ['cli/main.ts'],
  esbuild: ['executors/build/bundle.ts', 'workloads/bundle.ts'],
}

const forbidden = /^(?:.*[-.])?(?:jobs?|strategy|mode|utils?|helpers?|common|misc|manager)(?:[-.].*)?$/u

const roomOf = (file: string): string => file.split('/')[0] ?? file

/** The sentence that is wrong with an import of ours, if any; both paths are relative to `src`. */
function violation(importer: string, imported: string): string | undefined {
  if (roomOf(importer) === roomOf(imported)) return undefined
  const rooms = allowed[roomOf(importer)]
  if (rooms === undefined) return `${importer} is in no room of the house`
  return rooms.includes(roomOf(imported)) || rooms.includes(imported)
    ? undefined
    : `${importer} must not import ${imported}`
}

/** What a module imports or re-exports: statically, dynamically, or for its types only. */
function importsOf(source: string): string[] {
  const found: string[] = []
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    const { type, source: from } = node as { type?: string; source?: { value?: unknown } | null }
    if (typeof type === 'string' && /Import|Export/u.test(type) && typeof from?.value === 'string')
      found.push(from.value)
    for (const child of Object.values(node)) visit(child)
  }
  visit(parseAst(source, { lang: 'ts' }))
  return found
}

async function filesIn(folder: string): Promise<string[]> {
  const names = await readdir(join(root, folder), { recursive: true })
  // What npm and a build have put there is not ours to name.
  return names
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => !/(?:^|\/)(?:node_modules|dist)(?:\/|$)/u.test(name))
    .toSorted()
}

const sources = (await filesIn('src')).filter((name) => name.endsWith('.ts'))
const imports = sources.map((file) => ({
  file,
  imported: importsOf(readFileSync(join(root, 'src', file), 'utf8')),
}))

describe('imports', () => {
  it('point down only', () => {
    const violations = imports.flatMap(({ file, imported }) =>
      imported
        .filter((path) => path.startsWith('.'))
        .flatMap((path) => violation(file, posix.join(posix.dirname(file), path)) ?? []),
    )
    expect(violations).toEqual([])
  })

  it('of a library are where it may be known', () => {
    for (const [library, files] of Object.entries(importers)) {
      const found = imports.filter(({ imported }) =>
        imported.some((path) => path === library || path.startsWith(`${library}/`)),
      )
      expect({ library, found: found.map(({ file }) => file).toSorted() }).toEqual({ library, found: files })
    }
  })

  it('say whether they are Node, ours or a library', () => {
    const paths = imports.flatMap(({ imported }) => imported)
    expect(paths.filter((path) => isBuiltin(path) && !path.startsWith('node:'))).toEqual([])
    expect(paths.filter((path) => path.startsWith('.') && !path.endsWith('.ts'))).toEqual([])
  })

  it('would be found wherever they stand, and judged', () => {
    expect(
      importsOf(`import type { A } from './a.ts'; export type * from './b.ts'; export { c } from './c.ts'
        const d: number = await import('./d.ts'); type E = import('./e.ts').E; import './f.ts'`),
    ).toEqual(['./a.ts', './b.ts', './c.ts', './d.ts', './e.ts', './f.ts'])
    expect(violation('reporters/table.ts', 'harness/events.ts')).toContain('must not import')
    expect(violation('analysis/verdict.ts', 'harness/run.ts')).toContain('must not import')
    expect(violation('harness/run.ts', 'analysis/verdict.ts')).toBeUndefined()
    expect(violation('workloads/load.ts', 'executors/index.ts')).toContain('must not import')
    expect(violation('stats/random.ts', 'errors.ts')).toContain('must not import')
    expect(violation('attic/box.ts', 'errors.ts')).toContain('no room')
  })
})

const everyFile = [
  ...(await filesIn('src')).map((name) => `src/${name}`),
  ...(await filesIn('test')).map((name) => `test/${name}`),
  ...(await filesIn('benchmarks')).map((name) => `benchmarks/${name}`),
]

describe('files', () => {
  it('open with their purpose', () => {
    const silent = everyFile
      .filter((name) => /\.[cm]?[jt]s$/u.test(name))
      .filter(
        (name) =>
          !/^(?:#!.*\n)?\/\*\* ?[^\s*]|^(?:#!.*\n)?\/\*\*\n \* \S/u.test(
            readFileSync(join(root, name), 'utf8'),
          ),
      )
    expect(silent).toEqual([])
  })

  it('have names that say what is in them', () => {
    expect(everyFile.filter((name) => name.split('/').some((part) => forbidden.test(part)))).toEqual([])
    for (const name of ['utils', 'string-utils.ts', 'misc.test.ts', 'pool-manager.ts'])
      expect(name).toMatch(forbidden)
    expect('model.ts').not.toMatch(forbidden)
  })
})
