/** Bundles: the same bytes from the same sources, everything where the author left it, and clear mistakes. */
import { execFile } from 'node:child_process'
import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  realpath,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { UsageError } from '#dist/errors.js'
import { bundleWorkload } from '#dist/workloads/bundle.js'

const run = promisify(execFile)
let folder: string

const workload = `import { defineWorkload } from 'boundby'
import { half } from './parts/half.js'

interface Range {
  readonly from: number
}

export const task = (range: Range): number => {
  if (range.from < 0) throw new RangeError('below zero')
  return half(range.from)
}
export const location = (): unknown => [import.meta.url, import.meta.dirname, import.meta.filename]
export default defineWorkload({
  name: 'mine', summary: 'Mine', expects: 'cpu', module: import.meta.url, task, sizes: [1], inputs: () => [{ from: 1 }],
})
`
const half = `#!/usr/bin/env node
export const half = (value: number): number => value / 2; export const here = (): string => import.meta.url
/* import.meta.url in a comment stays. */
export const words = 'import.meta.url in a text stays'
export const fail = (): never => {
  throw new Error('from the part')
}
`

/** A project with its own node_modules. */
async function project(name: string): Promise<string> {
  const root = join(folder, name)
  await mkdir(join(root, 'node_modules'), { recursive: true })
  await mkdir(join(root, 'parts'))
  await writeFile(join(root, 'mine.ts'), workload)
  await writeFile(join(root, 'parts', 'half.ts'), half)
  return root
}

/** Runs code against a bundle in a process of its own, as a worker would import it. */
async function withBundle(url: string, code: string): Promise<string> {
  const script = `const bundle = await import(${JSON.stringify(url)}); ${code}`
  const { stdout } = await run(process.execPath, [
    '--enable-source-maps',
    '--input-type=module',
    '-e',
    script,
  ])
  return stdout
}

async function mistake(file: string): Promise<string> {
  const error: unknown = await bundleWorkload(file).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(UsageError)
  return (error as UsageError).message
}

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'boundby-bundle-')))
})
afterAll(() => rm(folder, { recursive: true }))

describe('bundleWorkload', () => {
  it('writes one module into node_modules/.boundby, named by its hash, and nothing else', async () => {
    const root = await project('plain')
    const { file, url, sha256 } = await bundleWorkload(join(root, 'mine.ts'))
    expect(file).toBe(join(root, 'mine.ts'))
    expect(dirname(fileURLToPath(url))).toBe(join(root, 'node_modules', '.boundby'))
    expect(basename(url)).toBe(`mine-${sha256.slice(0, 16)}.mjs`)
    await bundleWorkload(join(root, 'mine.ts'))
    expect(await readdir(join(root, 'node_modules', '.boundby'))).toEqual([basename(url)])
  })

  it('gives the same bytes in another clone, and others once a part has changed', async () => {
    const root = await project('original')
    const clone = join(folder, 'clone')
    await cp(root, clone, { recursive: true })
    const [first, second] = [
      await bundleWorkload(join(root, 'mine.ts')),
      await bundleWorkload(join(clone, 'mine.ts')),
    ]
    expect(second.sha256).toBe(first.sha256)
    await writeFile(join(clone, 'parts', 'half.ts'), half.replace('/ 2', '/ 3'))
    expect((await bundleWorkload(join(clone, 'mine.ts'))).sha256).not.toBe(first.sha256)
  })

  it('carries only what defineWorkload needs of boundby', async () => {
    const { url } = await bundleWorkload(join(await project('small'), 'mine.ts'))
    const code = await readFile(fileURLToPath(url), 'utf8')
    expect(code.replace(/^\/\/# sourceMappingURL.*$/mu, '').length).toBeLessThan(6000)
    expect(code).not.toContain('WorkerLostError')
    expect(code).not.toMatch(/from "boundby"/u)
  })

  it('keeps import.meta that of each source, also through a symbolic link', async () => {
    const root = await project('located')
    await rm(join(root, 'node_modules'), { recursive: true })
    await mkdir(join(folder, 'elsewhere', 'node_modules'), { recursive: true })
    await symlink(join(folder, 'elsewhere', 'node_modules'), join(root, 'node_modules'))
    await writeFile(
      join(root, 'both.ts'),
      `export * from './mine.js'\nexport { here, words } from './parts/half.js'\n`,
    )
    const { url } = await bundleWorkload(join(root, 'both.ts'))
    const seen: unknown = JSON.parse(
      await withBundle(url, 'console.log(JSON.stringify([bundle.location(), bundle.here(), bundle.words]))'),
    )
    expect(seen).toEqual([
      [pathToFileURL(join(root, 'mine.ts')).href, root, join(root, 'mine.ts')],
      pathToFileURL(join(root, 'parts', 'half.ts')).href,
      'import.meta.url in a text stays',
    ])
  })

  it('keeps line numbers in stacks', async () => {
    const root = await project('mapped')
    await writeFile(
      join(root, 'both.ts'),
      `export * from './mine.js'\nexport { fail } from './parts/half.js'\n`,
    )
    const { url } = await bundleWorkload(join(root, 'both.ts'))
    const stacks = await withBundle(
      url,
      'for (const call of [() => bundle.task({ from: -1 }), bundle.fail]) try { call() } catch (error) { console.log(error.stack) }',
    )
    expect(stacks).toContain(`${join(root, 'mine.ts')}:9:`)
    expect(stacks).toContain(`${join(root, 'parts', 'half.ts')}:6:`)
  })

  it('leaves packages imports, which resolve as from the source', async () => {
    const root = await project('packaged')
    await mkdir(join(root, 'node_modules', 'dependency'))
    await writeFile(
      join(root, 'node_modules', 'dependency', 'package.json'),
      '{ "type": "module", "main": "index.js" }',
    )
    await writeFile(join(root, 'node_modules', 'dependency', 'index.js'), 'export default import.meta.url')
    await mkdir(join(root, 'deep', 'er'), { recursive: true })
    await writeFile(
      join(root, 'deep', 'er', 'uses.ts'),
      `import found from 'dependency'\nexport const url = found\n`,
    )
    const { url } = await bundleWorkload(join(root, 'deep', 'er', 'uses.ts'))
    expect(await withBundle(url, 'console.log(bundle.url)')).toContain('/node_modules/dependency/index.js')
  })

  it('bundles what runs: the task works in a plain process', async () => {
    const { url } = await bundleWorkload(join(await project('working'), 'mine.ts'))
    expect(await withBundle(url, 'console.log(bundle.task({ from: 3 }), bundle.default.name)')).toBe(
      '1.5 mine\n',
    )
  })

  it('uses a private folder, gone with the process, where there is no node_modules', async () => {
    const script = `
      import { stat } from 'node:fs/promises'
      import { fileURLToPath } from 'node:url'
      import { bundleWorkload } from ${JSON.stringify(new URL('../../dist/workloads/bundle.js', import.meta.url).href)}
      const { url } = await bundleWorkload(${JSON.stringify(join(folder, 'lonely.ts'))})
      const module = await import(url)
      const { mode } = await stat(fileURLToPath(new URL('.', url)))
      console.log(JSON.stringify({ url, mode: mode & 0o777, here: module.here }))`
    await writeFile(join(folder, 'lonely.ts'), 'export const here = import.meta.url\n')
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script])
    const { url, mode, here } = JSON.parse(stdout) as { url: string; mode: number; here: string }
    expect(mode).toBe(0o700)
    expect(here).toBe(pathToFileURL(join(folder, 'lonely.ts')).href)
    await expect(stat(new URL('.', url))).rejects.toThrow('ENOENT')
  })

  it.skipIf(process.getuid?.() === 0)(
    'uses the private folder beside packages it may not write to',
    async () => {
      const root = await project('read-only')
      await chmod(join(root, 'node_modules'), 0o500)
      const { url } = await bundleWorkload(join(root, 'mine.ts'))
      expect(url).not.toContain('node_modules')
    },
  )

  it('says file, line and column of a syntax error and of an import that is not there', async () => {
    await writeFile(join(folder, 'broken.ts'), 'export const fine = 1\nexport const = 2\n')
    await writeFile(join(folder, 'lost.ts'), `\nimport { x } from './nowhere.js'\nexport default x\n`)
    expect(await mistake(join(folder, 'broken.ts'))).toMatch(/broken\.ts:2:14: Expected identifier/u)
    expect(await mistake(join(folder, 'lost.ts'))).toMatch(
      /lost\.ts:2:\d+: Could not resolve "\.\/nowhere\.js"/u,
    )
  })
})
